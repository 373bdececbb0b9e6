import { describe, expect, it } from 'vitest';
import { dequantise, quantise } from '../../src/network/index.ts';
import { accuracy, loadModel, modelNames, recordedAccuracy, testImages } from './models.ts';

describe.each(modelNames)('%s on all 10,000 test images', (name) => {
  it('classifies as PyTorch does, but for images on the edge', () => {
    // One image is 0.01 points; PyTorch sums in single precision, we in double.
    expect(Math.abs(accuracy(loadModel(name), testImages(), 1) - recordedAccuracy(name))).toBeLessThan(0.025);
  });

  it.each(['bernoulli', 'direct'] as const)('keeps its accuracy with 8-bit weights, %s', (encoding) => {
    const quantised = dequantise(quantise(loadModel(name), { weightBits: 8, encoding }));
    expect(Math.abs(accuracy(quantised, testImages(), 1) - recordedAccuracy(name))).toBeLessThan(0.15);
  });
});
