import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ConvolutionLayer,
  dequantise,
  type FloatLayer,
  type FloatNetwork,
  forwardFloat,
  importOnnx,
  type QuantisedLayer,
  quantisationLoss,
  quantise,
} from '../../src/network/index.ts';
import { writeModel } from './onnx-writer.ts';
import { convolutionModel, randomSource } from './samples.ts';

function denseNetwork(weights: readonly number[], bias: readonly number[]): FloatNetwork {
  const input = { height: 1, width: 1, channels: weights.length / bias.length };
  const layer: FloatLayer = {
    kind: 'dense',
    name: 'out',
    input,
    outputs: bias.length,
    weights: Float32Array.from(weights),
    bias: Float32Array.from(bias),
    sigmoid: false,
  };
  return { name: 'net', input, layers: [layer] };
}

/** Squared error of rounding at one scale, by the definition. */
function squaredError(weights: readonly number[], fractionBits: number, weightBits: number): number {
  const top = 2 ** (weightBits - 1) - 1;
  return weights.reduce((sum, weight) => {
    const rounded = Math.max(-top - 1, Math.min(top, Math.round(Math.fround(weight) * 2 ** fractionBits)));
    return sum + (rounded / 2 ** fractionBits - Math.fround(weight)) ** 2;
  }, 0);
}

const bernoulli = (network: FloatNetwork, weightBits: number) =>
  quantise(network, { weightBits, encoding: 'bernoulli' });

describe('quantise', () => {
  it('rounds weights and bias at one power of two', () => {
    const [layer] = bernoulli(denseNetwork([0.5, -0.25, 0.99, 0.126], [3.001, -10]), 8).layers;
    expect(layer).toMatchObject({ fractionBits: 7, inputMax: 1, inputScale: 1, weightBits: 8, sigmoid: false });
    expect(layer).toMatchObject({ kernelHeight: 1, kernelWidth: 1, output: { height: 1, width: 1, channels: 2 } });
    expect(Array.from(layer!.weights)).toEqual([64, -32, 127, 16]);
    expect(Array.from(layer!.bias)).toEqual([384, -1280]);
  });

  it('cuts a few outliers rather than lose a bit of all weights, and only then', () => {
    const many = Array.from({ length: 999 }, (_, index) => ((index % 100) - 50) / 240 + 0.0003);
    const slight = bernoulli(denseNetwork([...many, 0.2501], [0]), 4).layers[0]!;
    expect(slight.fractionBits).toBe(5);
    expect(slight.weights.at(-1)).toBe(7);
    const extreme = bernoulli(denseNetwork([...many, 20], [0]), 4).layers[0]!;
    expect(extreme.fractionBits).toBe(-2);
    expect(extreme.weights.at(-1)).toBe(5);
  });

  it('gives each channel its own power of two where it is told to: no channel loses, and the memory holds all', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }), {
          minLength: 2,
          maxLength: 6,
        }),
        fc.array(fc.integer({ min: -6, max: 6 }), { minLength: 6, maxLength: 6 }),
        fc.integer({ min: 2, max: 10 }),
        (rows, exponents, weightBits) => {
          const weights = rows.flatMap((row, c) => row.map((weight) => Math.fround(weight * 2 ** exponents[c]!)));
          const bias = rows.map((_, c) => exponents[c]! / 3);
          const network = denseNetwork(weights, bias);
          const whole = bernoulli(network, weightBits).layers[0]!;
          const own = quantise(network, { weightBits, encoding: 'bernoulli', weightScale: 'channel' }).layers[0]!;
          const shifts = own.channelShifts ?? rows.map(() => 0);
          expect(Math.max(...shifts)).toBeLessThanOrEqual(3);
          expect(Math.min(...shifts)).toBe(0);
          const errorOf = (layer: QuantisedLayer) =>
            weights.reduce((sum, weight, i) => sum + (layer.weights[i]! / 2 ** layer.fractionBits - weight) ** 2, 0);
          expect(errorOf(own)).toBeLessThanOrEqual(errorOf(whole) * (1 + 1e-12));
          for (const [i, weight] of own.weights.entries()) {
            const stored = weight / 2 ** shifts[Math.floor(i / 4)]!;
            expect(Number.isInteger(stored)).toBe(true);
            expect(Math.abs(stored + 0.5)).toBeLessThanOrEqual(2 ** (weightBits - 1));
          }
        },
      ),
      { seed: 20261129, numRuns: 300 },
    );
  });

  it('counts a channel shift as rounding, not as a cut', () => {
    const network = denseNetwork([0.75, -0.7, 0.1, 0.06], [0, 0]);
    const quantised = quantise(network, { weightBits: 3, encoding: 'bernoulli', weightScale: 'channel' });
    expect(quantised.layers[0]!.channelShifts).toEqual([3, 0]);
    expect(quantisationLoss(network, quantised)[0]!.saturated).toBe(0);
    const [back] = dequantise(quantised).layers as readonly { readonly weights: Float32Array }[];
    expect([...back!.weights]).toEqual([0.75, -0.75, 0.09375, 0.0625].map(Math.fround));
  });

  it('takes the scale of least squared error, compared with all others', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 2, max: 10 }),
        fc.integer({ min: -12, max: 12 }),
        (list, weightBits, exponent) => {
          const weights = list.map((weight) => Math.fround(Math.fround(weight) * 2 ** exponent));
          const { fractionBits } = bernoulli(denseNetwork(weights, [0]), weightBits).layers[0]!;
          const error = squaredError(weights, fractionBits, weightBits);
          for (let other = -24; other <= 24; other += 1) {
            expect(error, `2^-${other}`).toBeLessThanOrEqual(squaredError(weights, other, weightBits) * (1 + 1e-12));
          }
        },
      ),
      { seed: 20160504, numRuns: 300 },
    );
  });

  it('folds the area of a pool and the 255 of direct pixels into the weights behind', () => {
    const network = importOnnx(writeModel(convolutionModel(2).model), 'net.onnx');
    const [conv, out] = quantise(network, { weightBits: 8, encoding: 'direct' }).layers as [
      QuantisedLayer,
      QuantisedLayer,
    ];
    expect(conv).toMatchObject({
      name: 'conv1',
      kind: 'convolution',
      inputMax: 255,
      inputScale: 1 / 255,
      sigmoid: true,
    });
    expect(conv.pool).toEqual({ height: 2, width: 3 });
    expect(conv.output).toEqual({ height: 6, width: 7, channels: 3 });
    expect(out).toMatchObject({ name: 'out', kind: 'dense', inputMax: 6, inputScale: 1 / 6, sigmoid: false });
    expect(out).toMatchObject({ kernelHeight: 3, kernelWidth: 2, strideY: 1, padTop: 0, output: { channels: 4 } });
    expect(out.pool).toBeUndefined();
    const original = network.layers[0] as ConvolutionLayer;
    for (const [tap, weight] of conv.weights.entries()) {
      const real = original.weights[tap]! / 255;
      expect(Math.abs(weight * 2 ** -conv.fractionBits - real)).toBeLessThanOrEqual(2 ** -conv.fractionBits);
    }
    expect(quantise(network, { weightBits: 8, encoding: 'bernoulli' }).layers[0]).toMatchObject({ inputMax: 1 });
  });

  it('copes with zeros, tiny and huge numbers', () => {
    const zeros = bernoulli(denseNetwork([0, 0], [0.75]), 8).layers[0]!;
    expect(zeros.bias[0]! * 2 ** -zeros.fractionBits).toBeCloseTo(0.75, 2);
    const tiny = bernoulli(denseNetwork([1e-30, -1e-30], [5]), 8).layers[0]!;
    expect(Array.from(tiny.weights)).toEqual([0, 0]);
    expect(tiny.bias[0]! * 2 ** -tiny.fractionBits).toBe(5);
    const huge = bernoulli(denseNetwork([40_000, -3], [1]), 8).layers[0]!;
    expect(huge.fractionBits).toBe(-9);
    expect(() => bernoulli(denseNetwork([1e20], [1]), 8)).toThrow('too large for integers');
    // Seventeen is as good as any larger number: no input can bring the sum back to where classes differ.
    const bias = bernoulli(denseNetwork([1], [1e20]), 8).layers[0]!;
    expect(bias.bias[0]! * 2 ** -bias.fractionBits).toBeLessThan(30);
  });

  it('writes a bias in few rows where the weights beside it say nothing to a neuron', () => {
    const taps = 64;
    const weights = Array.from({ length: taps * 4 }, (_, i) => 1e-6 * Math.sin(i + 1));
    const last = denseNetwork(new Array(4).fill(0.5), [0]).layers[0]!;
    const first = { ...denseNetwork(weights, [0.5, -0.4, 0.3, 0.2]).layers[0]!, name: 'dense1', sigmoid: true };
    const network = { ...denseNetwork(weights, [0]), layers: [first as FloatLayer, last] };
    const layer = bernoulli(network, 8).layers[0]!;
    const rows = Math.ceil(Math.max(...layer.bias.map(Math.abs)) / 127);
    expect(rows).toBeLessThan(taps / 2);
    expect(layer.bias[0]! * 2 ** -layer.fractionBits).toBeCloseTo(0.5, 3);
  });

  it('cuts a bias where no input can bring the neuron back into doubt, and nowhere else', () => {
    const hidden = (weights: number[], bias: number[]) => {
      const network = denseNetwork(weights, bias);
      const last = denseNetwork(new Array(bias.length).fill(0.5), [0]).layers[0]!;
      const first = { ...network.layers[0]!, name: 'dense1', sigmoid: true } as FloatLayer;
      const layer = bernoulli({ ...network, layers: [first, last] }, 8).layers[0]!;
      return Array.from(layer.bias, (value) => value * 2 ** -layer.fractionBits);
    };
    const [on, off, kept] = hidden([0.5, -3, 2, 0.5, 1, 1], [1e5, -1e7, 4]);
    expect(on! - 3).toBeGreaterThanOrEqual(16);
    expect(on).toBeLessThan(20);
    expect(off! + 2.5).toBeLessThanOrEqual(-16);
    expect(off).toBeGreaterThan(-20);
    expect(kept).toBe(4);
  });

  it('keeps the order of large biases of the last layer by gaps that no input can close', () => {
    const layer = bernoulli(denseNetwork([1, -1, 0.5, 0.5], [1e5, 1e6, -1e6, 0]), 8).layers[0]!;
    const [a, b, c, d] = Array.from(layer.bias, (value) => value * 2 ** -layer.fractionBits);
    expect(b! - a!).toBeGreaterThan(2);
    expect(a! - d!).toBeGreaterThan(2);
    expect(d! - c!).toBeGreaterThan(2);
    expect(b).toBeLessThan(40);
    expect(d).toBe(0);
  });

  it('wants 2 to 16 bits', () => {
    for (const weightBits of [1, 17, 7.5, Number.NaN]) {
      expect(() => bernoulli(denseNetwork([1], [1]), weightBits)).toThrow('the width of the weights is out of range');
    }
  });

  it('says what rounding cost', () => {
    const network = denseNetwork([0.5, -0.25, 0.99, 0.126], [0]);
    const [loss] = quantisationLoss(network, bernoulli(network, 8));
    expect(loss).toMatchObject({ name: 'out', fractionBits: 7 });
    expect(loss!.largestError).toBeCloseTo(127 / 128 - 0.99, 6);
    const cut = denseNetwork([...Array.from({ length: 999 }, (_, index) => (index % 100) / 420), 0.26], [0]);
    const [cutLoss] = quantisationLoss(cut, bernoulli(cut, 4));
    expect(cutLoss).toMatchObject({ fractionBits: 5, saturated: 9 + 1 });
  });
});

/** Integer potentials of one layer by the definition of QuantisedLayer. */
function integerPotentials(layer: QuantisedLayer, values: readonly number[]): number[] {
  const { input, output } = layer;
  const result: number[] = [];
  for (let y = 0; y < output.height; y += 1) {
    for (let x = 0; x < output.width; x += 1) {
      for (let o = 0; o < output.channels; o += 1) {
        let sum = layer.bias[o]!;
        let tap = o * layer.kernelHeight * layer.kernelWidth * input.channels;
        for (let ky = 0; ky < layer.kernelHeight; ky += 1) {
          for (let kx = 0; kx < layer.kernelWidth; kx += 1) {
            for (let c = 0; c < input.channels; c += 1) {
              const [row, column] = [y * layer.strideY - layer.padTop + ky, x * layer.strideX - layer.padLeft + kx];
              const inside = row >= 0 && row < input.height && column >= 0 && column < input.width;
              if (inside) sum += layer.weights[tap]! * values[(row * input.width + column) * input.channels + c]!;
              tap += 1;
            }
          }
        }
        result.push(sum);
      }
    }
  }
  return result;
}

describe('the integers against the floats', () => {
  it('agrees on integer inputs with the network that the integers stand for', () => {
    const network = importOnnx(writeModel(convolutionModel(3).model), 'net.onnx');
    for (const encoding of ['bernoulli', 'direct'] as const) {
      const quantised = quantise(network, { weightBits: 8, encoding });
      const [first] = quantised.layers as [QuantisedLayer];
      const random = randomSource(9);
      const input = Array.from({ length: 84 }, () => Math.floor(random() * (first.inputMax + 1)));
      const real = input.map((value) => value * first.inputScale);
      const alone = dequantise({ ...quantised, layers: [{ ...first, sigmoid: false, pool: undefined } as never] });
      const expected = forwardFloat(alone, real);
      const found = integerPotentials(first, input).map((potential) => potential * 2 ** -first.fractionBits);
      for (const [index, value] of found.entries()) expect(value).toBeCloseTo(expected[index]!, 4);
    }
  });

  it('stays within the bound that half a step for each weight allows', () => {
    for (const [seed, weightBits] of [
      [1, 8],
      [2, 6],
      [3, 4],
      [4, 12],
    ] as const) {
      const network = importOnnx(writeModel(convolutionModel(seed).model), 'net.onnx');
      const quantised = quantise(network, { weightBits, encoding: 'bernoulli' });
      const losses = quantisationLoss(network, quantised);
      const [conv, out] = quantised.layers as [QuantisedLayer, QuantisedLayer];
      // Inputs are at most 1, a kernel has 12 taps, the last layer 18 inputs of at most 6 counts each.
      const convError = 12 * losses[0]!.largestError + 0.5 * 2 ** -conv.fractionBits;
      const weightSum = 18 * 1;
      const bound = 18 * 6 * losses[1]!.largestError + 0.5 * 2 ** -out.fractionBits + (weightSum * convError) / 4;
      const random = randomSource(50 + seed);
      const image = Array.from({ length: 84 }, random);
      const exact = forwardFloat(network, image);
      const rounded = forwardFloat(dequantise(quantised), image);
      let largest = 0;
      for (const [index, value] of rounded.entries()) largest = Math.max(largest, Math.abs(value - exact[index]!));
      expect(largest, `seed ${seed}, ${weightBits} bits`).toBeLessThanOrEqual(bound);
      expect(largest, `seed ${seed}, ${weightBits} bits`).toBeGreaterThan(0);
    }
  });
});

it('weights that 6 bits say exactly are not all rounded upwards in 5 bits', () => {
  const weights = Array.from({ length: 63 }, (_, i) => (i - 31) / 32);
  const layer = bernoulli(denseNetwork(weights, [0]), 5).layers[0]!;
  const step = 2 ** -layer.fractionBits;
  const sum = layer.weights.reduce((total, weight) => total + weight, 0) * step;
  // Upwards, 32 weights would each be off by half a step: 1 in all.
  expect(Math.abs(sum)).toBeLessThan(0.3);
});
