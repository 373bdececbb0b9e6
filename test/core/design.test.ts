/** Descriptions in which layers meet, against sums written out here. */
import { describe, expect, it } from 'vitest';
import { type CoreBuilder, defineCore, type LayerWeights, mtj } from '../../src/core/index.ts';
import { logisticCurve } from '../../src/device/index.ts';
import { forwardFloat } from '../../src/network/index.ts';
import { randomSource } from '../network/samples.ts';

const neuron = mtj({ curve: logisticCurve(70e-6, 12e-6) });

it('wants a device for its neurons', () => {
  expect(() => (mtj as () => unknown)()).toThrow('a neuron has no device');
});

const random = randomSource(5);
const layer = (outputs: number, taps: number): LayerWeights => ({
  weights: Float32Array.from({ length: outputs * taps }, () => 2 * random() - 1),
  bias: Float32Array.from({ length: outputs }, () => random() - 0.5),
});
const image = Float64Array.from({ length: 64 }, random);

/** [y][x][channel]. */
type Map = readonly (readonly (readonly number[])[])[];
const sigmoid = (map: Map): Map => map.map((row) => row.map((values) => values.map((z) => 1 / (1 + Math.exp(-z)))));
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

function conv(map: Map, { weights, bias }: LayerWeights, { kernel, stride = 1, padding = 0 }: ConvOptions): Map {
  const channels = map[0]![0]!.length;
  const size = Math.floor((map.length + 2 * padding - kernel) / stride) + 1;
  const sum = (o: number, top: number, left: number) =>
    upTo(kernel * kernel * channels).reduce((all, i) => {
      const [tap, channel] = [Math.floor(i / channels), i % channels];
      const value = map[top + Math.floor(tap / kernel)]?.[left + (tap % kernel)]?.[channel] ?? 0;
      return all + value * weights[o * kernel * kernel * channels + i]!;
    }, bias[o]!);
  return upTo(size).map((y) =>
    upTo(size).map((x) => upTo(bias.length).map((o) => sum(o, y * stride - padding, x * stride - padding))),
  );
}
interface ConvOptions {
  readonly kernel: number;
  readonly stride?: number;
  readonly padding?: number;
}

const add = (a: Map, b: Map): Map => a.map((row, y) => row.map((values, x) => values.map((v, c) => v + b[y]![x]![c]!)));
const concat = (a: Map, b: Map): Map => a.map((row, y) => row.map((values, x) => [...values, ...b[y]![x]!]));
const pool = (map: Map): Map =>
  upTo(map.length / 2).map((y) =>
    upTo(map.length / 2).map((x) =>
      map[0]![0]!.map(
        (_, c) => [0, 1, 2, 3].reduce((sum, i) => sum + map[2 * y + (i >> 1)]![2 * x + (i & 1)]![c]!, 0) / 4,
      ),
    ),
  );
const dense = (map: Map, { weights, bias }: LayerWeights) => {
  const values = map.flat(2);
  return Array.from(bias, (b, o) => values.reduce((sum, v, i) => sum + v * weights[o * values.length + i]!, b));
};
const pixels: Map = upTo(8).map((y) => upTo(8).map((x) => [image[8 * y + x]!]));

function check(describe: (core: CoreBuilder) => void, expected: readonly number[]) {
  const { network } = defineCore('skips', describe);
  const found = forwardFloat(network, image);
  expect(found).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 4);
  return network;
}

describe('a description in which layers meet', () => {
  const [stem, a, b, skip, out] = [layer(3, 9), layer(4, 27), layer(4, 36), layer(4, 3), layer(5, 64)];
  const three = { kernel: 3, padding: 1 };

  it('adds spikes to the sums of a layer: a residual block with a projection', () => {
    const half = { kernel: 3, stride: 2, padding: 1 };
    const network = check(
      ({ input, readout }) => {
        const x = input
          .image(8, 8, 1)
          .conv(stem, { ...three, name: 'stem' })
          .neurons(neuron);
        const y = x
          .conv(a, { ...half, name: 'a' })
          .neurons(neuron)
          .conv(b, { ...three, name: 'b' });
        const sum = y.add(x.conv(skip, { kernel: 1, stride: 2, name: 'skip' }));
        readout.potential(sum.neurons(neuron).dense(out, { name: 'out' }));
      },
      (() => {
        const x = sigmoid(conv(pixels, stem, three));
        const y = conv(sigmoid(conv(x, a, half)), b, three);
        return dense(sigmoid(add(y, conv(x, skip, { kernel: 1, stride: 2 }))), out);
      })(),
    );
    expect(network.layers.map(({ name }) => name)).toEqual(['stem', 'a', 'b', 'out']);
    expect(network.layers[1]).toMatchObject({ carry: { count: 3 } });
  });

  it('adds the spikes themselves, and puts maps side by side', () => {
    const [c, d, last] = [layer(3, 27), layer(2, 54), layer(4, 32)];
    check(
      ({ input, readout }) => {
        const x = input.image(8, 8, 1).conv(stem, three).neurons(neuron);
        const y = x.conv(c, three).add(x).neurons(neuron);
        const z = y.concat(x).conv(d, three).neurons(neuron).averagePool(2);
        readout.count(z.dense(last).neurons(neuron));
      },
      (() => {
        const x = sigmoid(conv(pixels, stem, three));
        const y = sigmoid(add(conv(x, c, three), x));
        const z = pool(sigmoid(conv(concat(y, x), d, three)));
        return sigmoid([[dense(z, last)]])[0]![0]!;
      })(),
    );
  });

  it('keeps a chain as it was described', () => {
    const { network } = defineCore('chain', ({ input, readout }) => {
      const x = input.image(8, 8, 1).conv(stem, three).neurons(neuron).averagePool(2);
      readout.potential(x.dense(layer(2, 48)));
    });
    expect(network.layers.map(({ name }) => name)).toEqual(['conv1', 'pool1', 'dense2']);
  });

  it('says which maps do not fit, and what leads nowhere', () => {
    const sum = ({ input, readout }: CoreBuilder) => {
      const x = input.image(8, 8, 1).conv(stem, three).neurons(neuron);
      readout.potential(x.conv(a, three).add(x));
    };
    expect(() => defineCore('sum', sum)).toThrow(/sum1[\s\S]*8 x 8 x 4 and 8 x 8 x 3/);
    const concat = ({ input, readout }: CoreBuilder) => {
      const x = input.image(8, 8, 1).conv(stem, three).neurons(neuron);
      readout.count(x.averagePool(2).concat(x));
    };
    expect(() => defineCore('concat', concat)).toThrow(/concat1[\s\S]*4 x 4 x 3 and 8 x 8 x 3/);
    const lost = ({ input, readout }: CoreBuilder) => {
      const x = input.image(8, 8, 1).conv(stem, three).neurons(neuron);
      x.conv(a, { ...three, name: 'lost' }).neurons(neuron);
      readout.potential(x.dense(layer(2, 192)));
    };
    expect(() => defineCore('lost', lost)).toThrow(/leads nowhere[\s\S]*layer lost/);
  });
});
