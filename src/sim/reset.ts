/**
 * Whether a reset in the middle of work leaves the core as the golden model begins: from random bits, after so many clocks of a stimulus, every
 * register that a reset gives a value must have that value. Memories, and registers that only read them, keep what they had.
 */
import { checkFailed } from '../errors/index.ts';
import { readSourceMap, type ToolEnvironment } from '../flow/index.ts';
import type { CoreFiles } from './core-files.ts';
import { buildHarness } from './harness-build.ts';
import { dumpHarness } from './harness-run.ts';
import { type CycleReference, onlySignals, signalValue, signalWords, wordsOf } from './model.ts';
import { type ImageResult, type Stimulus, StimulusDriver } from './stimulus.ts';
import { randomFrom } from './traffic.ts';

export interface ResetRun {
  readonly core: CoreFiles;
  readonly model: CycleReference;
  readonly stimulus: Stimulus;
  readonly maxTimeSteps: number;
  /** Of a run of the stimulus: they tell when the core is at work. */
  readonly results: readonly ImageResult[];
  readonly plusargs?: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

const soonClocks = 60_000;

/** Clocks after which a reset finds the core at work: among an image's pixels, in its computation, before and in its result. */
export function resetClocks(results: readonly ImageResult[], seed: number): number[] {
  // Of a large core the first images are enough: what a reset takes away must have been made before.
  const soon = results.filter(({ resultCycle }) => resultCycle < soonClocks);
  const all = soon.length > 1 ? soon : results.slice(0, 2);
  const { length } = all;
  if (length === 0) return [];
  const first = all[seed % length]!;
  const middle = all[(2 * seed + 1) % length]!;
  const late = all[(5 * seed + 2) % length]!;
  return [
    Math.floor((first.firstPixelCycle + first.lastPixelCycle) / 2) + 1,
    Math.floor((middle.lastPixelCycle + middle.resultCycle) / 2),
    late.resultCycle - late.scores.length,
    late.resultCycle - 1,
    late.resultCycle,
  ].filter((clocks) => clocks > 0);
}

/** Random starts, each with the resets of `resetClocks`, each alone. */
const resets = 3;
/** More resets, at any clock of the first images, and at once: a state that lasts a few clocks is hit by one of them. As many as these clocks allow. */
const mostMoments = 24;
const momentClocks = 200_000;

/** Seed of the random start, and the clock of the reset; 0 is a reset at once. */
function momentsOf(results: readonly ImageResult[]): { readonly seed: number; readonly clocks: number }[] {
  const seeds = Array.from({ length: resets }, (_, index) => index + 1);
  const chosen = seeds.flatMap((seed) => resetClocks(results, seed).map((clocks) => ({ seed, clocks })));
  const span = (results[Math.min(2, results.length - 1)]?.resultCycle ?? 0) + 1;
  const random = randomFrom(span);
  const more = Math.min(mostMoments, Math.floor(momentClocks / span));
  const anyClock = Array.from({ length: more }, (_, index) => ({ seed: index + 1, clocks: 1 + random(span) }));
  const atOnce = Array.from({ length: 8 }, (_, index) => ({ seed: index + 1, clocks: 0 }));
  return [...chosen, ...anyClock, ...atOnce];
}

/** Throws checkFailed, naming the register, when a reset leaves one with another value than the model's first. */
export async function checkResets(run: ResetRun, environment: ToolEnvironment): Promise<void> {
  const { core, stimulus, maxTimeSteps, signal } = run;
  const withReset = new Set(core.registers.filter(({ hasReset }) => hasReset).map(({ path }) => path));
  const model = onlySignals(run.model, (path) => withReset.has(path));
  const expected = new Uint32Array(wordsOf(model.signals));
  model.reset();
  model.outputs(new StimulusDriver(stimulus, maxTimeSteps).drive());
  model.sample(expected);
  const cancel = signal ? { signal } : {};
  const harness = await buildHarness(core, { sampled: true, trace: false, ...cancel }, environment);
  for (const { seed, clocks } of momentsOf(run.results)) {
    const words = [`unset=${seed}`, ...(run.plusargs ?? []).map((argument) => `+${argument}`)];
    const before = clocks === 0 ? [] : [clocks];
    const own = { core, harness, maxTimeSteps, words, stimulus: { ...stimulus, before }, ...cancel };
    const found = await dumpHarness(own, model.signals, { from: 0, to: 0 });
    let at = 0;
    for (const shape of model.signals) {
      const [is, should] = [signalValue(shape, found, at), signalValue(shape, expected, at)];
      if (is !== should) throw left(core, shape.path, `${is} after a reset in clock ${clocks}`, `${should}`);
      at += signalWords(shape);
    }
  }
}

function left(core: CoreFiles, path: string, found: string, expected: string) {
  const register = core.registers.find((one) => one.path === path);
  const declared = readSourceMap(core.directory).find(
    ({ file, line }) => register !== undefined && file === register.file && line === register.line,
  );
  return checkFailed('a reset leaves a register with what it had', {
    where: `${core.top}.${path}${declared === undefined ? '' : `, ${declared.origin}`}`,
    found,
    expected,
  });
}
