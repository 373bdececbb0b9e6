/** What a plan's integers stand for is the network that they were made from, rounded. */
import { expect, it } from 'vitest';
import { loadDesign } from '../../src/app/index.ts';
import { planCore, quantiseCore } from '../../src/core/index.ts';
import { dequantise, type FloatLayer } from '../../src/network/index.ts';
import { realNetwork } from '../../src/plan/index.ts';

it.each([
  // A chain with pools, one whose blocks hand pixels and spikes on, and channels with powers of two of their own.
  ['digits-cnn', {}],
  ['mnist-resnet8', { encoding: 'direct' }],
  ['mnist-cnn', { encoding: 'direct', weightBits: 5, weightScale: 'channel' }],
] as const)('of %s', async (name, options) => {
  const design = await loadDesign(`models/${name}.onnx`, options, { cwd: process.cwd() });
  const plan = planCore(design);
  const quantised = dequantise(quantiseCore(design)).layers;
  const real = realNetwork(plan).layers;
  // The bias of a core is a whole number of its rows' units.
  const shape = (layer: FloatLayer) => ({ ...layer, name: '', bias: undefined });
  expect(real.map(shape)).toMatchObject(quantised.map(shape));
  const biases = (layers: readonly FloatLayer[]) =>
    layers.flatMap((layer) => (layer.kind === 'averagePool' ? [] : [layer.bias]));
  for (const [index, bias] of biases(real).entries()) {
    const { biasValue, fractionBits, channelShifts } = plan.layers[index]!;
    for (const [output, value] of bias.entries()) {
      const unit = biasValue * 2 ** ((channelShifts?.[output] ?? 0) - fractionBits);
      expect(Math.abs(value - biases(quantised)[index]![output]!)).toBeLessThanOrEqual(unit / 2);
    }
  }
});
