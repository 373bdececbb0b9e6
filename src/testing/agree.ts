/** A module of one's own against a plain model of it, clock by clock; and its Verilog against both. */
import { badInput, checkFailed } from '../errors/index.ts';
import { interpret, type PortInfo } from '../hdl/index.ts';
import { type Describable, designOf } from './bench.ts';
import { type ReplayedCycle, replay } from './replay.ts';

/** Values of ports by name; signed where the port is. Truth values are 0 and 1, states of an enumeration are their codes. */
export type PortValues = Readonly<Record<string, number>>;

/** What a module does, in plain TypeScript. A new one is in the state after reset. */
export interface Model {
  /**
   * One clock cycle.
   *
   * @param inputs of the module in this cycle
   * @returns its outputs in this cycle, before the clock edge that ends it; those that are left out are not compared
   */
  step(inputs: PortValues): Readonly<Record<string, number | boolean>>;
}

/** How long a module and its model are compared, and with what. */
export interface AgreeOptions {
  /** Clock cycles; 1000 when absent. */
  readonly cycles?: number;
  /** Of the random inputs; 1 when absent. It stands in the message when something differs. */
  readonly seed?: number;
  /** Inputs that are not to be random, for a clock cycle from 0 on. */
  readonly stimulus?: (cycle: number) => PortValues;
  /** `false`: the Verilog is not simulated, also where a simulator is installed. */
  readonly verilog?: boolean;
  /** Environment variables, where tools are looked for; those of the process when absent. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** How long and between whom every output was equal. */
export interface Agreement {
  /** Clock cycles that were compared. */
  readonly cycles: number;
  /** Who was compared: the model, the interpreter, and a Verilog simulator where there is one. */
  readonly opinions: readonly ('model' | 'interpreter' | 'verilator' | 'iverilog')[];
  /** Why the Verilog was not simulated. */
  readonly skipped?: string;
}

const usualCycles = 1000;

/**
 * Compares a module with a model of it on every clock cycle: the interpreter of the hardware description with the model, then, where
 * Verilator or Icarus is installed, the emitted Verilog with the interpreter.
 *
 * @param makeModel gives a model in the state after reset
 * @throws SpinfireError (checkFailed) that names the first cycle and port that differ, with all values and the seed
 */
export async function agree(what: Describable, makeModel: () => Model, options: AgreeOptions = {}): Promise<Agreement> {
  const { cycles = usualCycles, seed = 1, stimulus } = options;
  const design = designOf(what);
  const ports = design.ports().filter(({ role }) => role === 'data');
  const wide = ports.find(({ width }) => width > 53);
  if (wide)
    throw badInput('a port is too wide for a number', {
      where: wide.name,
      found: `${wide.width} bits`,
      help: 'drive it with bench()',
    });
  const simulation = interpret(design);
  simulation.reset();
  const model = makeModel();
  const inputs = ports.filter(({ direction }) => direction === 'input');
  const outputs = ports.filter(({ direction }) => direction === 'output');
  const random = randomValues(seed);
  const seen: ReplayedCycle[] = [];
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    const chosen = stimulus?.(cycle) ?? {};
    const given = Object.fromEntries(inputs.map((port) => [port.name, chosen[port.name] ?? random(port)]));
    for (const [name, value] of Object.entries(given)) simulation.poke(name, value);
    const values = Object.fromEntries(outputs.map(({ name }) => [name, Number(simulation.peek(name))]));
    compare(cycle, seed, given, values, model.step(given));
    seen.push({ inputs: given, outputs: values });
    simulation.step();
  }
  if (options.verilog === false) return { cycles, opinions: ['model', 'interpreter'], skipped: 'not wanted' };
  const { simulator, skipped } = await replay(design, ports, seen, seed, options.env ?? process.env);
  return {
    cycles,
    opinions: ['model', 'interpreter', ...(simulator === undefined ? [] : [simulator])],
    ...(skipped === undefined ? {} : { skipped }),
  };
}

function compare(
  cycle: number,
  seed: number,
  given: PortValues,
  hardware: PortValues,
  model: Readonly<Record<string, number | boolean>>,
): void {
  for (const [name, value] of Object.entries(model)) {
    const expected = Number(value);
    const found = hardware[name];
    if (found === expected) continue;
    if (found === undefined)
      throw badInput('the model names an output that the module lacks', {
        found: name,
        expected: Object.keys(hardware).join(', '),
      });
    throw checkFailed('the hardware differs from its model', {
      where: `clock cycle ${cycle}, ${name}`,
      found: `${found} by the hardware`,
      expected: `${expected} by the model`,
      help: `inputs: ${JSON.stringify(given)}, seed ${seed}`,
    });
  }
}

/** Any value of a port, its ends more often than the others. */
function randomValues(seed: number): (port: PortInfo) => number {
  // xorshift32; zero would stay zero.
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  const next = () => {
    state = (state ^ (state << 13)) >>> 0;
    state = (state ^ (state >>> 17)) >>> 0;
    state = (state ^ (state << 5)) >>> 0;
    return state;
  };
  return ({ width, signed, kind }) => {
    const [low, high] = signed ? [-(2 ** (width - 1)), 2 ** (width - 1) - 1] : [0, 2 ** width - 1];
    const choice = next() % 8;
    if (kind !== 'enum' && choice === 0) return low;
    if (kind !== 'enum' && choice === 1) return high;
    return low + Math.floor(((next() * 2 ** 21 + (next() >>> 11)) / 2 ** 53) * (high - low + 1));
  };
}
