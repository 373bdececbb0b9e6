import { describe, expect, it } from 'vitest';
import { dequantise, quantise } from '../../src/network/index.ts';
import { accuracy, isTrained, loadModel, modelNames, recordedAccuracy, testImages } from './models.ts';

const step = 10;

describe.each(modelNames)('%s', (name) => {
  it.skipIf(!isTrained(name))('has the layers that its name promises', () => {
    const { input, layers } = loadModel(name);
    expect(input).toEqual({ height: 28, width: 28, channels: 1 });
    const weights = layers.map((layer) => (layer.kind === 'averagePool' ? 0 : layer.weights.length));
    const names = layers.map((layer) => layer.name);
    if (name === 'digits-cnn') {
      expect(names).toEqual(['conv1', 'pool1', 'conv2', 'pool2', 'out']);
      expect(weights).toEqual([150, 0, 1800, 0, 1920]);
    } else {
      expect(names).toEqual(['dense1', 'out']);
      expect(weights).toEqual([100_352, 1280]);
    }
  });

  it.skipIf(!isTrained(name))('classifies as well as PyTorch found, in floats and in integers', () => {
    const network = loadModel(name);
    const images = testImages();
    const recorded = recordedAccuracy(name);
    const found = accuracy(network, images, step);
    // Four standard deviations of a sample of a thousand.
    const tolerance = 4 * Math.sqrt((recorded * (100 - recorded)) / (images.count / step));
    expect(Math.abs(found - recorded)).toBeLessThan(tolerance);
    const quantised = dequantise(quantise(network, { weightBits: 8, encoding: 'bernoulli' }));
    expect(Math.abs(accuracy(quantised, images, step) - found)).toBeLessThan(0.5);
  });
});
