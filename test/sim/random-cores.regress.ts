/** Random cores in Verilator against the golden model: shapes, strides, folds, encodings, readouts; random gaps on both streams. */
import { expect, it } from 'vitest';
import { systemEnvironment } from '../../src/flow/index.ts';
import { lockstep, mismatchText } from '../../src/sim/index.ts';
import { randomPlan } from '../golden/random-plan.ts';
import { writeCoreFiles } from './small-core.ts';
import { noise, simulatorCache, temporaryFolder } from './temporary.ts';

const environment = systemEnvironment(process.env, process.cwd());
const cores = 24;
const imagesEach = 30;

it.each(Array.from({ length: cores }, (_, i) => 201 + i))(
  'random core %i in Verilator',
  async (seed) => {
    const plan = randomPlan(seed);
    const directory = temporaryFolder();
    writeCoreFiles(plan, directory);
    const imageSize = plan.input.height * plan.input.width * plan.input.channels;
    const images = noise(imagesEach * imageSize, seed);
    const timeSteps = Array.from(noise(imagesEach, seed + 1), (value) => value % (plan.timeSteps.max + 1));
    for (const stall of [0, seed, seed + 1, seed + 2]) {
      const run = { directory, plan, images, timeSteps, stall, trace: false, buildDirectory: simulatorCache };
      const { mismatch, results } = await lockstep(run, environment);
      const text = mismatch ? mismatchText(mismatch, { top: plan.name }) : '';
      expect(text, `plan ${seed}, stall ${stall}`).toBe('');
      expect(results).toHaveLength(imagesEach);
    }
  },
  600_000,
);
