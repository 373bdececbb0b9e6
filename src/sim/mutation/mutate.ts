/**
 * Mutants of an emitted core, made by yosys: a bit of a cell inverted, stuck, or mixed with another one. Lockstep must find them; one that
 * it doesn't find shows what the comparison or the stimulus does not look at, or is no mutant at all (docs/verifying.md).
 */
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { checkFailed, SpinfireError } from '../../errors/index.ts';
import type { ToolEnvironment } from '../../flow/index.ts';
import { withTemporaryFolder } from '../../store/index.ts';
import type { CoreFiles } from '../core-files.ts';
import { buildHarness } from '../harness-build.ts';
import { type HarnessRun, runHarness } from '../harness-run.ts';
import { type HashedWindow, hashedWindows } from '../hash.ts';
import type { CycleReference } from '../model.ts';
import { checkResets } from '../reset.ts';
import { type ImageResult, type Stimulus, StimulusDriver } from '../stimulus.ts';
import { proofsOf } from './proofs.ts';
import { type Mutant, mutatedFile, writeMutants } from './yosys.ts';

/** A core, the images, and how many mutants are made. */
export interface MutationRun {
  readonly core: CoreFiles;
  readonly model: CycleReference;
  readonly stimulus: Stimulus;
  /** For the mutants that it leaves, one after the other. */
  readonly others?: readonly Stimulus[];
  readonly maxTimeSteps: number;
  /** Mutants that yosys is asked for; those of memory contents are left out */
  readonly count: number;
  /** Of yosys's choice. */
  readonly seed: number;
  /** How long abc looks for the proof that a mutant is never reached; absent: 12. */
  readonly proofSeconds?: number | undefined;
  readonly onProgress?: ((progress: MutationProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface MutationProgress {
  /** Simulating mutants, then proving of those that were not found that they are none. */
  readonly stage: 'run' | 'prove';
  readonly done: number;
  readonly of: number;
}

/** How many mutants lockstep found, and which are left. */
export interface MutationResult {
  readonly mutants: number;
  /** Mutants whose registers or ports differed from the golden model's at some clock. */
  readonly found: number;
  /**
   * Those that were not found because they do what the core does: yosys proved it of their module, whatever its inputs, or abc of the core, in
   * every state that it can come to.
   */
  readonly equivalent: readonly Mutant[];
  /** Neither found nor proved equivalent. */
  readonly survivors: readonly Mutant[];
}

/** So short that most mutants end after one. */
const windowCycles = 256;
/** Cycles without a beat after which a mutant hangs: at least, and so many times the longest time between two answers of the core. */
const leastIdle = 100_000;
const idleAnswers = 6;

function idleLimit(results: readonly ImageResult[]): number {
  const gaps = results.map(({ resultCycle }, at) => resultCycle - (results[at - 1]?.resultCycle ?? 0));
  return gaps.reduce((most, gap) => Math.max(most, idleAnswers * gap), leastIdle);
}

/** Throws checkFailed when the core without a mutant differs from the model. */
export async function mutate(run: MutationRun, environment: ToolEnvironment): Promise<MutationResult> {
  return withTemporaryFolder((folder) => mutateIn({ ...run, folder }, environment));
}

async function mutateIn(
  run: MutationRun & { readonly folder: string },
  environment: ToolEnvironment,
): Promise<MutationResult> {
  const { core, stimulus, maxTimeSteps } = run;
  const mutants = await writeMutants(run, environment);
  const verilog = [{ path: mutatedFile, text: await readFile(join(run.folder, mutatedFile), 'utf8') }];
  const mutated: CoreFiles = { ...core, directory: run.folder, verilog, unrolled: true };
  const cancel = run.signal === undefined ? {} : { signal: run.signal };
  const harness = await buildHarness(mutated, { sampled: true, trace: false, ...cancel }, environment);
  const driver = new StimulusDriver(stimulus, maxTimeSteps);
  const expected = [...hashedWindows(run.model, driver, windowCycles)];
  const harnessRun = {
    ...{ core: mutated, harness, stimulus, maxTimeSteps, ...cancel },
    words: [`idleLimit=${idleLimit(driver.results)}`],
  };
  const holds = async (own: HarnessRun, windows: readonly HashedWindow[]) => {
    if (await differs(own, run.model, 0, windows))
      throw checkFailed('the core differs from the golden model without any mutant', { where: core.directory });
  };
  await holds(harnessRun, expected);
  const unseen: Mutant[] = [];
  await inParallel(mutants, async (mutant, done) => {
    if (!(await differs(harnessRun, run.model, mutant.number, expected))) unseen.push(mutant);
    run.onProgress?.({ stage: 'run', done, of: mutants.length });
  });
  for (const other of run.others ?? []) {
    const seen = [...hashedWindows(run.model, new StimulusDriver(other, maxTimeSteps), windowCycles)];
    const otherRun = { ...harnessRun, stimulus: other };
    await holds(otherRun, seen);
    await keepThose(unseen, async ({ number }) => !(await differs(otherRun, run.model, number, seen)));
  }
  await keepThose(unseen, async ({ number }) => {
    const resets = { ...harnessRun, model: run.model, results: driver.results, plusargs: [`mutant=${number}`] };
    return await checkResets(resets, environment).then(
      () => true,
      (error: unknown) => {
        if (error instanceof SpinfireError && error.kind === 'checkFailed') return false;
        throw error;
      },
    );
  });
  const equivalent = new Set<Mutant>();
  const isEquivalent = await proofsOf(run, unseen, environment);
  await inParallel(unseen, async (mutant, done) => {
    if (await isEquivalent(mutant)) equivalent.add(mutant);
    run.onProgress?.({ stage: 'prove', done, of: unseen.length });
  });
  unseen.sort((a, b) => a.number - b.number);
  return {
    mutants: mutants.length,
    found: mutants.length - unseen.length,
    equivalent: unseen.filter((mutant) => equivalent.has(mutant)),
    survivors: unseen.filter((mutant) => !equivalent.has(mutant)),
  };
}

/** Takes away those that `isKept` says are not. */
async function keepThose(mutants: Mutant[], isKept: (mutant: Mutant) => Promise<boolean>): Promise<void> {
  const kept = new Set<Mutant>();
  await inParallel([...mutants], async (mutant) => {
    if (await isKept(mutant)) kept.add(mutant);
  });
  mutants.splice(0, mutants.length, ...mutants.filter((mutant) => kept.has(mutant)));
}

/** As many at once as there are cores, begun in their order; `number` counts them from 1. */
async function inParallel<T>(all: readonly T[], work: (one: T, number: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < all.length) await work(all[next++]!, next);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

/** Whether the core with this mutant (0: none) is seen to differ. */
async function differs(run: HarnessRun, model: CycleReference, mutant: number, expected: readonly HashedWindow[]) {
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, ...(run.signal === undefined ? [] : [run.signal])]);
  let agreed = 0;
  let different = false;
  const onWindow = ({ endCycle, digest }: HashedWindow) => {
    const ours = expected[agreed++];
    if (ours?.endCycle === endCycle && ours.digest === digest) return;
    different = true;
    stop.abort();
  };
  try {
    const words = [...(run.words ?? []), `+mutant=${mutant}`];
    await runHarness({ ...run, words, signal }, { signals: model.signals, window: windowCycles }, { onWindow });
  } catch (error) {
    run.signal?.throwIfAborted();
    // Verilator gives up on a mutant that closes a loop of gates.
    if (!different && !(error instanceof SpinfireError)) throw error;
    return true;
  }
  return different || agreed !== expected.length;
}
