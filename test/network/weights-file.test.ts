import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { defineCore, mtj, weightsOf } from '../../src/core/index.ts';
import { logisticCurve } from '../../src/device/index.ts';
import { forwardFloat, importOnnx, readWeights } from '../../src/network/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'weights-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Arrays = Record<string, { readonly dims: readonly number[]; readonly values: ArrayLike<number> }>;

function safetensors(name: string, arrays: Arrays, change = (bytes: Buffer) => bytes): string {
  let at = 0;
  const header = Object.fromEntries(
    Object.entries(arrays).map(([key, { dims, values }]) => {
      const from = at;
      at += 4 * values.length;
      return [key, { dtype: 'F32', shape: dims, data_offsets: [from, at] }];
    }),
  );
  const json = Buffer.from(JSON.stringify({ __metadata__: { format: 'pt' }, ...header }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const data = Object.values(arrays).map(({ values }) => Buffer.from(Float32Array.from(values).buffer));
  const path = join(folder, name);
  writeFileSync(path, change(Buffer.concat([length, json, ...data])));
  return path;
}

function npz(name: string, arrays: Arrays): string {
  const files = Object.entries(arrays).map(([key, { dims, values }]) => {
    const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${dims.join(', ')},), }`;
    const text = `${header.padEnd(117)}\n`;
    const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, text.length, 0]);
    return [
      `${key}.npy`,
      new Uint8Array(Buffer.concat([start, Buffer.from(text), Buffer.from(Float32Array.from(values).buffer)])),
    ] as const;
  });
  const path = join(folder, name);
  writeFileSync(path, zipSync(Object.fromEntries(files)));
  return path;
}

/** The digits CNN's layers, [output][y][x][channel], as another program keeps them. */
const network = importOnnx(readFileSync(new URL('../../models/digits-cnn.onnx', import.meta.url)), 'digits-cnn.onnx');
const weighted = network.layers.flatMap((layer) => (layer.kind === 'averagePool' ? [] : [layer]));
const known = weightsOf(network);

function arraysIn(order: 'torch' | 'keras'): Arrays {
  return Object.fromEntries(
    weighted.flatMap((layer): [string, Arrays[string]][] => {
      const outputs = layer.bias.length;
      const isDense = layer.kind === 'dense';
      const { height, width, channels } = isDense
        ? layer.input
        : { height: layer.kernelHeight, width: layer.kernelWidth, channels: layer.input.channels };
      const taps = height * width * channels;
      const values = new Float32Array(layer.weights.length);
      layer.weights.forEach((weight, i) => {
        const [o, tap] = [Math.floor(i / taps), i % taps];
        const [y, x, c] = [Math.floor(tap / (width * channels)), Math.floor(tap / channels) % width, tap % channels];
        values[order === 'torch' ? o * taps + (c * height + y) * width + x : tap * outputs + o] = weight;
      });
      const map = order === 'torch' ? [outputs, channels, height, width] : [height, width, channels, outputs];
      const dims = isDense ? (order === 'torch' ? [outputs, taps] : [taps, outputs]) : map;
      return [
        [`${layer.name}.weight`, { dims, values }],
        [`${layer.name}.bias`, { dims: [outputs], values: layer.bias }],
      ];
    }),
  );
}

describe('weights of a described network', () => {
  for (const [order, path] of [
    ['torch', safetensors('torch.safetensors', arraysIn('torch'))],
    ['keras', npz('keras.npz', arraysIn('keras'))],
  ] as const)
    it(`are those of the same network in ONNX, in the order of ${order}`, () => {
      const file = readWeights(path);
      const neuron = mtj({ curve: logisticCurve(70e-6, 12e-6) });
      const [conv1, conv2, out] = weighted.map(({ name, input }) =>
        file.layer(`${name}.weight`, `${name}.bias`, { order, input }),
      );
      const described = defineCore('digits', ({ input, readout }) => {
        const parts = input.image(28, 28, 1).conv(conv1!, { kernel: 5 }).neurons(neuron).averagePool(2);
        readout.potential(parts.conv(conv2!, { kernel: 5 }).neurons(neuron).averagePool(2).dense(out!));
      });
      expect(conv2!.weights).toEqual(Float32Array.from(known[weighted[1]!.name]!.weights));
      const image = Float64Array.from({ length: 784 }, (_, i) => (i % 7) / 7);
      expect([...forwardFloat(described.network, image)]).toEqual([...forwardFloat(network, image)]);
    });

  it('say what is not there, and what does not fit', () => {
    const file = readWeights(
      safetensors('small.safetensors', {
        w: { dims: [3, 4], values: new Float32Array(12) },
        b: { dims: [4], values: new Float32Array(4) },
      }),
    );
    expect(file.names).toEqual(['w', 'b']);
    expect(() => file.layer('v')).toThrow(/no such array[\s\S]*v[\s\S]*w, b/);
    expect(() => file.layer('w', 'b')).toThrow(/biases are not as many[\s\S]*order: 'keras'/);
    expect(file.layer('w', 'b', { order: 'keras' }).bias).toHaveLength(4);
    expect(file.layer('w').bias).toEqual(new Float32Array(3));
    expect(() => file.layer('w', undefined, { input: { height: 2, width: 2, channels: 2 } })).toThrow(
      /do not fit the map/,
    );
    expect(() => file.layer('b')).toThrow(/two or four dimensions/);
  });

  it('are refused when the file is cut or of another kind', () => {
    const whole = { w: { dims: [2, 2], values: [1, 2, 3, 4] } };
    expect(() => readWeights(safetensors('cut.safetensors', whole, (bytes) => bytes.subarray(0, -3)))).toThrow(
      /array w: bytes/,
    );
    expect(() => readWeights(safetensors('head.safetensors', whole, (bytes) => bytes.subarray(0, 20)))).toThrow(
      /a header of/,
    );
    expect(() =>
      readWeights(safetensors('text.safetensors', whole, () => Buffer.from('no weights, just words'))),
    ).toThrow(/not a file of weights/);
  });
});
