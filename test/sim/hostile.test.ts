/** The hostile stimulus: what it is made to reach is reached. */
import { expect, it } from 'vitest';
import { goldenResults, hostileStimulus, testImages, withTies } from '../../src/sim/index.ts';
import { smallPlan } from './small-core.ts';

it('makes the best two classes of some images tie, by the number of their time steps alone', async () => {
  const plan = smallPlan();
  const before = hostileStimulus(plan, testImages(plan.input, 6, 1));
  const { images, ...stimulus } = await withTies(plan, before);
  expect(stimulus.timeSteps).toHaveLength(before.timeSteps.length);
  const apart = goldenResults(plan, { pixels: images, timeSteps: stimulus.timeSteps }).map(({ scores }) => {
    const [best, second] = [...scores].sort((a, b) => b - a);
    return best! - second!;
  });
  expect(apart.filter((lead) => lead === 0).length).toBeGreaterThan(2);
  expect(apart.filter((lead) => lead === 1).length).toBeGreaterThan(2);
});
