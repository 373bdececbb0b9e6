/**
 * The Verilog in Verilator and the golden model on the same stimulus, every register and output port compared on every clock. Each side
 * hashes a window of cycles at a time, so both run at full speed side by side; only the first window that differs is run again
 * with every value.
 */
import { checkFailed } from '../errors/index.ts';
import type { ToolEnvironment } from '../flow/index.ts';
import type { CoreFiles } from './core-files.ts';
import { explainMismatch, type Mismatch } from './explain.ts';
import { buildHarness } from './harness-build.ts';
import { type HarnessRun, runHarness } from './harness-run.ts';
import { type HashedWindow, hashedWindows } from './hash.ts';
import { type CycleReference, onlySignals } from './model.ts';
import { handshakes, matchSignals, matchWidths } from './signals.ts';
import { type ImageResult, imageCount, type Stimulus, StimulusDriver, type StreamEvents } from './stimulus.ts';

/** Told after each window of cycles: which of the three stages, and how much of the stimulus is done. */
export interface LockstepProgress {
  readonly stage: 'build' | 'run' | 'replay';
  readonly imagesDone: number;
  readonly images: number;
  readonly cycles: number;
}

/** A core, the model it is compared with, and what is done to both. */
export interface LockstepRun {
  readonly core: CoreFiles;
  readonly model: CycleReference;
  readonly stimulus: Stimulus;
  readonly maxTimeSteps: number;
  /**
   * Seed of random bits in all that has no first value, 0 bits without. Then only handshakes and results are compared, which are all
   * that a reset promises: memories, and registers that read them, keep what they had.
   */
  readonly unset?: number;
  /** Cycles a window, 4096 unless told otherwise. */
  readonly window?: number;
  /** Plusargs of the Verilog. */
  readonly plusargs?: readonly string[];
  /** No FST trace when a mismatch is shown: saves building a second simulator. */
  readonly trace?: boolean;
  readonly onProgress?: ((progress: LockstepProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What lockstep compared, and the first mismatch. */
export interface LockstepResult {
  /** Clock cycles compared. */
  readonly cycles: number;
  /** Signals compared on each of them. */
  readonly signals: number;
  /** Images in the stimulus. */
  readonly images: number;
  /** Differing values (signal and cycle) in the first window with any; 0 when all is equal. */
  readonly mismatches: number;
  /** Both sides together, without building. */
  readonly cyclesPerSecond: number;
  /** One for each image that came out before any mismatch. */
  readonly results: readonly ImageResult[];
  /** What happened on the model's streams. */
  readonly events: StreamEvents;
  /** Classes of `results`. */
  readonly predictions: readonly number[];
  readonly mismatch?: Mismatch;
}

const defaultWindow = 4096;

/** Runs the Verilog and the model on the same stimulus and compares all signals on every clock. Throws only when it cannot run. */
export async function runLockstep(run: LockstepRun, environment: ToolEnvironment): Promise<LockstepResult> {
  const { core, stimulus } = run;
  const isDirty = run.unset !== undefined || (stimulus.before?.length ?? 0) > 0;
  const model = isDirty ? onlySignals(run.model, (path) => handshakes.has(path)) : run.model;
  const images = imageCount(stimulus);
  const window = run.window ?? defaultWindow;
  matchSignals(run.model.signals, core.registers);
  run.onProgress?.({ stage: 'build', imagesDone: 0, images, cycles: 0 });
  const cancel = run.signal ? { signal: run.signal } : {};
  const harness = await buildHarness(core, { sampled: true, trace: false, ...cancel }, environment);
  matchWidths(run.model.signals, harness.widths);

  const begin = performance.now();
  const words = [
    ...(run.unset === undefined ? [] : [`unset=${run.unset}`]),
    ...(run.plusargs ?? []).map((argument) => `+${argument}`),
  ];
  const harnessRun = { core, harness, stimulus, maxTimeSteps: run.maxTimeSteps, words };
  const driver = new StimulusDriver(stimulus, run.maxTimeSteps);
  const { windows, theirResults } = await runSideBySide(run, model, driver, { ...harnessRun, window });
  const isEqual = windows.areEqual;
  const { from, to } = windows.firstDifferent;
  const cycles = isEqual ? driver.cycle : from;
  const results = driver.results.filter(({ resultCycle }) => resultCycle < cycles);
  const base = {
    cycles,
    signals: model.signals.length,
    images,
    cyclesPerSecond: Math.round((driver.cycle / (performance.now() - begin)) * 1000),
    results,
    events: driver.events,
    predictions: results.map((result) => result.class),
  };
  if (isEqual) {
    if (isDirty) sameAnswers(run, driver.results, theirResults);
    return { ...base, mismatches: 0 };
  }

  run.onProgress?.({ stage: 'replay', imagesDone: results.length, images, cycles });
  const range = { from, to: Math.max((to ?? from + window) - 1, from) };
  const mismatch = await explainMismatch(
    { ...harnessRun, model, range, trace: run.trace ?? true, ...cancel },
    environment,
  );
  return { ...base, cycles: mismatch.cycle, mismatches: mismatch.count, mismatch };
}

/** Windows of both sides, and how many of them are equal. */
class Windows {
  readonly ours: HashedWindow[] = [];
  readonly theirs: HashedWindow[] = [];
  /** The Verilog has ended. */
  ended = false;
  #agreed = 0;

  /** A window differs, or the Verilog has ended before ours. */
  get differ(): boolean {
    const { ours, theirs } = this;
    for (; this.#agreed < Math.min(ours.length, theirs.length); this.#agreed++) {
      const a = ours[this.#agreed]!;
      const b = theirs[this.#agreed]!;
      if (a.endCycle !== b.endCycle || a.digest !== b.digest) return true;
    }
    return this.ended && ours.length > theirs.length;
  }

  get areEqual(): boolean {
    return !this.differ && this.ours.length === this.theirs.length;
  }

  /** The first cycle that is not known to be equal, and the cycle behind its window where we have it. */
  get firstDifferent(): { readonly from: number; readonly to: number | undefined } {
    return { from: this.ours[this.#agreed - 1]?.endCycle ?? 0, to: this.ours[this.#agreed]?.endCycle };
  }
}

/** Both sides at once, until they are done or a window differs. */
async function runSideBySide(
  run: LockstepRun,
  model: CycleReference,
  driver: StimulusDriver,
  { window, ...harnessRun }: Omit<HarnessRun, 'signal'> & { readonly window: number },
): Promise<{ readonly windows: Windows; readonly theirResults: readonly ImageResult[] }> {
  const stop = new AbortController();
  const windows = new Windows();
  const theirResults: ImageResult[] = [];
  const child = runHarness(
    { ...harnessRun, signal: AbortSignal.any([stop.signal, ...(run.signal ? [run.signal] : [])]) },
    { signals: model.signals, window },
    { onWindow: (hashed) => windows.theirs.push(hashed), onResult: (result) => theirResults.push(result) },
  ).finally(() => {
    windows.ended = true;
  });
  // Looked at again below; until then a failure must not count as unhandled.
  child.catch(() => undefined);
  const images = imageCount(run.stimulus);
  try {
    for (const hashed of hashedWindows(model, driver, window)) {
      run.signal?.throwIfAborted();
      windows.ours.push(hashed);
      run.onProgress?.({ stage: 'run', imagesDone: driver.results.length, images, cycles: driver.cycle });
      await new Promise((resolve) => setImmediate(resolve));
      if (windows.differ) break;
    }
    if (driver.done) await waitFor(child, () => windows.differ);
  } finally {
    if (!windows.ended) stop.abort();
    // Whoever called may take the core's folder away next.
    await child.catch(() => undefined);
  }
  await child.catch((error: unknown) => {
    if (!stop.signal.aborted || run.signal?.aborted) throw error;
  });
  return { windows, theirResults };
}

/** The data of the result stream, which are not compared on every clock of a run whose bits were random before. */
function sameAnswers({ core, unset }: LockstepRun, ours: readonly ImageResult[], theirs: readonly ImageResult[]): void {
  const text = (all: readonly ImageResult[]) =>
    all.map(({ class: winner, scores }) => `${winner}: ${scores.join(' ')}`);
  const [expected, found] = [text(ours), text(theirs)];
  const at = expected.findIndex((line, image) => line !== found[image]);
  if (at < 0 && expected.length === found.length) return;
  throw checkFailed(
    'the results depend on what the registers hold when the power comes, or on what was before a reset',
    {
      where: `${core.directory}, random bits from seed ${unset ?? 0}, image ${at < 0 ? expected.length : at}`,
      found: found[at] ?? `${found.length} results`,
      expected: expected[at] ?? `${expected.length} results`,
      help: 'a reset must be enough',
    },
  );
}

/** Until the child ends or the windows differ. */
async function waitFor(child: Promise<unknown>, differs: () => boolean): Promise<void> {
  let over = false;
  const done = child
    .catch(() => undefined)
    .finally(() => {
      over = true;
    });
  while (!over && !differs()) await Promise.race([done, new Promise((resolve) => setTimeout(resolve, 20))]);
}
