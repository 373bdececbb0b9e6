/** Names that people know for cells that yosys numbered: a register is called by the signal that it drives. */

interface NetlistModule {
  /** Module or cell type, by instance. */
  readonly types: Map<string, string>;
  /** Net at an output, by instance. */
  readonly outputs: Map<string, string>;
}

/** Pins that cells of common libraries drive, the registers' first. */
const outputPins = ['Q', 'QN', 'Y', 'Z', 'ZN', 'X', 'O', 'YS', 'YC', 'CO', 'S'];

/** Reads a netlist as yosys writes it (`write_verilog -noattr`). */
function readModules(text: string): Map<string, NetlistModule> {
  const modules = new Map<string, NetlistModule>();
  let module: NetlistModule = { types: new Map(), outputs: new Map() };
  let instance = '';
  let best = outputPins.length;
  for (const line of text.split('\n')) {
    const pin = /^ {4}\.(\w+)\((.*)\),?$/.exec(line);
    if (pin !== null) {
      const rank = outputPins.indexOf(pin[1] ?? '');
      if (rank < 0 || rank >= best) continue;
      best = rank;
      module.outputs.set(instance, plain(pin[2] ?? ''));
      continue;
    }
    const start = /^ {2}(\S+) (\S+) +\($|^ {2}(\S+) (\S+) \($/.exec(line);
    if (start !== null) {
      instance = plain(start[2] ?? start[4] ?? '');
      best = outputPins.length;
      module.types.set(instance, plain(start[1] ?? start[3] ?? ''));
      continue;
    }
    const name = /^module (\S+?) ?\(/.exec(line)?.[1];
    if (name !== undefined) {
      module = { types: new Map(), outputs: new Map() };
      modules.set(plain(name), module);
    }
  }
  return modules;
}

/** @returns `layer/lane_0/_123_` (or with a pin after it) as `layer.lane_0.count[3]`, if that cell drives a signal with a name */
export function cellNames(netlist: string, top: string): (path: string) => string {
  const modules = readModules(netlist);
  return (path) => {
    const steps = path.split('/');
    const known: string[] = [];
    let module = modules.get(top);
    for (const step of steps) {
      const type = module?.types.get(step);
      const inner = type === undefined ? undefined : modules.get(type);
      if (inner !== undefined) {
        known.push(step);
        module = inner;
        continue;
      }
      const signal = module?.outputs.get(step);
      const named = signal !== undefined && !/^_\d+_/.test(signal) ? signal : step;
      return [...known, named].join('.');
    }
    return known.join('.');
  };
}

/** Without the marks of an escaped name. */
function plain(name: string): string {
  return name.trim().replace(/^\\(\S+) ?/, '$1');
}
