/** Runs a built simulator as a child process and reads what it says, line by line. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { checkFailed } from '../errors/index.ts';
import { guardGroup, withTemporaryFolder } from '../store/index.ts';
import { busText } from './bus.ts';
import type { CoreFiles } from './core-files.ts';
import type { Harness } from './harness-build.ts';
import type { HashedWindow } from './hash.ts';
import { type SignalShape, wordsOf } from './model.ts';
import type { ImageResult, Stimulus } from './stimulus.ts';

export interface RunListener {
  readonly onWindow?: (window: HashedWindow) => void;
  readonly onResult?: (result: ImageResult) => void;
  /** Answers of the bus script's reads, in its order. */
  readonly onRead?: (data: number) => void;
}

export interface RunEnd {
  readonly cycles: number;
  /** Of simulation alone. */
  readonly seconds: number;
}

export interface HarnessRun {
  readonly core: CoreFiles;
  readonly harness: Harness;
  readonly stimulus: Stimulus;
  readonly maxTimeSteps: number;
  /** More `key=value` words for the simulator. */
  readonly words?: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/** Without a signal list nothing is sampled. Resolves at the end, throws checkFailed when the simulator fails. */
export async function runHarness(
  run: HarnessRun,
  sampled: { readonly signals: readonly SignalShape[]; readonly window: number } | undefined,
  listener: RunListener,
): Promise<RunEnd> {
  return withInputs(run, sampled?.signals ?? [], async (args) => {
    // A word that is given twice has its last value.
    const mode = sampled ? ['mode=hash', `window=${sampled.window}`] : ['mode=free', 'unset=1'];
    let end: RunEnd | undefined;
    await spawn(run, [...mode, ...args], (line) => {
      const [kind, ...fields] = line.split(' ');
      if (kind === 'W') listener.onWindow?.({ endCycle: Number(fields[0]), digest: fields[1]! });
      else if (kind === 'R') listener.onResult?.(parseResult(fields.map(Number)));
      else if (kind === 'B') listener.onRead?.(Number(fields[1]));
      else if (kind === 'E') end = { cycles: Number(fields[0]), seconds: Number(fields[1]) };
    });
    if (!end) throw checkFailed('the simulator stopped before its end', { where: run.harness.executable });
    return end;
  });
}

export interface DumpRange {
  readonly from: number;
  /** Inclusive. */
  readonly to: number;
  readonly trace?: { readonly from: number; readonly path: string };
}

/** Runs from reset to `to` and returns the words of all signals of cycles from..to, cycle after cycle. */
export async function dumpHarness(
  run: HarnessRun,
  signals: readonly SignalShape[],
  range: DumpRange,
): Promise<Uint32Array> {
  return withInputs(run, signals, async (args, folder) => {
    const file = join(folder, 'dump.bin');
    const trace = range.trace ? [`trace=${range.trace.path}`, `traceFrom=${range.trace.from}`] : [];
    const own = ['mode=dump', `from=${range.from}`, `to=${range.to}`, `dump=${file}`, ...trace];
    await spawn(run, [...own, ...args], () => undefined);
    const bytes = await readFile(file);
    const words = new Uint32Array(bytes.length / 4);
    words.forEach((_, i) => {
      words[i] = bytes.readUInt32LE(i * 4);
    });
    const expected = (range.to - range.from + 1) * wordsOf(signals);
    if (words.length !== expected)
      throw checkFailed('the simulator wrote too few cycles', {
        found: `${words.length} words`,
        expected: String(expected),
      });
    return words;
  });
}

export function signalList(signals: readonly SignalShape[]): string {
  return signals.map(({ path }) => `${path}\n`).join('');
}

async function withInputs<T>(
  { stimulus, maxTimeSteps, words = [] }: HarnessRun,
  signals: readonly SignalShape[],
  use: (args: string[], folder: string) => Promise<T>,
): Promise<T> {
  return withTemporaryFolder(async (folder) => {
    const pixels = join(folder, 'pixels.bin');
    const list = join(folder, 'signals.txt');
    await writeFile(pixels, stimulus.pixels);
    await writeFile(list, signalList(signals));
    const script = join(folder, 'bus.txt');
    if (stimulus.bus) await writeFile(script, busText(stimulus.bus));
    const steps = typeof stimulus.timeSteps === 'number' ? [stimulus.timeSteps] : stimulus.timeSteps;
    const args = [
      ...[
        `pixels=${pixels}`,
        `signals=${list}`,
        `imageSize=${stimulus.imageSize}`,
        `pixelLanes=${stimulus.pixelLanes ?? 1}`,
        `timeSteps=${steps.join(',')}`,
      ],
      ...[`maxTimeSteps=${maxTimeSteps}`, `stall=${stimulus.stall ?? 0}`],
      ...(stimulus.alone ? ['alone=1'] : []),
      ...(stimulus.fill === undefined ? [] : [`fill=${stimulus.fill}`]),
      ...(stimulus.meet ? ['meet=1'] : []),
      ...(stimulus.exitMargin === undefined ? [] : [`exitMargin=${stimulus.exitMargin}`]),
      ...(stimulus.bus ? [`bus=${script}`] : []),
      ...(stimulus.wrongLast?.length ? [`wrongLast=${stimulus.wrongLast.join(',')}`] : []),
      ...(stimulus.bad?.length ? [`bad=${stimulus.bad.join(',')}`] : []),
      ...(stimulus.before?.length ? [`before=${stimulus.before.join(',')}`] : []),
      ...(stimulus.skip ? [`skipImages=${stimulus.skip.images}`, `skipClocks=${stimulus.skip.clocks}`] : []),
      ...words,
    ];
    return await use(args, folder);
  });
}

async function spawn(run: HarnessRun, args: readonly string[], onLine: (line: string) => void): Promise<void> {
  // A process that cannot be started (its folder is gone) and is ended at once has the number 0 in Node: the signal would go to all of ours.
  run.signal?.throwIfAborted();
  const child = execa(run.harness.executable, args, {
    cwd: run.core.directory,
    stdin: 'ignore',
    detached: true,
    buffer: { stdout: false, stderr: true },
    reject: false,
    ...(run.signal ? { cancelSignal: run.signal } : {}),
  });
  const release = guardGroup(child.pid);
  const lines = createInterface({ input: child.stdout });
  let said: string | undefined;
  lines.on('line', (line) => {
    // The Verilog's own word about a memory file (src/hdl/verilog/memory-file.ts), and Verilator's before it gives up.
    if (/^(?:ERROR|%Error): /.test(line)) said ??= line.slice(line.indexOf(' ') + 1);
    onLine(line);
  });
  const read = new Promise<void>((resolve) => lines.once('close', resolve));
  const [result] = await Promise.all([child, read]);
  release();
  if (result.isCanceled) throw run.signal?.reason ?? new Error('cancelled');
  if (said !== undefined)
    throw checkFailed('the simulation ended itself', {
      where: run.core.directory,
      found: said,
      help: 'build the core again',
    });
  if (result.failed)
    throw checkFailed('the simulator failed', {
      where: run.core.directory,
      found: result.stderr.split('\n')[0] || result.shortMessage?.split('\n')[0] || `exit code ${result.exitCode}`,
    });
}

function parseResult(fields: readonly number[]): ImageResult {
  const [image, firstPixelCycle, lastPixelCycle, resultCycle, winner, ...scores] = fields as [
    number,
    number,
    number,
    number,
    number,
    ...number[],
  ];
  return {
    image,
    class: winner & 0xffff,
    stepsUsed: (winner >>> 16) & 0x7fff,
    abstains: winner < 0,
    scores,
    firstPixelCycle,
    lastPixelCycle,
    resultCycle,
  };
}
