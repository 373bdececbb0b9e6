/** The same seed gives the same spikes for ever: digests of scores that were kept when they were right. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type CoreOptions, planCore } from '../../src/core/index.ts';
import { logisticCurve } from '../../src/device/index.ts';
import { classifyImages } from '../../src/golden/index.ts';
import { type Encoding, importOnnx, mnistPaths, readIdxFiles } from '../../src/network/index.ts';

const curve = logisticCurve(70e-6, 12e-6);
const images = readIdxFiles(mnistPaths().test.images).pixels.subarray(0, 200 * 784);
const device = {
  trim: true,
  faults: { missed: 0.01, falseRead: 0.002, failedReset: 0.01 },
  variation: { thresholdSpread: 0.05, slopeSpread: 0.05, stuckAtSpike: 0.001, stuckSilent: 0.001 },
};

it.each<[string, string, Encoding, 'potential' | 'count', CoreOptions, string]>([
  ['Bernoulli encoding', 'digits-cnn', 'bernoulli', 'potential', {}, 'a6864b602b112793'],
  ['the count readout', 'digits-cnn', 'bernoulli', 'count', { seed: 7 }, 'fa7b42201c0bd1ba'],
  ['direct encoding', 'digits-mlp', 'direct', 'potential', { seed: 3 }, '51036e425d833b94'],
  ['device behaviour', 'digits-mlp', 'bernoulli', 'potential', { device }, '3dd62508640107af'],
  [
    ...(['integer values', 'digits-mlp', 'direct', 'potential'] as const),
    { activation: 'integer', timeSteps: 1, maxTimeSteps: 1 },
    '58268596378a5c4c',
  ],
])('scores of 200 digits with %s', async (_, model, encoding, readout, options, kept) => {
  const network = importOnnx(readFileSync(`models/${model}.onnx`), model);
  const plan = planCore({ name: 'kept', network, encoding, readout, curve, options });
  const { scores } = await classifyImages(plan, images, { timeSteps: plan.timeSteps.default });
  const bytes = Buffer.from(scores.buffer, scores.byteOffset, scores.byteLength);
  expect(createHash('sha256').update(bytes).digest('hex').slice(0, 16)).toBe(kept);
});
