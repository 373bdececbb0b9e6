/** Cores with telegraphic neurons: golden model, interpreter and Verilator, every register on every clock. */
import { expect, it } from 'vitest';
import { buildHardware } from '../../src/core/index.ts';
import { systemEnvironment } from '../../src/flow/index.ts';
import { classifyImages } from '../../src/golden/index.ts';
import type { Plan } from '../../src/plan/index.ts';
import { compareDuts, goldenReference, lockstep, mismatchText, modelDut } from '../../src/sim/index.ts';
import { randomMargin, randomPlan, widened } from '../golden/random-plan.ts';
import { withRandomTelegraph } from '../golden/random-telegraph.ts';
import { slice } from '../slice.ts';
import { interpreted } from './interpreted.ts';
import { smallPlan, writeCoreFiles } from './small-core.ts';
import { noise, simulatorCache, temporaryFolder } from './temporary.ts';

/** More of them in `npm run regress`. */
const seeds = Array.from({ length: slice(4, 80) }, (_, i) => 401 + i);

it.each(seeds)('golden model and interpreter agree on random core %i with telegraphic neurons', async (seed) => {
  const plan = withRandomTelegraph(seed % 4 === 0 ? widened(randomPlan(seed), seed) : randomPlan(seed), seed);
  const model = goldenReference(plan);
  const imageSize = plan.input.height * plan.input.width * plan.input.channels;
  const stimulus = {
    ...{ pixels: noise(4 * imageSize, seed), imageSize, pixelLanes: plan.pixelLanes, timeSteps: [9, 2, 4, 9] },
    ...{ stall: seed % 3 === 0 ? 0 : seed, ...randomMargin(plan, seed) },
  };
  const duts = [modelDut(model), interpreted(buildHardware(plan), model.signals)];
  const run = await compareDuts(duts, stimulus, plan.timeSteps.max, 1500);
  expect(run.difference, `random plan ${seed}: ${JSON.stringify(plan.neuron)}`).toBeUndefined();
});

/** The small core with junctions whose memory is long. */
function telegraphPlan(start: 'stationary' | 'silent'): Plan {
  const plan = smallPlan();
  const layers = plan.layers.map((layer) => {
    if (layer.neuron.kind !== 'ideal') return layer;
    const { table } = layer.neuron;
    const [flip, stay] = [table.map((code) => code >> 1), table.map((code) => Math.min(65535, 32768 + (code >> 1)))];
    return { ...layer, neuron: { ...layer.neuron, kind: 'telegraph' as const, flip, stay } };
  });
  return { ...plan, neuron: { kind: 'telegraph', start }, layers };
}

it('runs in lockstep in Verilator, with the answers of the model without clocks', async () => {
  const plan = telegraphPlan('stationary');
  const directory = temporaryFolder();
  writeCoreFiles(plan, directory);
  const environment = systemEnvironment(process.env, process.cwd());
  const images = noise(6 * 36, 1);
  const run = { directory, plan, images, timeSteps: [6], stall: 3, trace: false, buildDirectory: simulatorCache };
  const { mismatch, results } = await lockstep(run, environment);
  expect(mismatch ? mismatchText(mismatch, { top: plan.name }) : '').toBe('');
  const { scores } = await classifyImages(plan, images, { timeSteps: 6, workers: 1 });
  const last = Array.from({ length: 6 }, (_, image) => Array.from(scores.subarray(image * 18 + 15, image * 18 + 18)));
  expect(results.map((result) => result.scores)).toEqual(last);
}, 240_000);

it('a junction that forgets itself in the hardware is found', async () => {
  const plan = telegraphPlan('silent');
  const model = goldenReference(plan);
  const forgetful = {
    ...plan,
    layers: plan.layers.map((layer) =>
      layer.neuron.kind === 'telegraph' ? { ...layer, neuron: { ...layer.neuron, stay: layer.neuron.flip } } : layer,
    ),
  };
  const stimulus = { pixels: noise(2 * 36, 3), imageSize: 36, timeSteps: [6] };
  const duts = [modelDut(model), interpreted(buildHardware(forgetful), model.signals)];
  const { difference } = await compareDuts(duts, stimulus, plan.timeSteps.max, 1500);
  expect(difference).toBeDefined();
});
