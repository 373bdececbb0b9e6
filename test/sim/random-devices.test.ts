/** Cores whose neurons behave like devices: every register on every clock, with traffic on the bus, and the same answers without clocks. */
import { expect, it } from 'vitest';
import { buildHardware } from '../../src/core/index.ts';
import { systemEnvironment } from '../../src/flow/index.ts';
import { classifyImages, createCycleModel } from '../../src/golden/index.ts';
import { compareDuts, goldenReference, hostTraffic, lockstep, mismatchText, modelDut } from '../../src/sim/index.ts';
import { drive } from '../golden/drive.ts';
import { withRandomDevice } from '../golden/random-device.ts';
import { randomImages, randomPlan, refold } from '../golden/random-plan.ts';
import { slice } from '../slice.ts';
import { interpreted } from './interpreted.ts';
import { devicePlan, writeCoreFiles } from './small-core.ts';
import { noise, simulatorCache, temporaryFolder } from './temporary.ts';

/** More of them in `npm run regress`. */
const seeds = Array.from({ length: slice(5, 60) }, (_, i) => 301 + i);

it.each(seeds)('golden model and interpreter agree on random core %i with devices', async (seed) => {
  const plan = withRandomDevice(randomPlan(seed), seed);
  const model = goldenReference(plan);
  const imageSize = plan.input.height * plan.input.width * plan.input.channels;
  const stimulus = {
    ...{ pixels: noise(3 * imageSize, seed), imageSize, timeSteps: [9, 2, 4] },
    ...{ stall: seed % 3 === 0 ? 0 : seed, bus: hostTraffic(plan, seed, [1, 2, 3]) },
  };
  const duts = [modelDut(model), interpreted(buildHardware(plan), model.signals)];
  const run = await compareDuts(duts, stimulus, plan.timeSteps.max, 1500);
  expect(run.difference, `random plan ${seed}: ${JSON.stringify(plan.neuron)}`).toBeUndefined();
});

it.each(seeds.flatMap((seed) => [seed, seed + 100]))(
  'with and without clocks, random core %i with devices gives the same answers, however it is folded',
  async (seed) => {
    const plan = withRandomDevice(randomPlan(seed), seed);
    const pixels = randomImages(seed, plan, 3);
    const steps = plan.timeSteps.max;
    const { scores, classes } = await classifyImages(plan, pixels, { timeSteps: steps, workers: 1 });
    for (const folded of [plan, refold(plan, seed)]) {
      const timeSteps = [steps, 1, Math.ceil(steps / 2)];
      const packets = drive(createCycleModel(folded), folded, pixels, { timeSteps, seed });
      packets.forEach((packet, image) => {
        const at = image * steps + timeSteps[image]! - 1;
        const width = plan.readout.classes;
        expect(packet.class, `image ${image}`).toBe(classes[at]);
        expect(packet.scores).toEqual(Array.from(scores.subarray(at * width, (at + 1) * width)));
      });
    }
  },
);

it('runs in lockstep in Verilator with every part, a loaded table and self-tests', async () => {
  const plan = devicePlan();
  const directory = temporaryFolder();
  writeCoreFiles(plan, directory);
  const environment = systemEnvironment(process.env, process.cwd());
  const run = {
    ...{ directory, plan, images: noise(4 * 36, 1), timeSteps: [6, 1, 3, 2], trace: false },
    ...{ stall: 3, buildDirectory: simulatorCache, bus: hostTraffic(plan, 2, [1, 2, 3, 4]) },
  };
  const { mismatch, results } = await lockstep(run, environment);
  expect(mismatch ? mismatchText(mismatch, { top: plan.name }) : '').toBe('');
  expect(results).toHaveLength(4);
}, 240_000);
