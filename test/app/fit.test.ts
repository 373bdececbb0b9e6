/** Numbers fitted to the device: what is folded into weights and biases, and how many bits they need. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { searchBits } from '../../src/app/fit/bits.ts';
import { fitCountReadout } from '../../src/app/fit/count-readout.ts';
import { fitToCurve, gains, judgeFit } from '../../src/app/fit/curve.ts';
import { fitGainOffset } from '../../src/app/fit/gain-offset.ts';
import { holdOut } from '../../src/app/fit/held-out.ts';
import { fitThreshold } from '../../src/app/fit/threshold.ts';
import { plainPlan } from '../../src/app/plain-plan.ts';
import { defineCore, mtj } from '../../src/core/index.ts';
import { logisticCurve } from '../../src/device/index.ts';
import { importOnnx, mnistPaths, quantise, readIdxFiles, weightNotes } from '../../src/network/index.ts';

const logistic = (z: number) => 1 / (1 + Math.exp(-z));
const network = importOnnx(readFileSync(new URL('../../models/digits-mlp.onnx', import.meta.url)), 'digits-mlp.onnx');
const [hidden, out] = network.layers.flatMap((layer) => (layer.kind === 'dense' ? [layer] : []));
const digits = readIdxFiles(mnistPaths().test.images).pixels;
const data = (from: number, count: number) => ({
  ...{ count, rows: 28, columns: 28, notes: [] },
  pixels: digits.subarray(from * 784, (from + count) * 784),
});

/** The perceptron with its last sums lifted: the same classes, but every neuron spikes. */
function perceptron(readout: 'potential' | 'count', lift = 0) {
  return defineCore(
    'perceptron',
    ({ input, readout: ends }) => {
      const neuron = mtj({ curve: logisticCurve(70e-6, 12e-6) });
      const spikes = input.image(28, 28, 1).dense(hidden!).neurons(neuron);
      const last = spikes.dense({
        weights: out!.weights,
        bias: out!.bias.map((b) => b + lift),
      });
      if (readout === 'count') ends.count(last.neurons(neuron));
      else ends.potential(last);
    },
    { timeSteps: 2, maxTimeSteps: 8 },
  );
}

describe('fit to the device', () => {
  it('finds the gain and the offset that a curve of another slope and centre wants', () => {
    const potentials = Array.from({ length: 200 }, (_, i) => (i - 100) / 20);
    const samples = potentials.map((z) => ({ potentials: [z], target: logistic(z) }));
    const { gain, offset } = fitGainOffset(samples, (z) => logistic((z - 0.5) / 1.6));
    expect(gain).toBeCloseTo(1.6, 1);
    expect(offset).toBeCloseTo(0.5, 1);
  });

  it('leaves alone what the samples do not tell', () => {
    const samples = Array.from({ length: 50 }, () => ({ potentials: [-60], target: 0 }));
    const { gain, offset } = fitGainOffset(samples, logistic);
    expect(gain).toBeCloseTo(1, 3);
    expect(offset).toBeCloseTo(0, 3);
  });

  it('brings the neurons of a count readout where they tell the classes apart', async () => {
    const design = perceptron('count', 12);
    const fit = fitToCurve(design, data(0, 200));
    const { agreement } = await judgeFit(design, fit, data(500, 200));
    expect(agreement.before).toBeLessThan(0.6);
    expect(agreement.after).toBeGreaterThan(agreement.before + 0.2);
    expect(plainPlan(fit.design).layers[1]!.bias).not.toEqual(plainPlan(design).layers[1]!.bias);
  });

  it('takes the best of the grid, the same for all classes', () => {
    const potentials = Float32Array.from({ length: 400 }, (_, i) => (i % 2 === (i >> 1) % 2 ? 20 : 16));
    const targets = Array.from({ length: 200 }, (_, i) => i % 2);
    const { gain, offset } = fitCountReadout({ potentials, timeSteps: 1, classes: 2, targets }, logistic);
    expect(gain * 20 + offset).toBeGreaterThan(0);
    expect(gain * 16 + offset).toBeLessThan(0);
  });

  it('looks for the fewest bits of each layer within a budget', async () => {
    const design = perceptron('potential');
    const {
      right,
      layers,
      design: found,
    } = await searchBits(design, { seen: data(0, 300), held: data(300, 300) }, 0.02);
    expect(right.after).toBeGreaterThanOrEqual(right.before - 0.02);
    expect(Math.max(...layers.map(({ bits }) => bits))).toBeLessThan(8);
    expect(plainPlan(found).layers.map(({ weightBits }) => weightBits)).toEqual(layers.map(({ bits }) => bits));
    const strict = await searchBits(design, { seen: data(0, 300), held: data(300, 300) }, 0);
    expect(strict.right.after).toBeGreaterThanOrEqual(strict.right.before);
  });
});

describe('held-out images and thresholds', () => {
  it('shares images and their labels out in turn', () => {
    const labels = Uint8Array.of(0, 1, 2, 3, 4);
    const { seen, held } = holdOut({ ...data(0, 5), labels }, 'digits');
    expect([seen.count, held.count]).toEqual([3, 2]);
    expect([...seen.labels!, ...held.labels!]).toEqual([0, 2, 4, 1, 3]);
    expect(held.pixels.subarray(784)).toEqual(data(3, 1).pixels);
    expect(() => holdOut(data(0, 1), 'digits')).toThrow(/too few images/);
  });

  it('takes a fit only where it gains, by right answers first', () => {
    const pair = (before: number, after: number) => ({ before, after });
    expect(gains({ agreement: pair(0.8, 0.8) })).toBe(false);
    expect(gains({ agreement: pair(0.8, 0.9) })).toBe(true);
    expect(gains({ agreement: pair(0.8, 0.9), accuracy: { float: 1, ...pair(0.9, 0.8) } })).toBe(false);
    expect(gains({ agreement: pair(0.9, 0.8), accuracy: { float: 1, ...pair(0.8, 0.9) } })).toBe(true);
  });

  it('cuts a yes or no where most images are answered rightly, and leaves a good cut alone', () => {
    expect(fitThreshold([1, 2, 5, 6], [0, 0, 1, 1])).toBe(-3.5);
    expect(fitThreshold([-6, -5, -2, -1], [0, 0, 1, 1])).toBe(3.5);
    expect(fitThreshold([-2, -1, 3, 4], [0, 0, 1, 1])).toBe(0);
    expect(fitThreshold([1, 2], [0, 0])).toBe(-3);
    expect(fitThreshold([-1, -2], [1, 1])).toBe(3);
    expect(fitThreshold([2, 2, 2], [0, 1, 0])).toBe(-3);
  });

  it('moves the threshold of two classes by labels', async () => {
    const shown = data(0, 400);
    const sums = Array.from({ length: 400 }, (_, i) =>
      shown.pixels.subarray(i * 784, (i + 1) * 784).reduce((sum, pixel) => sum + pixel / 255, 0),
    );
    const middle = [...sums].sort((a, b) => a - b)[200]!;
    // Four neurons tell brighter digits than usual from others; the bias behind them says no to all.
    const neuron = mtj({ curve: logisticCurve(70e-6, 12e-6) });
    const design = defineCore(
      'bright',
      ({ input, readout }) => {
        const hidden = { weights: new Float32Array(4 * 784).fill(0.1), bias: new Float32Array(4).fill(-0.1 * middle) };
        const spikes = input.image(28, 28, 1).dense(hidden).neurons(neuron);
        readout.potential(
          spikes.dense({ weights: Float32Array.of(0, 0, 0, 0, 1, 1, 1, 1), bias: Float32Array.of(0, -6) }),
        );
      },
      { timeSteps: 8 },
    );
    const { seen, held } = holdOut(
      { ...shown, labels: Uint8Array.from(sums, (sum) => (sum > middle ? 1 : 0)) },
      'bright',
    );
    const { accuracy } = await judgeFit(design, fitToCurve(design, seen), held);
    expect(accuracy!.before).toBeLessThan(0.6);
    expect(accuracy!.after).toBeGreaterThan(0.9);
  });
});

describe('notes on weights', () => {
  const noted = (change: (weights: Float32Array, bias: Float32Array) => void) => {
    const layers = network.layers.map((layer, i) => {
      if (i > 0 || layer.kind === 'averagePool') return layer;
      const [weights, bias] = [layer.weights.slice(), layer.bias.slice()];
      change(weights, bias);
      return { ...layer, weights, bias };
    });
    const own = { ...network, layers };
    return weightNotes(own, quantise(own, { weightBits: 8, encoding: 'bernoulli' }));
  };

  it('names an outlier, a layer of zeros and biases that were cut, and is silent otherwise', () => {
    expect(noted(() => {})).toEqual([]);
    const outlier = noted((weights) => void weights.fill(400, 784 * 5 + 17, 784 * 5 + 18));
    expect(outlier).toHaveLength(1);
    expect(outlier[0]).toMatch(/the weight 400 \(output 5, tap 17\) is \d+ times the usual largest/);
    expect(noted((weights) => void weights.fill(0))[0]).toMatch(/all weights are 0/);
    expect(noted((_, bias) => void bias.fill(1e5, 3, 4))[0]).toMatch(
      /1 of \d+ biases .* that of output 3 from 1.00e\+5/,
    );
  });
});
