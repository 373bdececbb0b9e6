/** A random core in Verilator against the golden model: random time steps, margins and gaps on both streams. */
import { expect } from 'vitest';
import { systemEnvironment } from '../../src/flow/index.ts';
import type { Plan } from '../../src/plan/index.ts';
import { lockstep, mismatchText } from '../../src/sim/index.ts';
import { randomMargin, randomPlan, widened } from '../golden/random-plan.ts';
import { writeCoreFiles } from './small-core.ts';
import { noise, simulatorCache, temporaryFolder } from './temporary.ts';

const environment = systemEnvironment(process.env, process.cwd());

/** Runs the core of a seed, once for each seed of gaps (0: none), `wide` with several pixels a beat. A failure says which seeds. */
export async function lockstepRandomCore(
  seed: number,
  images: number,
  stalls: readonly number[],
  wide = false,
): Promise<void> {
  await lockstepCore(wide ? widened(randomPlan(seed), seed) : randomPlan(seed), seed, images, stalls);
}

/** The same for a core that a test made from the seed. */
export async function lockstepCore(plan: Plan, seed: number, images: number, stalls: readonly number[]): Promise<void> {
  const directory = temporaryFolder();
  writeCoreFiles(plan, directory);
  const imageSize = plan.input.height * plan.input.width * plan.input.channels;
  const pixels = noise(images * imageSize, seed);
  // From 0, which counts as 1, to the most; seldom a multiple of the time lanes.
  const timeSteps = Array.from(noise(images, seed + 1), (value) => value % (plan.timeSteps.max + 1));
  for (const stall of stalls) {
    const run = { directory, plan, images: pixels, timeSteps, stall, ...randomMargin(plan, seed + stall) };
    const { mismatch, results } = await lockstep({ ...run, trace: false, buildDirectory: simulatorCache }, environment);
    const text = mismatch ? mismatchText(mismatch, { top: plan.name }) : '';
    expect(text, `plan ${seed}, stall ${stall}`).toBe('');
    expect(results).toHaveLength(images);
  }
}

/** The first `count` seeds from `from` on whose cores can take several pixels a beat. */
export function wideSeeds(from: number, count: number): number[] {
  const seeds: number[] = [];
  for (let seed = from; seeds.length < count; seed += 1) {
    if (widened(randomPlan(seed), seed).pixelLanes > 1) seeds.push(seed);
  }
  return seeds;
}

/** The first seed from `from` on whose plan is such. */
export function seedOf(from: number, such: (plan: Plan) => boolean): number {
  for (let seed = from; ; seed += 1) if (such(randomPlan(seed))) return seed;
}
