/** What is fuzzed: good files, how they are damaged, and what reads them as the commands do. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { loadDesign, parseSweep, readDevice, readPlan, writePlan } from '../../src/app/index.ts';
import { readRealism } from '../../src/app/realism.ts';
import { planCore, quantiseCore } from '../../src/core/index.ts';
import { decodeText, readCurveFile, readDwellFile } from '../../src/device/index.ts';
import { parseAssumptions } from '../../src/estimate/index.ts';
import { createCycleModel } from '../../src/golden/index.ts';
import { frameOf, ResponseDecoder } from '../../src/link/index.ts';
import { fitImages, openModel, readModel, readRawImages, readRawLabels, readWeights } from '../../src/network/index.ts';
import { idxImages, idxLabels, smallModel } from '../cli/small-files.ts';
import { withRandomDevice } from '../golden/random-device.ts';
import { randomPlan } from '../golden/random-plan.ts';
import { withRandomTelegraph } from '../golden/random-telegraph.ts';
import { writeModel } from '../network/onnx-writer.ts';
import { mutateBytes, mutateJson, mutateProgram } from './mutate.ts';

export interface FuzzTarget {
  readonly mutate: (bases: readonly Uint8Array[], seed: number) => Uint8Array;
  readonly bases: () => readonly Uint8Array[];
  /** Takes the bytes, or throws an error for people. A path in a folder that nobody else uses is given for what wants a file. */
  readonly read: (bytes: Uint8Array, folder: string) => unknown;
}

const root = new URL('../../', import.meta.url);
const file = (name: string) => readFileSync(new URL(name, root));
const json = (value: unknown) => Buffer.from(JSON.stringify(value));

const put = (folder: string, name: string, bytes: Uint8Array) => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};

const imageShape = { shape: { height: 4, width: 4, channels: 1 } };

const readImages = (name: string) => (bytes: Uint8Array, folder: string) => {
  const path = put(folder, name, bytes);
  return fitImages(readRawImages(path, name), imageShape, {}, name);
};

const pixels = Uint8Array.from({ length: 16 }, (_, i) => (37 * i) & 255);

function npy(descr: string, shape: string, data: Uint8Array): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`;
  const length = Math.ceil((11 + header.length) / 64) * 64 - 10;
  const head = Buffer.from(`\u0093NUMPY\u0001\u0000${' '.repeat(2)}${header.padEnd(length - 1)}\n`, 'latin1');
  head.writeUInt16LE(length, 8);
  return Buffer.concat([head, data]);
}

const arrays = () => [
  npy('|u1', '(2, 4, 4)', new Uint8Array([...pixels, ...pixels])),
  npy('<f4', '(1, 16)', new Uint8Array(Float32Array.from(pixels, (value) => value / 255).buffer)),
  npy('>i2', '(1, 4, 4, 1)', new Uint8Array(32)),
];

/** Reads all arrays of a file of weights as layers. */
const readLayer = (name: string) => (bytes: Uint8Array, folder: string) => {
  const weights = readWeights(put(folder, name, bytes), name);
  for (const array of weights.names.slice(0, 8)) weights.layer(array);
};

/** A weight of two outputs and three inputs and its bias, and a kernel of half precision. */
const tensors = () => {
  const withHeader = (header: unknown, data: Uint8Array) => {
    const text = Buffer.from(JSON.stringify(header));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(text.length));
    return Buffer.concat([length, text, data]);
  };
  return [
    withHeader(
      {
        w: { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
        b: { dtype: 'F32', shape: [2], data_offsets: [24, 32] },
      },
      new Uint8Array(Float32Array.from({ length: 8 }, (_, i) => i - 3).buffer),
    ),
    withHeader(
      { __metadata__: { format: 'pt' }, k: { dtype: 'F16', shape: [2, 1, 3, 3], data_offsets: [0, 36] } },
      new Uint8Array(36).fill(0x3c),
    ),
  ];
};

const png = (options: { colorType: 0 | 2 | 6 }) => {
  const image = new PNG({ width: 4, height: 4 });
  image.data.set(Uint8Array.from({ length: 64 }, (_, i) => (i % 4 === 3 ? 255 : (29 * i) & 255)));
  return PNG.sync.write(image, options);
};

const plans = () =>
  [1, 2, 3, 4].flatMap((seed) => {
    const plan = randomPlan(seed);
    return [plan, withRandomDevice(plan, seed), withRandomTelegraph(plan, seed)].map((one) =>
      Buffer.from(writePlan(one)),
    );
  });

const requests = () =>
  [0, 1, 2].map((sequence) =>
    frameOf(Uint8Array.from([0x81, sequence, sequence + 1, 0, 4, 0, 1, 0, 1, 2, 3, sequence])),
  );

const valid = requests()[0]!;

export const fuzzTargets: Readonly<Record<string, FuzzTarget>> = {
  onnx: {
    mutate: mutateBytes,
    bases: () => [
      writeModel(smallModel(1)),
      writeModel(smallModel(2)),
      file('models/digits-mlp.onnx').subarray(0, 6000),
    ],
    read: async (bytes, folder) => {
      const path = put(folder, 'model.onnx', bytes);
      readModel(path, 'model.onnx');
      // What is read must become a core, or be refused with a reason.
      planCore(await loadDesign('model.onnx', {}, { cwd: folder }));
    },
  },
  nir: {
    mutate: mutateBytes,
    bases: () => ['dense', 'images', 'signal'].map((name) => file(`test/network/nir/${name}.nir`)),
    read: async (bytes, folder) => {
      await openModel(put(folder, 'model.nir', bytes), 'model.nir');
      planCore(await loadDesign('model.nir', {}, { cwd: folder }));
    },
  },
  safetensors: { mutate: mutateBytes, bases: tensors, read: readLayer('weights.safetensors') },
  'npz of weights': {
    mutate: mutateBytes,
    bases: () => [
      zipSync({ 'w.npy': npy('<f4', '(2, 3)', new Uint8Array(24)), 'b.npy': npy('<f4', '(2,)', new Uint8Array(8)) }),
      zipSync({ 'w.npy': [npy('<f8', '(2, 1, 3, 3)', new Uint8Array(144)), { level: 0 }] }),
    ],
    read: readLayer('weights.npz'),
  },
  idx: {
    mutate: mutateBytes,
    bases: () => [idxImages(2), idxLabels(5), gzipSync(idxImages(3))],
    read: (bytes, folder) => {
      const path = put(folder, 'images.idx', bytes);
      const labels = () => readRawLabels(path, 'images.idx');
      return bytes[3] === 1 ? labels() : readImages('images.idx')(bytes, folder);
    },
  },
  npy: { mutate: mutateBytes, bases: arrays, read: readImages('images.npy') },
  npz: {
    mutate: mutateBytes,
    bases: () => [
      zipSync({ 'x.npy': arrays()[0]!, 'y.npy': npy('<i8', '(2,)', new Uint8Array(16)) }),
      zipSync({ 'x.npy': [arrays()[1]!, { level: 0 }], 'notes.txt': strToU8('a') }),
    ],
    read: readImages('images.npz'),
  },
  png: {
    mutate: mutateBytes,
    bases: () => [png({ colorType: 0 }), png({ colorType: 2 }), png({ colorType: 6 })],
    read: readImages('image.png'),
  },
  jpeg: {
    mutate: mutateBytes,
    bases: () =>
      [50, 90].map((quality) => jpeg.encode({ width: 4, height: 4, data: Buffer.alloc(64, 99) }, quality).data),
    read: readImages('image.jpg'),
  },
  'csv of images': {
    mutate: mutateBytes,
    bases: () => [
      Buffer.from(`label,${Array.from(pixels, (_, i) => `p${i}`)}\n7,${[...pixels]}\n1,${[...pixels]}\n`),
      Buffer.from(`${[...pixels].map((value) => value / 255).join(';')}\n`),
    ],
    read: readImages('images.csv'),
  },
  'csv of a device': {
    mutate: mutateBytes,
    bases: () => [
      file('models/devices/sot-mtj-measured-0p75ns.csv'),
      file('models/devices/telegraphic-300K.csv'),
      Buffer.from('I (uA);P;trials\n10,5;0,1;100\n20,5;0,5;100\n30,5;0,9;100\n'),
    ],
    read: (bytes) => {
      const text = decodeText(bytes);
      return text.includes('dwell') ? readDwellFile(text, 'device.csv') : readCurveFile(text, 'device.csv');
    },
  },
  'json of a device': {
    mutate: mutateJson,
    bases: () => [file('examples/04-device.json')],
    read: (bytes, folder) => readDevice(put(folder, 'device.json', bytes), {}, { cwd: folder }),
  },
  'json of realism': {
    mutate: mutateJson,
    bases: () => [
      json({ phases: { write: 2, read: 1, reset: 3 }, counters: true, trim: true, faults: { missed: 0.1 } }),
      json({ variation: { thresholdSpread: 0.1, slopeSpread: 0.1, stuckAtSpike: 0.01, seed: 3 }, selfTest: true }),
    ],
    read: (bytes, folder) => readRealism(put(folder, 'realism.json', bytes), folder),
  },
  'json of assumptions': {
    mutate: mutateJson,
    bases: () => [file('models/energy/assumptions.json')],
    read: (bytes) => parseAssumptions(decodeText(bytes), 'assumptions.json'),
  },
  'plan.json': {
    mutate: mutateJson,
    bases: plans,
    read: (bytes) => {
      const plan = readPlan(decodeText(bytes), 'plan.json');
      const model = createCycleModel(plan);
      const inputs = { timeSteps: 1, sAxisTdata: 9, sAxisTvalid: true, sAxisTlast: false, mAxisTready: true };
      for (let cycle = 0; cycle < 50; cycle += 1) model.step(inputs);
    },
  },
  'sweep file': {
    mutate: mutateJson,
    bases: () => [
      json({
        network: 'model.onnx',
        devices: { a: { 300: 'a.csv' } },
        grids: [{ name: 'g', axes: { device: ['a'], timeSteps: [1, 2, 4], weightBits: [4, 8], seed: [1] } }],
      }),
      file('docs/sweeps/variation.json'),
    ],
    read: (bytes) => parseSweep(decodeText(bytes), 'sweep.json'),
  },
  'serial frames': {
    mutate: mutateBytes,
    bases: requests,
    read: (bytes) => {
      const decoder = new ResponseDecoder();
      for (let at = 0; at < bytes.length; at += 5) decoder.feed(bytes.subarray(at, at + 5));
      // Whatever came, a good frame behind it is heard, at the latest the second.
      const heard = [...decoder.feed(valid), ...decoder.feed(valid)];
      if (heard.at(-1)?.kind !== 'response') throw new Error('a good frame is not heard after damaged ones');
    },
  },
  'TypeScript designs': {
    mutate: mutateProgram,
    bases: () => [
      file('examples/03-measured-device.ts'),
      Buffer.from(`import { defineCore, mtj } from 'spinfire/core';
import { logisticCurve } from 'spinfire/device';
const neuron = mtj({ curve: logisticCurve(70e-6, 12e-6) });
const layer = (outputs: number, taps: number) => ({
  weights: Array.from({ length: outputs * taps }, (_, i) => ((i * 7) % 5) - 2),
  bias: Array.from({ length: outputs }, () => 0.5),
});
export default defineCore('small', (core) => {
  const image = core.input.image(4, 4, 1, { encoding: 'direct' });
  const edges = image.conv(layer(2, 9), { kernel: 3 }).neurons(neuron).averagePool(2);
  core.readout.potential(edges.dense(layer(3, 2)));
}, { timeSteps: 4, maxTimeSteps: 8, weightBits: 6 });
`),
    ],
    read: async (bytes, folder) => {
      designs += 1;
      const name = `design-${designs}.ts`;
      put(folder, name, bytes);
      quantiseCore(await loadDesign(name, {}, { cwd: folder }));
    },
  },
};

/** A module is loaded once: each design has a name of its own. */
let designs = 0;

/** A folder for the files of a run; designs find `spinfire` from there. */
export function fuzzFolder(): { readonly path: string; dispose(): void } {
  const path = mkdtempSync(join(tmpdir(), 'spinfire-fuzz-'));
  writeFileSync(join(path, 'package.json'), '{"type": "module"}');
  return { path, dispose: () => rmSync(path, { recursive: true, force: true }) };
}
