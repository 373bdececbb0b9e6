import { describe, expect, it } from 'vitest';
import { classifyImages, createCycleModel } from '../../src/golden/index.ts';
import type { Plan } from '../../src/plan/index.ts';
import { drive } from './drive.ts';
import { classifyNaively } from './naive.ts';
import { randomFrom, randomImages, randomPlan, refold } from './random-plan.ts';

const plans = Array.from({ length: 60 }, (_, i) => i + 1);

/** What the core should say for each image when image i is given steps[i] time steps. */
function expected(plan: Plan, pixels: Uint8Array, steps: readonly number[]) {
  return classifyNaively(plan, pixels, plan.timeSteps.max).map(({ scores, classes }, image) => ({
    scores: scores[steps[image]! - 1],
    class: classes[steps[image]! - 1],
  }));
}

function stepsFor(plan: Plan, images: number, seed: number): number[] {
  const random = randomFrom(seed);
  return Array.from({ length: images }, () => 1 + random(plan.timeSteps.max));
}

describe('random networks', () => {
  it.each(plans)('without clocks, seed %i: as the definition says, for every number of time steps', async (seed) => {
    const plan = randomPlan(seed);
    const images = 3;
    const pixels = randomImages(seed, plan, images);
    const steps = plan.timeSteps.max;
    const naive = classifyNaively(plan, pixels, steps);
    const result = await classifyImages(plan, pixels, { timeSteps: steps });
    expect([...result.scores]).toEqual(naive.flatMap(({ scores }) => scores.flat()));
    expect([...result.classes]).toEqual(naive.flatMap(({ classes }) => classes));
    const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0);
    expect(result.spikes.input).toBe(sum(naive.map(({ inputSpikes }) => sum(inputSpikes.flat()))));
    expect(result.spikes.layers).toEqual(
      plan.layers.map((_, l) => sum(naive.map(({ spikes }) => sum(spikes.flatMap((step) => step[l]!))))),
    );
  });

  it.each(plans)('clock by clock, seed %i: the same, through stalls on both sides', (seed) => {
    const plan = randomPlan(seed);
    const pixels = randomImages(seed, plan, 4);
    const timeSteps = stepsFor(plan, 4, seed);
    const stalls = [
      { inputPauses: 0, outputPauses: 0 },
      { inputPauses: 60, outputPauses: 0 },
      { inputPauses: 0, outputPauses: 95 },
      { inputPauses: 30, outputPauses: 30 },
    ];
    const model = createCycleModel(plan);
    const packets = drive(model, plan, pixels, { timeSteps, seed, ...stalls[seed % stalls.length] });
    expect(packets.map(({ scores, class: best }) => ({ scores, class: best }))).toEqual(
      expected(plan, pixels, timeSteps),
    );
    expect(model.outputs.frameError).toBe(false);
  });

  it.each(plans)('clock by clock, seed %i: the same however it is folded', (seed) => {
    const plan = randomPlan(seed);
    const pixels = randomImages(seed, plan, 3);
    const timeSteps = stepsFor(plan, 3, seed);
    const other = refold(plan, seed);
    const packets = drive(createCycleModel(other), other, pixels, { timeSteps, seed });
    expect(packets.map(({ scores, class: best }) => ({ scores, class: best }))).toEqual(
      expected(plan, pixels, timeSteps),
    );
  });

  it('classifies images from the middle of a run as if it had classified those before', async () => {
    for (const seed of [2, 3, 5, 7]) {
      const plan = randomPlan(seed);
      const pixels = randomImages(seed, plan, 7);
      const perImage = pixels.length / 7;
      const timeSteps = Math.max(1, plan.timeSteps.max - 1);
      const whole = await classifyImages(plan, pixels, { timeSteps });
      const tail = await classifyImages(plan, pixels.subarray(4 * perImage), { timeSteps, firstImage: 4 });
      expect([...tail.scores], `seed ${seed}`).toEqual([
        ...whole.scores.subarray(4 * timeSteps * plan.readout.classes),
      ]);
    }
  });

  it('gives the same result whatever the number of workers', async () => {
    const plan = randomPlan(9);
    const pixels = randomImages(9, plan, 25);
    const timeSteps = plan.timeSteps.max;
    const alone = await classifyImages(plan, pixels, { timeSteps, workers: 1 });
    const seen: number[] = [];
    const shared = await classifyImages(plan, pixels, {
      timeSteps,
      workers: 3,
      onProgress: (done, images) => seen.push(done / images),
    });
    expect(shared).toEqual(alone);
    expect(seen.at(-1)).toBe(1);
  });
});
