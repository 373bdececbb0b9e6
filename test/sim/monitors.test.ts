/** What watches over a core: every register on every clock, and each monitor against a fault that it must see. */
import { expect, it } from 'vitest';
import { buildHardware } from '../../src/core/index.ts';
import { systemEnvironment } from '../../src/flow/index.ts';
import type { Plan } from '../../src/plan/index.ts';
import { compareDuts, goldenReference, lockstep, mismatchText, modelDut } from '../../src/sim/index.ts';
import { withRandomDevice } from '../golden/random-device.ts';
import { monitorTraffic, withRandomMonitors } from '../golden/random-monitors.ts';
import { randomMargin, randomPlan, widened } from '../golden/random-plan.ts';
import { withRandomTelegraph } from '../golden/random-telegraph.ts';
import { interpreted } from './interpreted.ts';
import { smallPlan, writeCoreFiles } from './small-core.ts';
import { noise, simulatorCache, temporaryFolder } from './temporary.ts';

const environment = systemEnvironment(process.env, process.cwd());

/** More of them in `npm run regress`. */
const seeds = Array.from({ length: process.env.SPINFIRE_REGRESS ? 60 : 8 }, (_, i) => 501 + i);

it.each(seeds)('golden model and interpreter agree on random core %i with monitors', async (seed) => {
  const changed = [withRandomDevice, withRandomTelegraph, widened, (plan: Plan) => plan][seed % 4]!;
  const plan = withRandomMonitors(changed(randomPlan(seed), seed), seed);
  const model = goldenReference(plan);
  const imageSize = plan.input.height * plan.input.width * plan.input.channels;
  const stimulus = {
    ...{ pixels: noise(4 * imageSize, seed), imageSize, timeSteps: [9, 2, 4] },
    ...{ stall: seed % 3 === 0 ? 0 : seed, bus: monitorTraffic(plan, seed, 4) },
    ...{ ...randomMargin(plan, seed), bad: seed % 4 === 0 ? [2 * imageSize - 1] : [] },
  };
  const duts = [modelDut(model), interpreted(buildHardware(plan), model.signals)];
  const run = await compareDuts(duts, stimulus, plan.timeSteps.max, 2500);
  expect(run.difference, `random plan ${seed}: ${JSON.stringify(plan.monitors)}`).toBeUndefined();
});

it('runs in lockstep in Verilator with every monitor', async () => {
  const plan = withRandomMonitors(smallPlan(), 3, true);
  const directory = temporaryFolder();
  writeCoreFiles(plan, directory);
  const run = {
    ...{ directory, plan, images: noise(6 * 36, 1), timeSteps: [6, 1, 3, 2], trace: false },
    ...{ stall: 3, buildDirectory: simulatorCache, bus: monitorTraffic(plan, 2, 6) },
  };
  const { mismatch, results } = await lockstep(run, environment);
  expect(mismatch ? mismatchText(mismatch, { top: plan.name }) : '').toBe('');
  expect(results).toHaveLength(6);
}, 240_000);
