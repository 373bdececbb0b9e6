/** The hostile stimulus: what it is made to reach is reached. */
import { expect, it } from 'vitest';
import type { Plan } from '../../src/plan/index.ts';
import { type HostileStimulus, mechanisms } from '../../src/sim/hostile.ts';
import { goldenReference, goldenResults, hostileStimulus, testImages, withTies } from '../../src/sim/index.ts';
import { StimulusDriver } from '../../src/sim/stimulus.ts';
import { slice } from '../slice.ts';
import { devicePlan, smallPlan } from './small-core.ts';

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

/** The stimulus in front of the golden model alone. */
function runOf(plan: Plan, stimulus: HostileStimulus) {
  const { images: pixels, ...rest } = stimulus;
  const imageSize = plan.input.height * plan.input.width * plan.input.channels;
  const driver = new StimulusDriver({ ...rest, pixels, imageSize, pixelLanes: plan.pixelLanes }, plan.timeSteps.max);
  const model = goldenReference(plan);
  while (!driver.done) {
    driver.observe(model.outputs(driver.drive()));
    model.clock();
  }
  return { stimulus, results: driver.results, events: driver.events };
}

const unreached = (seen: ReturnType<typeof mechanisms>) => seen.filter((one) => !one.seen).map(({ name }) => name);

const cores: readonly (readonly [string, Plan])[] = [
  ['potential readout', smallPlan()],
  ['count readout', smallPlan('count')],
  ['early exit', { ...smallPlan(), earlyExit: 'margin' }],
  ['devices', devicePlan()],
];

it.each(cores.slice(0, slice(1, cores.length)))('reaches what the blocks of a core declare: %s', async (name, plan) => {
  const images = testImages(plan.input, 6, 1);
  const first = runOf(plan, await withTies(plan, hostileStimulus(plan, images)));
  const others = [2, 3].map((seed) => ({ ...runOf(plan, hostileStimulus(plan, images, seed)), resets: 1 }));
  const seen = mechanisms(plan, [{ ...first, resets: 0 }, ...others]);
  // Ties are made of what the model says beforehand, and a host changes what devices do.
  expect(unreached(seen).filter((one) => !(name === 'devices' && /tie|leads by one/.test(one)))).toEqual([]);
  // Ordinary images, one after the other, reach little of it.
  const plain = runOf(plan, { images, timeSteps: [plan.timeSteps.default], stall: 0, wrongLast: [], bad: [] });
  expect(unreached(mechanisms(plan, [{ ...plain, resets: 0 }])).length).toBeGreaterThan(8);
});
