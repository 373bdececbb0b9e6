/** Small files that ask for much: each ends with a word or a result, soon and in little memory. */
import { gzipSync } from 'node:zlib';
import { type ModelSpec, type NodeSpec, type TensorSpec, writeModel } from '../network/onnx-writer.ts';
import { randomSource, randomTensor } from '../network/samples.ts';
import { idxLabels } from './small-files.ts';

export interface HostileSize {
  readonly name: string;
  /** Files beside model.onnx, images.idx and labels.idx of a workbench. */
  readonly files: () => Readonly<Record<string, string | Uint8Array>>;
  readonly line: string;
  readonly code: 0 | 2;
  /** What the message or the result says. */
  readonly says: readonly string[];
  /** Takes seconds: measured in the regression only. */
  readonly slow?: true;
}

const sigmoid = (input: string, output: string): NodeSpec => ({ op: 'Sigmoid', inputs: [input], output });
const ints = (...values: readonly number[]) => ({ ints: values });
const tensor = (name: string, dims: readonly number[], values: readonly number[]): TensorSpec => ({
  name,
  dims,
  values,
});

function convolution(
  side: number,
  options: { readonly pads?: number; readonly strides?: number; readonly dilations?: number; readonly pool?: number },
): Uint8Array {
  const { pads = 0, strides = 1, dilations = 1, pool } = options;
  const attributes = { pads: ints(pads, pads, pads, pads), strides: ints(strides, strides) };
  const nodes: NodeSpec[] = [
    {
      op: 'Conv',
      inputs: ['x', 'w'],
      output: 'c',
      attributes: { ...attributes, dilations: ints(dilations, dilations) },
    },
    sigmoid('c', 's'),
    ...(pool === undefined
      ? []
      : [
          {
            op: 'AveragePool',
            inputs: ['s'],
            output: 'p',
            attributes: { kernel_shape: ints(pool, pool), strides: ints(pool, pool) },
          },
        ]),
    { op: 'Flatten', inputs: [pool === undefined ? 's' : 'p'], output: 'f' },
    { op: 'Gemm', inputs: ['f', 'v'], output: 'y', attributes: { transB: { int: 1 } } },
  ];
  const outputs = pool === undefined ? Math.max(1, Math.floor((side + 2 * pads - 2 * dilations - 1) / strides) + 1) : 1;
  const random = randomSource(1);
  const weights = Math.min(outputs, 8) ** 2;
  return writeModel({
    nodes,
    tensors: [randomTensor('w', [1, 1, 3, 3], random), randomTensor('v', [2, weights], random)],
    inputs: [{ name: 'x', dims: ['N', 1, side, side] }],
  });
}

/** 16 inputs, six neurons with a bias, three classes. */
function dense(scale: number, bias: number): Uint8Array {
  const random = randomSource(2);
  const spec: ModelSpec = {
    nodes: [
      { op: 'Flatten', inputs: ['x'], output: 'f' },
      { op: 'Gemm', inputs: ['f', 'w', 'b'], output: 'g', attributes: { transB: { int: 1 } } },
      sigmoid('g', 's'),
      { op: 'Gemm', inputs: ['s', 'v', 'c'], output: 'y', attributes: { transB: { int: 1 } } },
    ],
    tensors: [
      randomTensor('w', [6, 16], random, scale),
      tensor('b', [6], [bias, 0, 1, -1, -bias, 0.5]),
      randomTensor('v', [3, 6], random, scale),
      tensor('c', [3], [bias, 0, -bias]),
    ],
    inputs: [{ name: 'x', dims: ['N', 1, 4, 4] }],
  };
  return writeModel(spec);
}

function deep(layers: number): Uint8Array {
  const random = randomSource(3);
  const nodes: NodeSpec[] = [];
  const tensors: TensorSpec[] = [];
  for (let i = 0; i < layers; i += 1) {
    tensors.push(randomTensor(`w${i}`, [2, 2], random));
    nodes.push({ op: 'Gemm', inputs: [i === 0 ? 'x' : `s${i - 1}`, `w${i}`], output: `g${i}` });
    if (i < layers - 1) nodes.push(sigmoid(`g${i}`, `s${i}`));
  }
  return writeModel({ nodes, tensors, inputs: [{ name: 'x', dims: ['N', 2] }] });
}

/** One layer of `inputs` inputs and three classes. */
function wide(inputs: number): Uint8Array {
  return writeModel({
    nodes: [{ op: 'Gemm', inputs: ['x', 'w'], output: 'y', attributes: { transB: { int: 1 } } }],
    tensors: [tensor('w', [3, inputs], new Array<number>(3 * inputs).fill(1))],
    inputs: [{ name: 'x', dims: ['N', inputs] }],
  });
}

const idxHeader = (...dims: readonly number[]) =>
  Buffer.concat([Buffer.from([0, 0, 8, dims.length]), Buffer.from(Uint32Array.from(dims).buffer).swap32()]);

/** A pulse a line; a curve that rises with the drive. */
function pulses(lines: number, drives: number): string {
  const random = randomSource(4);
  const rows = Array.from({ length: lines }, (_, line) => {
    const drive = drives === 0 ? 40 + 60 * random() : 40 + (60 * (line % drives)) / (drives - 1);
    const spikes = random() < 1 / (1 + Math.exp((70 - drive) / 5)) ? 1 : 0;
    return `${drive.toFixed(6)},${spikes},1`;
  });
  return `current (uA),switches,trials\n${rows.join('\n')}\n`;
}

const many = (count: number, step: number) => Array.from({ length: count }, (_, i) => (i + 1) * step);

const build = 'build hostile.onnx -o core';
const model = (name: string, bytes: () => Uint8Array, code: 0 | 2, ...says: readonly string[]): HostileSize => ({
  name,
  files: () => ({ 'hostile.onnx': bytes() }),
  line: build,
  code,
  says,
});

export const hostileSizes: readonly HostileSize[] = [
  model(
    'pads of 10,000',
    () => convolution(4, { pads: 10_000, strides: 10_000 }),
    2,
    'layer conv1',
    'bits of memory',
    '--force',
  ),
  model('pads of 2^30', () => convolution(4, { pads: 2 ** 30, strides: 2 ** 30 }), 2, 'layer conv1', '--force'),
  model('dilations of 10^9', () => convolution(4, { dilations: 1e9 }), 2, 'Conv'),
  model('strides of 10^9', () => convolution(4, { strides: 1e9 }), 0, 'top module'),
  model('a pool of 10,000', () => convolution(10_000, { pool: 10_000 }), 2, '100,000,000 values in one tensor'),
  model('a pool of 2^31', () => convolution(2 ** 31 - 1, { pool: 2 ** 31 - 1 }), 2, 'values in one tensor'),
  model('500 layers', () => deep(500), 2, '500 layers', 'at most 64', 'layer dense65'),
  model('32 layers', () => deep(32), 0, 'top module'),
  model('a bias of 10^5', () => dense(1, 1e5), 0, 'clock cycles'),
  model('a bias of 10^10', () => dense(1, 1e10), 0, 'clock cycles'),
  model('weights of 10^-30', () => dense(1e-30, 1), 0, 'clock cycles'),
  model('weights of 10^30', () => dense(1e30, 1), 2, 'layer dense1', 'too large for integers'),
  model('weights of 0', () => dense(0, 0), 0, 'clock cycles'),
  {
    name: 'sums of 33 bits',
    files: () => ({ 'hostile.onnx': wide(120_000) }),
    line: `${build} --weight-bits 16`,
    code: 2,
    says: ['the scores have more bits than the readout', 'layer out', 'at most 32 bits'],
  },
  {
    name: 'a sweep of 1.5 * 10^9 combinations',
    files: () => ({
      'sweep.json': JSON.stringify({
        ...{ model: 'model.onnx', images: 'images.idx', labels: 'labels.idx' },
        ...{ thresholdSpread: many(1200, 1e-4), slopeSpread: many(1250, 1e-4), stuckSilent: many(1000, 1e-4) },
      }),
    }),
    line: 'sweep sweep.json',
    code: 2,
    says: ['thresholdSpread 1200 x slopeSpread 1250', 'at most 100,000', '--force'],
  },
  {
    name: 'a gzip file of 3.6 GB of zeros',
    files: () => {
      // Members of a gzip file follow each other.
      const member = gzipSync(new Uint8Array(2 ** 25), { level: 9 });
      return { 'bomb.gz': Buffer.concat(Array.from({ length: 110 }, () => member)) };
    },
    line: 'classify --model model.onnx --images bomb.gz',
    code: 2,
    says: ['a file is too large', 'more than 536870912 bytes when unpacked'],
  },
  {
    name: 'an image file that is 5 GB by its header',
    files: () => ({ 'large.gz': gzipSync(Buffer.concat([idxHeader(2 ** 28, 4, 4), new Uint8Array(2 ** 20)])) }),
    line: 'classify --model model.onnx --images large.gz',
    code: 2,
    says: ['the file is truncated'],
  },
  {
    name: 'more behind the last image than there are images',
    files: () => ({ 'long.gz': gzipSync(Buffer.concat([idxHeader(2, 4, 4), new Uint8Array(2 ** 27)])) }),
    line: 'classify --model model.onnx --images long.gz',
    code: 2,
    says: ['a file is too large', 'more than 49 bytes when unpacked'],
  },
  {
    name: 'a curve of 60,000 pulses at two drives',
    files: () => ({ 'curve.csv': pulses(60_000, 2) }),
    line: 'calibrate --device curve.csv',
    code: 0,
    says: ['nearest sigmoid'],
  },
  {
    name: 'a curve of 100,000 pulses, each at its own drive',
    files: () => ({ 'curve.csv': pulses(100_000, 0) }),
    line: 'calibrate --device curve.csv',
    code: 0,
    says: ['nearest sigmoid'],
  },
  {
    name: 'a curve of 1,000,000 pulses, each at its own drive',
    slow: true,
    files: () => ({ 'curve.csv': pulses(1_000_000, 0) }),
    line: 'calibrate --device curve.csv',
    code: 0,
    says: ['nearest sigmoid'],
  },
  {
    name: 'a header of 60,000 blanks',
    files: () => ({ 'curve.csv': `current (uA)${' '.repeat(60_000)}x,P_sw\n20,0\n40,0.1\n60,0.9\n` }),
    line: 'calibrate --device curve.csv',
    code: 2,
    says: ['curve.csv'],
  },
  {
    name: 'JSON of 100,000 brackets',
    files: () => ({ 'sweep.json': `${'['.repeat(100_000)}${']'.repeat(100_000)}` }),
    line: 'sweep sweep.json',
    code: 2,
    says: ['sweep.json'],
  },
  {
    name: 'a million labels for twelve images',
    files: () => ({ 'many.idx': idxLabels(1_000_000) }),
    line: 'classify --model model.onnx --images images.idx --labels many.idx',
    code: 2,
    says: ['12 images and 1000000 labels'],
  },
];
