/** What the commands call: a core's folder and its plan in, results out. */

import { checkFailed } from '../errors/index.ts';
import type { ToolEnvironment } from '../flow/index.ts';
import type { Plan } from '../plan/index.ts';
import type { BusOperation } from './bus.ts';
import { readCore } from './core-files.ts';
import { goldenReference } from './golden.ts';
import { buildHarness } from './harness-build.ts';
import { runHarness } from './harness-run.ts';
import { type HostileRun, hostileStimulus, type MechanismSeen, mechanisms, withTies } from './hostile.ts';
import { type LockstepProgress, type LockstepResult, runLockstep } from './lockstep.ts';
import { type MutationProgress, type MutationResult, mutate } from './mutation/index.ts';
import { checkResets, resetClocks } from './reset.ts';
import type { ImageResult, Stimulus } from './stimulus.ts';

/** A core that `build` wrote, and what to feed it. */
export interface CoreRun {
  /** The core's folder. */
  readonly directory: string;
  /** Where simulators are built and kept; its `build/` unless told otherwise. */
  readonly buildDirectory?: string;
  readonly plan: Plan;
  /** Image after image, each height x width x channels pixels of 0..255. */
  readonly images: Uint8Array;
  /** The plan's default when absent; an array gives each image its own. */
  readonly timeSteps?: number | readonly number[];
  /** Of a core with early exit: the lead of the best score that answers an image; absent: none does. */
  readonly exitMargin?: number;
  /** Before the first image the random streams pass over so many, one each `clocks` clocks. */
  readonly skip?: Stimulus['skip'];
  /** Each image waits for the result of the one before, so that the timing is that of an empty core. */
  readonly alone?: boolean;
  /** Seed of random gaps on both streams; absent or 0: none. */
  readonly stall?: number;
  /** After so many answers, again and again, the output is shut until the core is full. */
  readonly fill?: number;
  /** What goes wrong with an image's last pixel does so while an answer leaves. */
  readonly meet?: boolean;
  /** Beats whose tlast is sent wrong, and those that are marked as bad. */
  readonly wrongLast?: readonly number[];
  readonly bad?: readonly number[];
  /** Clocks that the core runs before each of as many resets, ahead of the run proper. */
  readonly before?: readonly number[];
  /** What the host does on the register bus of a core that has one. */
  readonly bus?: readonly BusOperation[];
  readonly signal?: AbortSignal | undefined;
}

/** A core's folder, its plan, the images, and how the streams behave. */
export interface LockstepOptions extends CoreRun {
  /** One class for each image: adds `correct` to the result. */
  readonly labels?: Uint8Array;
  /** Cycles hashed together, 4096 unless told otherwise. */
  readonly window?: number;
  /** Plusargs of the Verilog, `mutant=3`: what `$value$plusargs` asks for. */
  readonly plusargs?: readonly string[];
  /** Seed of random bits in all that has no first value; then only handshakes and results are compared. */
  readonly unset?: number;
  /** False: no FST trace of a mismatch (saves building a second simulator). */
  readonly trace?: boolean;
  readonly onProgress?: (progress: LockstepProgress) => void;
}

export interface CycleSpread {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

/** Latency and throughput in clock cycles, over the images of a run. */
export interface CoreTiming {
  /** Cycles from an image's first accepted pixel to its result packet's last beat. */
  readonly fromFirstPixel: CycleSpread;
  /** Cycles from an image's last accepted pixel to its result packet's last beat. */
  readonly fromLastPixel: CycleSpread;
  /** Cycles between results in steady state; from the first pixel when there is only one image. */
  readonly cyclesPerImage: number;
}

/** What lockstep says of a core, with timing and right answers. */
export interface VerifyResult extends LockstepResult {
  readonly timing?: CoreTiming;
  readonly correct?: number;
}

/** Verilog against golden model on every clock. Throws only when it can't run: a mismatch is in the result. */
export async function lockstep(options: LockstepOptions, environment: ToolEnvironment): Promise<VerifyResult> {
  const { plan, labels } = options;
  const result = await runLockstep(
    {
      core: await readCore(options.directory, plan.name, options.buildDirectory),
      model: goldenReference(plan),
      stimulus: stimulusOf(options),
      maxTimeSteps: plan.timeSteps.max,
      ...(options.window === undefined ? {} : { window: options.window }),
      ...(options.plusargs === undefined ? {} : { plusargs: options.plusargs }),
      ...(options.unset === undefined ? {} : { unset: options.unset }),
      ...(options.trace === undefined ? {} : { trace: options.trace }),
      onProgress: options.onProgress,
      signal: options.signal,
    },
    environment,
  );
  const timing = coreTiming(result.results);
  return {
    ...result,
    ...(timing ? { timing } : {}),
    ...(labels ? { correct: result.results.filter((one) => labels[one.image] === one.class).length } : {}),
  };
}

/** What lockstep saw on a hostile stimulus, and from random bits at power-up. */
export interface HostileResult extends LockstepResult {
  readonly mechanisms: readonly MechanismSeen[];
  /** Runs from random bits in all that has no reset, each with the results that the model gave. */
  readonly randomStarts: number;
}

const randomStarts = 2;

/** Lockstep on a hostile stimulus; without a mismatch also the results from random bits at power-up. */
export async function hostileLockstep(options: LockstepOptions, environment: ToolEnvironment): Promise<HostileResult> {
  const { plan, signal } = options;
  const hostile = await withTies(plan, hostileStimulus(plan, options.images));
  const run = { ...options, ...hostile };
  const { correct: _, timing: __, ...result } = await lockstep(run, environment);
  const runs: HostileRun[] = [{ stimulus: hostile, results: result.results, events: result.events, resets: 0 }];
  if (result.mismatches > 0) return { ...result, mechanisms: mechanisms(plan, runs), randomStarts: 0 };
  const core = await readCore(options.directory, plan.name, options.buildDirectory);
  const again = { core, model: goldenReference(plan), stimulus: stimulusOf(run), maxTimeSteps: plan.timeSteps.max };
  await checkResets({ ...again, results: result.results, plusargs: options.plusargs ?? [], signal }, environment);
  for (let unset = 1; unset <= randomStarts; unset++) {
    const before = resetClocks(result.results, unset);
    // With mishaps all over, which leave a mark in frame_error from the first on.
    const other = hostileStimulus(plan, options.images, 1 + unset);
    const dirty = await lockstep({ ...options, ...other, unset, before }, environment);
    runs.push({ stimulus: other, results: dirty.results, events: dirty.events, resets: before.length });
    if (dirty.mismatches > 0) return { ...dirty, mechanisms: mechanisms(plan, runs), randomStarts: unset };
  }
  return { ...result, mechanisms: mechanisms(plan, runs), randomStarts };
}

/** A core, its images, and how many mutants are made. */
export interface MutateOptions extends CoreRun {
  /** Mutants that yosys is asked for. */
  readonly mutants: number;
  /** Of its choice. */
  readonly seed: number;
  readonly onProgress?: (progress: MutationProgress) => void;
}

/** How many mutants of the core lockstep on these images finds. */
export async function mutateCore(options: MutateOptions, environment: ToolEnvironment): Promise<MutationResult> {
  const { plan, mutants, seed, onProgress, signal } = options;
  const core = await readCore(options.directory, plan.name, options.buildDirectory);
  const stimulus = stimulusOf(options);
  const model = goldenReference(plan);
  // What the images leave: other numbers of time steps, mishaps and pauses, in another order.
  const others: Stimulus[] = [];
  for (const other of [2, 3]) others.push(stimulusOf({ ...options, ...hostileStimulus(plan, options.images, other) }));
  const run = { core, model, stimulus, others, maxTimeSteps: plan.timeSteps.max, count: mutants, seed };
  return mutate({ ...run, onProgress, signal }, environment);
}

/** A core, its images, and who is told of the progress. */
export interface ClassifyRun extends CoreRun {
  /** Runs the simulator of lockstep, whose registers can be read: slower, for comparisons of speed. */
  readonly readable?: boolean;
  readonly onProgress?: (done: number, images: number) => void;
}

/** The class of each image, by the Verilog. */
export interface ClassifyResult {
  /** One for each image. */
  readonly classes: Uint8Array;
  /** Time steps of each image, as a core with early exit says; 0 without it. */
  readonly stepsUsed: Uint8Array;
  /** [image][class] */
  readonly scores: Int32Array;
  readonly cycles: number;
  /** Of simulation alone. */
  readonly seconds: number;
  readonly timing: CoreTiming;
  /** Answers of the bus script's reads. */
  readonly busReads: readonly number[];
}

/** Classifies images by the Verilog alone, as fast as Verilator runs. Throws checkFailed when the core gives too few results. */
export async function runVerilator(options: ClassifyRun, environment: ToolEnvironment): Promise<ClassifyResult> {
  const { plan, signal } = options;
  const core = await readCore(options.directory, plan.name, options.buildDirectory);
  const stimulus = stimulusOf(options);
  const images = stimulus.pixels.length / stimulus.imageSize;
  const harness = await buildHarness(
    core,
    { sampled: options.readable ?? false, trace: false, ...(signal ? { signal } : {}) },
    environment,
  );
  const { classes: width } = plan.readout;
  const classes = new Uint8Array(images);
  const stepsUsed = new Uint8Array(images);
  const scores = new Int32Array(images * width);
  const results: ImageResult[] = [];
  const busReads: number[] = [];
  const { cycles, seconds } = await runHarness(
    { core, harness, stimulus, maxTimeSteps: plan.timeSteps.max, signal },
    undefined,
    {
      onResult(result) {
        results.push(result);
        classes[result.image] = result.class;
        stepsUsed[result.image] = result.stepsUsed;
        scores.set(result.scores.slice(0, width), result.image * width);
        options.onProgress?.(results.length, images);
      },
      onRead: (data) => busReads.push(data),
    },
  );
  const timing = coreTiming(results);
  if (results.length < images || !timing)
    throw checkFailed('the core stopped answering', {
      where: options.directory,
      found: `${results.length} results after ${cycles} cycles`,
      expected: `${images} results`,
      help: '`spinfire verify` shows where it goes wrong',
    });
  return { classes, stepsUsed, scores, cycles, seconds, timing, busReads };
}

export function stimulusOf({
  plan,
  images,
  timeSteps,
  alone,
  stall,
  fill,
  meet,
  wrongLast,
  bad,
  before,
  exitMargin,
  skip,
  bus,
}: CoreRun): Stimulus {
  const { height, width, channels } = plan.input;
  return {
    pixels: images,
    imageSize: height * width * channels,
    pixelLanes: plan.pixelLanes,
    timeSteps: timeSteps ?? plan.timeSteps.default,
    ...(alone ? { alone } : {}),
    ...(stall ? { stall } : {}),
    ...(fill ? { fill } : {}),
    ...(meet ? { meet } : {}),
    ...(wrongLast ? { wrongLast } : {}),
    ...(bad ? { bad } : {}),
    ...(before ? { before } : {}),
    ...(exitMargin === undefined ? {} : { exitMargin }),
    ...(skip ? { skip } : {}),
    ...(bus ? { bus } : {}),
  };
}

/** Undefined without a single result. */
export function coreTiming(results: readonly ImageResult[]): CoreTiming | undefined {
  const first = results[0];
  const last = results.at(-1);
  if (!first || !last) return undefined;
  return {
    fromFirstPixel: spread(results.map((result) => result.resultCycle - result.firstPixelCycle + 1)),
    fromLastPixel: spread(results.map((result) => result.resultCycle - result.lastPixelCycle)),
    cyclesPerImage:
      results.length > 1
        ? (last.resultCycle - first.resultCycle) / (results.length - 1)
        : last.resultCycle - first.firstPixelCycle + 1,
  };
}

function spread(values: readonly number[]): CycleSpread {
  return {
    min: Math.min(...values),
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    max: Math.max(...values),
  };
}
