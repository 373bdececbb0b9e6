/**
 * One core, several ways to run it: golden model, interpreter of the hardware description, Verilator. Three opinions: the pair that
 * disagrees tells a fault of the core from one of the emitted Verilog. For small cores and tests; long runs use runLockstep.
 */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { ToolEnvironment } from '../flow/index.ts';
import { beatWords } from './beats.ts';
import type { CoreFiles } from './core-files.ts';
import { buildHarness } from './harness-build.ts';
import { signalList } from './harness-run.ts';
import { type CycleReference, type SignalShape, signalValue, signalWords, wordsOf } from './model.ts';
import { matchWidths } from './signals.ts';
import { type CycleInputs, type CycleOutputs, type Stimulus, StimulusDriver } from './stimulus.ts';

/** A core that can be run clock by clock, whoever computes it. */
export interface CycleDut {
  /** Who is talking, for messages: `golden`, `interpreter`, `verilator`. */
  readonly name: string;
  readonly signals: readonly SignalShape[];
  /** Back to the state after a reset of at least two clocks. */
  reset(): void | Promise<void>;
  /** One clock cycle with these inputs; the outputs are those just before the edge that ends it. */
  step(inputs: CycleInputs): CycleOutputs | Promise<CycleOutputs>;
  /** A signal's value in the cycle that `step` did last, just before its edge. Throws RangeError when there is no such signal. */
  peek(path: string): bigint;
  /** Whether a signal hangs on what a memory gives that is read while it is written; such a one is compared at the outputs only. */
  isUnknown?(path: string): boolean;
  /** Ends what stands behind it, such as a simulator. */
  close?(): Promise<void>;
}

/** Values of all signals in one cycle, as words. */
class Sampled {
  readonly words: Uint32Array<ArrayBuffer>;
  private readonly offsets = new Map<string, { signal: SignalShape; offset: number }>();

  constructor(signals: readonly SignalShape[]) {
    this.words = new Uint32Array(wordsOf(signals));
    let offset = 0;
    for (const signal of signals) {
      this.offsets.set(signal.path, { signal, offset });
      offset += signalWords(signal);
    }
  }

  peek(path: string): bigint {
    const found = this.offsets.get(path);
    if (!found) throw new RangeError(`no signal ${path}`);
    return signalValue(found.signal, this.words, found.offset);
  }

  outputs(): CycleOutputs {
    return {
      sAxisTready: this.peek('s_axis_tready') === 1n,
      mAxisTvalid: this.peek('m_axis_tvalid') === 1n,
      mAxisTdata: Number(BigInt.asIntN(32, this.peek('m_axis_tdata'))),
      mAxisTlast: this.peek('m_axis_tlast') === 1n,
      ...(this.offsets.has('image_dropped') ? { imageDropped: this.peek('image_dropped') === 1n } : {}),
      ...busOutputs(this.offsets.has('wb_ack'), (path) => this.peek(path)),
    };
  }
}

function busOutputs(hasBus: boolean, peek: (path: string) => bigint) {
  return hasBus ? { busAck: peek('wb_ack') === 1n, busData: Number(peek('wb_dat_r')) } : {};
}

/** The golden model as one that is compared. */
export function modelDut(model: CycleReference, name = 'golden'): CycleDut {
  const sampled = new Sampled(model.signals);
  return {
    name,
    signals: model.signals,
    reset: () => model.reset(),
    step(inputs) {
      const outputs = { ...model.outputs(inputs) };
      model.sample(sampled.words);
      model.clock();
      return outputs;
    },
    peek: (path) => sampled.peek(path),
  };
}

/** What the interpreter of the hardware description offers (`interpret` of src/hdl). */
export interface InterpretedCore {
  reset(): void;
  poke(port: string, value: number | bigint): void;
  peek(path: string): number | bigint;
  step(cycles?: number): void;
}

/**
 * @param other the same core with other words in collisions (`interpret(design, { collisions: 'old' })`): what the two disagree about is
 *   unknown
 * @throws RangeError when a signal is asked for that the design has not
 */
export function interpreterDut(
  core: InterpretedCore,
  signals: readonly SignalShape[],
  other?: InterpretedCore,
): CycleDut {
  const values = new Map<string, bigint>();
  const unknown = new Set<string>();
  const cores = other === undefined ? [core] : [core, other];
  const exits = signals.some(({ path }) => path === 'readout.decision_decided');
  const marginBits = exits ? signals.find(({ path }) => path === 'readout.second')?.width : undefined;
  const hasBus = signals.some(({ path }) => path === 'wb_ack');
  const drops = signals.some(({ path }) => path === 'image_dropped');
  const peek = (path: string): bigint => {
    const value = values.get(path);
    if (value === undefined) throw new RangeError(`no signal ${path}`);
    return value;
  };
  return {
    name: 'interpreter',
    signals,
    reset: () => {
      for (const each of cores) each.reset();
    },
    step(inputs) {
      for (const each of cores) drive(each, inputs, { marginBits, hasBus, drops });
      for (const { path, width, signed } of signals) {
        const value = BigInt(core.peek(path));
        if (other !== undefined && BigInt(other.peek(path)) !== value) unknown.add(path);
        else unknown.delete(path);
        values.set(path, signed ? BigInt.asIntN(width, value) : BigInt.asUintN(width, value));
      }
      const outputs = {
        sAxisTready: peek('s_axis_tready') === 1n,
        mAxisTvalid: peek('m_axis_tvalid') === 1n,
        mAxisTdata: Number(BigInt.asIntN(32, peek('m_axis_tdata'))),
        mAxisTlast: peek('m_axis_tlast') === 1n,
        ...(drops ? { imageDropped: peek('image_dropped') === 1n } : {}),
        ...busOutputs(hasBus, peek),
      };
      for (const each of cores) each.step();
      return outputs;
    },
    peek,
    isUnknown: (path) => unknown.has(path),
  };
}

interface Features {
  readonly marginBits: number | undefined;
  readonly hasBus: boolean;
  readonly drops: boolean;
}

function drive(core: InterpretedCore, inputs: CycleInputs, { marginBits, hasBus, drops }: Features): void {
  core.poke('time_steps', inputs.timeSteps);
  core.poke('s_axis_tdata', inputs.sAxisTdata);
  core.poke('s_axis_tvalid', Number(inputs.sAxisTvalid));
  core.poke('s_axis_tlast', Number(inputs.sAxisTlast));
  core.poke('m_axis_tready', Number(inputs.mAxisTready));
  if (drops) {
    core.poke('s_axis_tuser', Number(inputs.sAxisTuser ?? false));
    core.poke('skip_image', Number(inputs.skipImage ?? false));
  }
  if (marginBits !== undefined) core.poke('exit_margin', inputs.exitMargin ?? 2 ** marginBits - 1);
  if (hasBus) pokeBus(core, inputs.bus);
}

/** Outputs are compared whatever they hang on: no answer may depend on a collision. */
function isPort(path: string): boolean {
  return !path.includes('.');
}

function pokeBus(core: InterpretedCore, bus: CycleInputs['bus']): void {
  core.poke('wb_cyc', Number(bus?.cycle ?? false));
  core.poke('wb_stb', Number(bus?.strobe ?? false));
  core.poke('wb_we', Number(bus?.write ?? false));
  core.poke('wb_adr', bus?.address ?? 0);
  core.poke('wb_dat_w', bus?.data ?? 0);
}

/** The Verilog in a child process that is asked once a cycle (about 20,000 cycles/s); `close` ends it. */
export async function verilatorDut(
  core: CoreFiles,
  signals: readonly SignalShape[],
  environment: ToolEnvironment,
  pixelLanes = 1,
): Promise<CycleDut & { close(): Promise<void> }> {
  const harness = await buildHarness(core, { sampled: true, trace: false }, environment);
  matchWidths(signals, harness.widths);
  const folder = await mkdtemp(join(tmpdir(), 'spinfire-dut-'));
  const list = join(folder, 'signals.txt');
  await writeFile(list, signalList(signals));
  const sampled = new Sampled(signals);
  const bytes = Buffer.from(sampled.words.buffer);
  const child = execa(harness.executable, ['mode=ask', `signals=${list}`], {
    cwd: core.directory,
    encoding: 'buffer',
    buffer: false,
    reject: false,
  });
  let filled = 0;
  let answered: ((error?: Error) => void) | undefined;
  child.stdout.on('data', (chunk: Buffer) => {
    filled += chunk.copy(bytes, filled);
    if (filled === bytes.length) answered?.();
  });
  child.once('exit', () => answered?.(new Error('the simulator ended')));
  const dataWords = Math.ceil(pixelLanes / 4);
  const send = (...words: number[]) => child.stdin.write(Buffer.from(Uint32Array.from(words).buffer));
  return {
    name: 'verilator',
    signals,
    reset: () => void send(0xffffffff, 0, 0, 0, 0, 0, 0, 0, ...beatWords(0, dataWords)),
    async step(inputs) {
      filled = 0;
      const answer = new Promise<void>((resolve, reject) => {
        answered = (error) => (error ? reject(error) : resolve());
      });
      const { timeSteps, sAxisTdata, sAxisTvalid, sAxisTlast, mAxisTready, exitMargin = 0xffffffff, bus } = inputs;
      const last = Number(sAxisTlast) + 2 * Number(inputs.sAxisTuser ?? false) + 4 * Number(inputs.skipImage ?? false);
      const flags = [Number(sAxisTvalid), last, Number(mAxisTready)];
      send(timeSteps, ...flags, exitMargin, ...busWords(bus), ...beatWords(sAxisTdata, dataWords));
      await answer;
      return sampled.outputs();
    },
    peek: (path) => sampled.peek(path),
    async close() {
      child.stdin.end();
      await child;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface DutDifference {
  readonly cycle: number;
  readonly signal: string;
  /** Value by the name of the core. */
  readonly values: Readonly<Record<string, bigint>>;
}

export interface DutRun {
  readonly cycles: number;
  readonly difference?: DutDifference;
}

/** Runs all cores side by side, each signal of the first compared with the others' on every clock, up to the first difference. */
export async function compareDuts(
  duts: readonly CycleDut[],
  stimulus: Stimulus,
  maxTimeSteps: number,
  maxCycles = Number.POSITIVE_INFINITY,
): Promise<DutRun> {
  const [first, ...others] = duts;
  if (!first) return { cycles: 0 };
  const driver = new StimulusDriver(stimulus, maxTimeSteps);
  for (const dut of duts) await dut.reset();
  while (!driver.done && driver.cycle < maxCycles) {
    const inputs = driver.drive();
    const outputs = await first.step(inputs);
    for (const other of others) await other.step(inputs);
    for (const { path } of first.signals) {
      const value = first.peek(path);
      if (!isPort(path) && duts.some((dut) => dut.isUnknown?.(path))) continue;
      if (others.some((other) => other.peek(path) !== value)) {
        const values = Object.fromEntries(duts.map((dut) => [dut.name, dut.peek(path)]));
        return { cycles: driver.cycle, difference: { cycle: driver.cycle, signal: path, values } };
      }
    }
    driver.observe(outputs);
  }
  return { cycles: driver.cycle };
}

/** Access and write flags, address, data. */
function busWords(bus: CycleInputs['bus']): [number, number, number] {
  if (!bus) return [0, 0, 0];
  return [Number(bus.cycle && bus.strobe) + 2 * Number(bus.write), bus.address, bus.data];
}
