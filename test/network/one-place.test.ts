/** Layers behind one that has its outputs at one place: the same function, without frames. */
import { describe, expect, it } from 'vitest';
import { forwardFloat } from '../../src/network/index.ts';
import { atOnePlace } from '../../src/network/lower/one-place.ts';
import type { ConvolutionLayer, FloatLayer, Shape } from '../../src/network/types.ts';
import { randomSource } from './samples.ts';

const random = randomSource(11);
const numbers = (length: number) => Float32Array.from({ length }, () => random() - 0.5);
const shape = (height: number, width: number, channels: number): Shape => ({ height, width, channels });

const first: FloatLayer = {
  ...{ kind: 'dense', name: '', input: shape(1, 1, 7), outputs: 60 },
  ...{ weights: numbers(60 * 7), bias: numbers(60), sigmoid: true },
};
const convolution = (input: Shape, output: Shape, more: Partial<ConvolutionLayer> = {}): ConvolutionLayer => ({
  ...{ kind: 'convolution', name: '', input, output, kernelHeight: 3, kernelWidth: 2, strideY: 2, strideX: 1 },
  ...{ padTop: 1, padLeft: 1, padBottom: 1, padRight: 0, sigmoid: true },
  ...{ weights: numbers(output.channels * 6 * input.channels), bias: numbers(output.channels) },
  ...more,
});
const pool: FloatLayer = {
  ...{ kind: 'averagePool', name: '', input: shape(6, 5, 2), output: shape(3, 2, 2) },
  ...{ windowHeight: 2, windowWidth: 2 },
};
const last: FloatLayer = {
  ...{ kind: 'dense', name: '', input: shape(2, 2, 3), outputs: 4 },
  ...{ weights: numbers(48), bias: numbers(4), sigmoid: false },
};
const made = (layers: readonly FloatLayer[]) => layers.map((layer, i) => ({ layer, made: [`node${i}`] }));

describe('layers behind one of a single place', () => {
  it('are written out, pools with them', () => {
    const layers = [first, pool, convolution(shape(3, 2, 2), shape(2, 2, 3)), last];
    const plain = atOnePlace(made(layers), 'here');
    expect(plain.map(({ layer }) => [layer.kind, layer.input])).toEqual([
      ['dense', shape(1, 1, 7)],
      ['dense', shape(1, 1, 60)],
      ['dense', shape(1, 1, 12)],
    ]);
    expect(plain.map((each) => each.made)).toEqual([['node0'], ['node1', 'node2'], ['node3']]);
    const input = shape(1, 1, 7);
    for (let n = 0; n < 5; n += 1) {
      const image = numbers(7);
      const wanted = forwardFloat({ name: 'a', input, layers }, image);
      const found = forwardFloat({ name: 'b', input, layers: plain.map(({ layer }) => layer) }, image);
      for (const [i, value] of wanted.entries()) expect(found[i]).toBeCloseTo(value, 5);
    }
  });

  it('stay as they are in front of it', () => {
    const image = shape(6, 5, 2);
    const layers = made([convolution(image, shape(3, 5, 3)), { ...last, input: shape(3, 5, 3) }]);
    expect(atOnePlace(layers, 'here')).toEqual(layers);
    // Padding makes a frame of a single place again.
    const frame = { ...{ kernelHeight: 1, kernelWidth: 1, strideY: 1 }, ...{ padBottom: 1, padRight: 1 } };
    const widened = convolution(shape(1, 1, 60), shape(3, 3, 2), { ...frame, weights: numbers(120) });
    const behind = made([first, widened, { ...last, input: shape(3, 3, 2), weights: numbers(72) }]);
    expect(atOnePlace(behind, 'here')).toEqual(behind);
  });

  it('are refused in words of their own where that takes too many weights, or inputs are handed on', () => {
    const wide = { ...first, outputs: 20_000 };
    const frame = shape(100, 100, 2);
    expect(() => atOnePlace(made([wide, convolution(frame, shape(50, 100, 1))]), 'here')).toThrow(/too large/);
    const handing = convolution(shape(6, 5, 2), shape(3, 5, 3), { carry: { tap: 0, count: 2 } });
    expect(() => atOnePlace(made([first, handing]), 'here')).toThrow(/skip connection/);
  });
});
