/** A module of a person's own in the interpreter: values of its signals, clock by clock, as numbers, drawing or VCD. */
import { badInput } from '../../errors/index.ts';
import { type Design, interpret, recordWaves } from '../../hdl/index.ts';

/** An input's value from a clock cycle on, until the next one for it. */
export interface Stimulus {
  readonly port: string;
  /** A number, decimal or `0x..`, or a state of an enumeration. */
  readonly value: string;
  /** From 0, the first cycle after reset. */
  readonly from: number;
}

/** How long a module runs in the interpreter after its reset, with which inputs; those that nothing is said of are 0. */
export interface ModuleRun {
  /** Clock cycles after reset. */
  readonly clocks: number;
  readonly stimuli: readonly Stimulus[];
  /** Paths of signals, `lane_0.sum`; the ports of the module when absent. */
  readonly signals?: readonly string[] | undefined;
}

/** A port or register over time. */
export interface SignalTrace {
  readonly path: string;
  readonly width: number;
  readonly signed: boolean;
  /** A value each clock cycle, before the edge that ends it; decimal, or the state's name. */
  readonly values: readonly string[];
}

/** What a run gave: values of every clock cycle, as numbers and drawn. */
export interface ModuleTrace {
  readonly clocks: number;
  readonly signals: readonly SignalTrace[];
  /** The waveform as text, a line a signal. */
  readonly drawing: string;
}

/** @throws badInput for a port or signal that the module lacks, or a value that does not fit */
export function runModule(design: Design, { clocks, stimuli, signals }: ModuleRun): ModuleTrace {
  const ports = design.ports().filter(({ role }) => role === 'data');
  const inputs = new Set(ports.filter(({ direction }) => direction === 'input').map(({ name }) => name));
  for (const { port } of stimuli) {
    if (!inputs.has(port))
      throw badInput('the module has no such input', { found: port, expected: [...inputs].join(', ') || 'none' });
  }
  const simulation = interpret(design);
  simulation.reset();
  const paths = signals ?? ports.map(({ name }) => name);
  const traced = paths.map((path) => ({ path, ...describe(path), values: [] as string[] }));
  const waves = recordWaves(simulation, [...paths]);
  for (let cycle = 0; cycle < clocks; cycle += 1) {
    for (const { port, value, from } of stimuli) if (from === cycle) simulation.poke(port, literal(value));
    for (const { path, states, values } of traced)
      values.push(states === undefined ? simulation.peek(path).toString() : simulation.peekState(path));
    simulation.step();
  }
  waves.stop();
  return {
    clocks,
    signals: traced.map(({ path, width, kind, values }) => ({ path, width, signed: kind === 'sint', values })),
    drawing: waves.text(),
  };

  function describe(path: string) {
    try {
      return simulation.describe(path);
    } catch (cause) {
      throw badInput(
        'the module has no such signal',
        {
          found: path,
          help: `ports: ${ports.map(({ name }) => name).join(', ')}; registers: ${design
            .registers()
            .map((one) => one.path)
            .join(', ')}`,
        },
        cause,
      );
    }
  }
}

const literal = (text: string) => (/^-?\d+$|^0[xb][\da-f]+$/i.test(text) ? BigInt(text) : text);

/** A trace as a value change dump (IEEE 1364), a clock cycle in 10 time units, for GTKWave and its kind. */
export function vcdOf(top: string, { clocks, signals }: ModuleTrace): string {
  const code = (index: number) => {
    let text = '';
    for (let rest = index; ; rest = Math.floor(rest / 94) - 1) {
      text = String.fromCharCode(33 + (rest % 94)) + text;
      if (rest < 94) return text;
    }
  };
  const numbered = signals.map((signal) => numericOf(signal));
  const lines = [
    '$version spinfire $end',
    '$timescale 1ns $end',
    `$scope module ${top} $end`,
    `$var wire 1 ${code(0)} clk $end`,
    ...signals.map(({ path, width }, index) => `$var wire ${width} ${code(index + 1)} ${path} $end`),
    '$upscope $end',
    '$enddefinitions $end',
  ];
  for (let cycle = 0; cycle < clocks; cycle += 1) {
    lines.push(`#${10 * cycle}`, `0${code(0)}`);
    for (const [index, { width }] of signals.entries()) {
      const value = numbered[index]![cycle]!;
      if (cycle > 0 && numbered[index]![cycle - 1] === value) continue;
      const bits = BigInt.asUintN(width, value).toString(2);
      lines.push(width === 1 ? `${bits}${code(index + 1)}` : `b${bits} ${code(index + 1)}`);
    }
    lines.push(`#${10 * cycle + 5}`, `1${code(0)}`);
  }
  return `${[...lines, `#${10 * clocks}`].join('\n')}\n`;
}

/** States of an enumeration by the order in which they come up: a dump knows numbers only. */
function numericOf({ values }: SignalTrace): bigint[] {
  const states = new Map<string, bigint>();
  return values.map((value) => {
    if (/^-?\d+$/.test(value)) return BigInt(value);
    const known = states.get(value) ?? BigInt(states.size);
    states.set(value, known);
    return known;
  });
}
