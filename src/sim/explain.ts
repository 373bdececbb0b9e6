/** Runs a window that differs once more, with every value, and says what differs first and where it comes from. */

import { rename } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { readSourceMap, type ToolEnvironment } from '../flow/index.ts';
import { makeFolder, withWorkFolder } from '../store/index.ts';
import type { CoreFiles } from './core-files.ts';
import { buildHarness } from './harness-build.ts';
import { dumpHarness, type HarnessRun } from './harness-run.ts';
import { type CycleReference, type SignalShape, type SignalWork, signalValue, signalWords, wordsOf } from './model.ts';
import { StimulusDriver } from './stimulus.ts';

/** A signal whose values differ. */
export interface Difference {
  readonly signal: string;
  /** The lowest bit that differs. */
  readonly bit: number;
  /** Decimal where signed or narrow, hexadecimal above 16 bits. */
  readonly rtl: string;
  readonly golden: string;
}

/** The first difference, and what it belongs to. */
export interface Mismatch extends Difference, SignalWork {
  /** Clock cycles after reset. */
  readonly cycle: number;
  /** Where the register is declared: `conv1_lane.v:12`. */
  readonly verilog?: string;
  /** Where it comes from: `src/core/readout/scores.ts:41`. */
  readonly typescript?: string;
  /** Where the mismatch first reaches work on an image, when it begins outside (a weight read ahead, a pixel on its way). */
  readonly effect?: { readonly cycle: number; readonly signal: string };
  /** Other signals that differ in the same cycle. */
  readonly others: readonly Difference[];
  /** Values that differ in the window. */
  readonly count: number;
  /** FST trace around the cycle, relative to the core's folder. */
  readonly trace?: string;
}

export interface ExplainRun extends Omit<HarnessRun, 'harness'> {
  readonly model: CycleReference;
  /** Cycles of the window, both inclusive. */
  readonly range: { readonly from: number; readonly to: number };
  readonly trace: boolean;
}

/** Cycles that the trace shows before and after the mismatch. */
const traceBefore = 200;
const traceAfter = 50;
/** How far the effect of a mismatch is looked for, in cycles and in words of memory. */
const effectCycles = 16384;
const effectWords = 2 ** 24;

export async function explainMismatch(run: ExplainRun, environment: ToolEnvironment): Promise<Mismatch> {
  const { core, model, range, signal } = run;
  const cancel = signal ? { signal } : {};
  const harness = await buildHarness(core, { sampled: true, trace: false, ...cancel }, environment);
  const look = async (to: number) => {
    const rtl = await dumpHarness({ ...run, harness }, model.signals, { from: range.from, to });
    return compare({ ...run, range: { from: range.from, to } }, rtl);
  };
  const found = await look(range.to);
  if (!found)
    throw new Error(`the windows of cycles ${range.from}..${range.to} differ, but no value in them does (stimulus?)`);
  const furthest = range.from + Math.min(effectCycles, Math.floor(effectWords / wordsOf(model.signals)));
  const effect = found.effect ?? (furthest > range.to ? (await look(furthest))?.effect : undefined);
  const register = core.registers.find(({ path }) => path === found.first.signal);
  const declared =
    register &&
    readSourceMap(core.directory).find(({ file, line }) => file === register.file && line === register.line);
  const typescript = declared?.origin;
  const trace = run.trace ? await writeTrace(run, found.cycle, environment) : undefined;
  return {
    cycle: found.cycle,
    ...found.first,
    ...(effect?.work ?? found.work),
    ...(effect && effect.cycle > found.cycle ? { effect: { cycle: effect.cycle, signal: effect.signal } } : {}),
    ...(register ? { verilog: `${register.file}:${register.line}` } : {}),
    ...(typescript ? { typescript } : {}),
    others: found.others,
    count: found.count,
    ...(trace ? { trace } : {}),
  };
}

interface Found {
  readonly cycle: number;
  readonly first: Difference;
  readonly others: Difference[];
  readonly work: SignalWork | undefined;
  effect?: { readonly cycle: number; readonly signal: string; readonly work: SignalWork };
  count: number;
}

/** Runs the model from reset through the range against the words of the Verilog. */
function compare({ model, stimulus, maxTimeSteps, range }: ExplainRun, rtl: Uint32Array): Found | undefined {
  const driver = new StimulusDriver(stimulus, maxTimeSteps);
  const words = new Uint32Array(wordsOf(model.signals));
  let found: Found | undefined;
  model.reset();
  for (; driver.cycle <= range.to; model.clock()) {
    const { cycle } = driver;
    const outputs = model.outputs(driver.drive());
    if (cycle >= range.from) {
      model.sample(words);
      const base = (cycle - range.from) * words.length;
      const differences = differing(model.signals, words, rtl, base);
      const [first, ...others] = differences;
      if (found) found.count += differences.length;
      else if (first) {
        const work = model.work?.(first.signal, first.bit);
        found = { cycle, first, others, work, count: differences.length };
      }
      if (found && !found.effect) {
        const effect = firstAtWork(model, differences);
        if (effect) found.effect = { cycle, ...effect };
      }
    }
    driver.observe(outputs);
  }
  return found;
}

/** The first of the signals that works on a time step of an image. */
function firstAtWork(model: CycleReference, differences: readonly Difference[]) {
  for (const { signal, bit } of differences) {
    const work = model.work?.(signal, bit);
    if (work?.timeStep !== undefined) return { signal, work };
  }
  return undefined;
}

function differing(signals: readonly SignalShape[], golden: Uint32Array, rtl: Uint32Array, base: number): Difference[] {
  const differences: Difference[] = [];
  let offset = 0;
  for (const signal of signals) {
    const end = offset + signalWords(signal);
    let equal = true;
    for (let i = offset; i < end; i++) equal &&= golden[i] === rtl[base + i];
    if (!equal) {
      const theirs = signalValue(signal, rtl, base + offset);
      const ours = signalValue(signal, golden, offset);
      differences.push({
        signal: signal.path,
        bit: lowestBit(theirs ^ ours),
        rtl: formatValue(signal, theirs),
        golden: formatValue(signal, ours),
      });
    }
    offset = end;
  }
  return differences;
}

function lowestBit(value: bigint): number {
  let bit = 0;
  while (((value >> BigInt(bit)) & 1n) === 0n) bit++;
  return bit;
}

export function formatValue(signal: SignalShape, value: bigint): string {
  return signal.signed || signal.width <= 16 ? value.toString() : `0x${value.toString(16)}`;
}

async function writeTrace(run: ExplainRun, cycle: number, environment: ToolEnvironment): Promise<string> {
  const { core, model, signal } = run;
  const cancel = signal ? { signal } : {};
  const harness = await buildHarness(core, { sampled: true, trace: true, ...cancel }, environment);
  const folder = join(core.buildDirectory, 'mismatch');
  makeFolder(folder);
  const name = `cycle-${cycle}.fst`;
  const from = Math.max(0, cycle - traceBefore);
  const to = cycle + traceAfter;
  // Another run may find the same cycle at the same time: each trace is one of them, whole.
  await withWorkFolder(folder, async (work) => {
    const path = join(work, name);
    await dumpHarness({ ...run, harness }, model.signals, { from: to, to, trace: { from, path } });
    await rename(path, join(folder, name));
  });
  return relative(core.directory, join(folder, name));
}

/** The message for people. */
export function mismatchText(mismatch: Mismatch, core: Pick<CoreFiles, 'top'>): string {
  const { cycle, signal, layer, neuron, timeStep, image, others } = mismatch;
  const working = [
    layer && `layer ${layer}`,
    neuron && `neuron ${neuron}`,
    timeStep && `time step ${timeStep}`,
    image !== undefined && `image ${image}`,
  ].filter((part) => part);
  const lines = [
    `MISMATCH in cycle ${cycle}: ${core.top}.${signal} is ${mismatch.rtl} in the Verilog, ${mismatch.golden} in the golden model`,
  ];
  if (working.length > 0) lines.push(`  at work:    ${working.join(', ')}`);
  if (mismatch.effect) lines.push(`  first used: cycle ${mismatch.effect.cycle}, ${mismatch.effect.signal}`);
  if (mismatch.typescript) lines.push(`  described:  ${mismatch.typescript}`);
  if (mismatch.verilog) lines.push(`  verilog:    ${mismatch.verilog}`);
  if (others.length > 0) {
    const shown = others.slice(0, 5).map((other) => `${other.signal} (${other.rtl}, not ${other.golden})`);
    const more = others.length > 5 ? ` and ${others.length - 5} more` : '';
    lines.push(`  with it:    ${shown.join(', ')}${more}`);
  }
  if (mismatch.trace) lines.push(`  trace:      ${mismatch.trace}`);
  return lines.join('\n');
}
