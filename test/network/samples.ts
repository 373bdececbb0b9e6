import type { ModelSpec, NodeSpec, TensorSpec } from './onnx-writer.ts';

/** A small seeded generator (mulberry32): numbers from 0 to 1. */
export function randomSource(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function randomTensor(
  name: string,
  dims: readonly number[],
  random: () => number,
  scale = 1,
  storage: TensorSpec['storage'] = 'raw',
): TensorSpec {
  const count = dims.reduce((product, dim) => product * dim, 1);
  // Rounded to float32, so that every storage holds the same numbers.
  const values = Array.from({ length: count }, () => Math.fround((random() * 2 - 1) * scale));
  return { name, dims, values, storage };
}

/** What torch.onnx.export writes for conv, sigmoid, pool, flatten, linear; weights as in torch, channels first. */
export function convolutionModel(seed: number) {
  const random = randomSource(seed);
  const tensors = [
    randomTensor('conv.weight', [3, 2, 3, 2], random),
    randomTensor('conv.bias', [3], random),
    randomTensor('fc.weight', [4, 18], random, 1, 'floatData'),
    randomTensor('fc.bias', [4], random),
  ] as const;
  const nodes: NodeSpec[] = [
    {
      op: 'Conv',
      name: '/conv/Conv',
      inputs: ['x', 'conv.weight', 'conv.bias'],
      output: 'c',
      attributes: {
        dilations: { ints: [1, 1] },
        group: { int: 1 },
        kernel_shape: { ints: [3, 2] },
        pads: { ints: [1, 2, 0, 0] },
        strides: { ints: [1, 1] },
      },
    },
    { op: 'Sigmoid', name: '/Sigmoid', inputs: ['c'], output: 's' },
    {
      op: 'AveragePool',
      name: '/pool/AveragePool',
      inputs: ['s'],
      output: 'p',
      attributes: { ceil_mode: { int: 0 }, kernel_shape: { ints: [2, 3] }, strides: { ints: [2, 3] } },
    },
    { op: 'Flatten', name: '/Flatten', inputs: ['p'], output: 'f', attributes: { axis: { int: 1 } } },
    {
      op: 'Gemm',
      name: '/fc/Gemm',
      inputs: ['f', 'fc.weight', 'fc.bias'],
      output: 'y',
      attributes: { alpha: { float: 1 }, beta: { float: 1 }, transB: { int: 1 } },
    },
  ];
  // 7 x 6 padded to 8 x 8; kernel 3 x 2 leaves 6 x 7; windows of 2 x 3 leave 3 x 2 and drop a column.
  const model: ModelSpec = {
    nodes,
    tensors: [...tensors],
    inputs: [{ name: 'x', dims: ['batch', 2, 7, 6] }],
    outputs: [{ name: 'y', dims: ['batch', 4] }],
  };
  return { model, nodes, tensors };
}

/** The same sizes by hand, channels first, straight from the definition of each operator. */
export function convolutionModelByHand(tensors: readonly TensorSpec[], image: readonly number[]): number[] {
  const [kernel, kernelBias, matrix, matrixBias] = tensors.map((tensor) => tensor.values) as number[][];
  const pixel = (c: number, y: number, x: number) =>
    y < 0 || x < 0 || y >= 7 || x >= 6 ? 0 : image[c * 42 + y * 6 + x]!;
  const spikes = (o: number, y: number, x: number): number => {
    let sum = kernelBias![o]!;
    for (let c = 0; c < 2; c += 1) {
      for (let ky = 0; ky < 3; ky += 1) {
        for (let kx = 0; kx < 2; kx += 1) {
          sum += kernel![((o * 2 + c) * 3 + ky) * 2 + kx]! * pixel(c, y + ky - 1, x + kx - 2);
        }
      }
    }
    return 1 / (1 + Math.exp(-sum));
  };
  const flat: number[] = [];
  for (let o = 0; o < 3; o += 1) {
    for (let y = 0; y < 3; y += 1) {
      for (let x = 0; x < 2; x += 1) {
        let sum = 0;
        for (let py = 0; py < 2; py += 1) {
          for (let px = 0; px < 3; px += 1) sum += spikes(o, 2 * y + py, 3 * x + px);
        }
        flat.push(sum / 6);
      }
    }
  }
  return matrixBias!.map((bias, o) => flat.reduce((sum, value, i) => sum + value * matrix![o * 18 + i]!, bias));
}

/** Channels-first values in our order (y, x, channel). */
export function toChannelsLast(image: readonly number[], channels: number, height: number, width: number): number[] {
  return Array.from({ length: image.length }, (_, index) => {
    const channel = index % channels;
    const position = Math.floor(index / channels);
    return image[channel * height * width + position]!;
  });
}

/** Class 1 where the values of one channel are above 0 on the whole: an image is 2 x 2. */
export function aboveZeroModel(channels: number, judged: number): ModelSpec {
  const inputs = 4 * channels;
  return {
    nodes: [
      { op: 'Flatten', name: 'flatten', inputs: ['x'], output: 'f', attributes: { axis: { int: 1 } } },
      { op: 'MatMul', name: 'first', inputs: ['f', 'sum'], output: 'z' },
      { op: 'Sigmoid', name: 'neuron', inputs: ['z'], output: 's' },
      { op: 'Gemm', name: 'last', inputs: ['s', 'two', 'half'], output: 'y' },
    ],
    tensors: [
      { name: 'sum', dims: [inputs, 1], values: Array.from({ length: inputs }, (_, i) => Number(i >> 2 === judged)) },
      { name: 'two', dims: [1, 2], values: [-1, 1] },
      { name: 'half', dims: [2], values: [0.5, -0.5] },
    ],
    inputs: [{ name: 'x', dims: ['batch', channels, 2, 2] }],
    outputs: [{ name: 'y', dims: ['batch', 2] }],
  };
}
