/** A tiny network and images for it, and a folder to put damaged copies in. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ModelSpec, type NodeSpec, writeModel } from '../network/onnx-writer.ts';
import { randomSource, randomTensor } from '../network/samples.ts';

const side = 4;
const classes = 3;

/** 1 x 4 x 4 image, one convolution of two channels with neurons, pool, dense layer of three classes. */
export function smallModel(seed = 1): ModelSpec {
  const random = randomSource(seed);
  const nodes: NodeSpec[] = [
    {
      op: 'Conv',
      name: '/conv/Conv',
      inputs: ['x', 'conv.weight', 'conv.bias'],
      output: 'c',
      attributes: { kernel_shape: { ints: [3, 3] }, strides: { ints: [1, 1] } },
    },
    { op: 'Sigmoid', name: '/Sigmoid', inputs: ['c'], output: 's' },
    {
      op: 'AveragePool',
      name: '/pool/AveragePool',
      inputs: ['s'],
      output: 'p',
      attributes: { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } },
    },
    { op: 'Flatten', name: '/Flatten', inputs: ['p'], output: 'f', attributes: { axis: { int: 1 } } },
    {
      op: 'Gemm',
      name: '/fc/Gemm',
      inputs: ['f', 'fc.weight', 'fc.bias'],
      output: 'y',
      attributes: { transB: { int: 1 } },
    },
  ];
  return {
    nodes,
    tensors: [
      randomTensor('conv.weight', [2, 1, 3, 3], random),
      randomTensor('conv.bias', [2], random),
      randomTensor('fc.weight', [classes, 2], random, 2),
      randomTensor('fc.bias', [classes], random),
    ],
    inputs: [{ name: 'x', dims: ['batch', 1, side, side] }],
    outputs: [{ name: 'y', dims: ['batch', classes] }],
  };
}

const bigEndian = (...words: number[]) =>
  Buffer.concat(words.map((word) => Buffer.from(Uint32Array.of(word).buffer).swap32()));

export function idxImages(count: number, rows = side, columns = side, seed = 7): Buffer {
  const random = randomSource(seed);
  const pixels = Uint8Array.from({ length: count * rows * columns }, () => Math.floor(random() * 256));
  return Buffer.concat([bigEndian(0x803, count, rows, columns), pixels]);
}

export function idxLabels(count: number, seed = 8): Buffer {
  const random = randomSource(seed);
  return Buffer.concat([
    bigEndian(0x801, count),
    Uint8Array.from({ length: count }, () => Math.floor(random() * classes)),
  ]);
}

export interface Workbench {
  /** Absolute; holds model.onnx, images.idx and labels.idx of 12 images. */
  readonly folder: string;
  /** Writes another file and returns its name. */
  put(name: string, content: string | Uint8Array): string;
  dispose(): void;
}

export function workbench(): Workbench {
  const folder = mkdtempSync(join(tmpdir(), 'spinfire-cli-'));
  const put = (name: string, content: string | Uint8Array) => {
    writeFileSync(join(folder, name), content);
    return name;
  };
  put('model.onnx', writeModel(smallModel()));
  put('images.idx', idxImages(12));
  put('labels.idx', idxLabels(12));
  return { folder, put, dispose: () => rmSync(folder, { recursive: true, force: true }) };
}
