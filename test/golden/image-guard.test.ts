/** Bad frames and images passed over: what comes out is what would have come out anyway. */
import { describe, expect, it } from 'vitest';
import { goldenResults, type Stimulus } from '../../src/sim/index.ts';
import { wordsPerTimeStep } from '../plan-parts.ts';
import { randomImages, randomPlan } from './random-plan.ts';

const plans = [1, 2, 3, 4, 5, 6].map((seed) => ({ seed, plan: randomPlan(seed) }));

describe.each(plans)('random core $seed', ({ seed, plan }) => {
  const imageSize = plan.input.height * plan.input.width * plan.input.channels;
  const beats = imageSize / plan.pixelLanes;
  const pixels = randomImages(seed, plan, 6);
  const common = { pixels, timeSteps: [3, 9, 2, 9, 1, 4] };
  const scores = (stimulus: Partial<Stimulus>) =>
    goldenResults(plan, { ...common, ...stimulus }).map((result) => [...result.scores, result.class]);
  const clean = scores({});

  it('drops a marked image whole; the others are as without', () => {
    expect(scores({ bad: [3 * beats - 1] })).toEqual(clean.filter((_, image) => image !== 2));
  });

  it('drops a long image with what follows up to tlast', () => {
    // The image runs on into the next one: both are one frame, and one number.
    const stimulus = { wrongLast: [3 * beats - 1] };
    expect(scores(stimulus).slice(0, 2)).toEqual(clean.slice(0, 2));
    expect(scores(stimulus)).toHaveLength(4);
  });

  it('drops a short image and what is left of it', () => {
    if (beats < 2) return;
    const stimulus = { wrongLast: [2 * beats], stall: seed };
    expect(scores(stimulus).slice(0, 2)).toEqual(clean.slice(0, 2));
    expect(scores(stimulus)).toHaveLength(5);
  });

  it('passes over images', () => {
    const most = Math.max(1, ...wordsPerTimeStep(plan));
    const skip = { images: 2, clocks: (1 + most) * plan.timeSteps.max + 4 };
    const later = { pixels: pixels.subarray(2 * imageSize), timeSteps: common.timeSteps.slice(2), skip };
    expect(scores(later)).toEqual(clean.slice(2));
  });
});
