import { describe, expect, it } from 'vitest';
import { forwardFloat, importModel, importOnnx } from '../../src/network/index.ts';
import { type ModelSpec, type NodeSpec, writeModel } from './onnx-writer.ts';
import { convolutionModel, convolutionModelByHand, randomSource, randomTensor, toChannelsLast } from './samples.ts';

function load(spec: ModelSpec) {
  return importOnnx(writeModel(spec), 'folder/my-net.onnx');
}

/** x [batch, 6] -> dense 4 -> sigmoid -> dense 3. */
function denseModel(nodes: readonly NodeSpec[], storage: 'raw' | 'floatData' | 'double' | 'doubleData' = 'raw') {
  const random = randomSource(7);
  const tensors = [
    randomTensor('w1', [6, 4], random, 1, storage),
    randomTensor('b1', [4], random, 1, storage),
    randomTensor('w2', [4, 3], random, 1, storage),
    randomTensor('b2', [3], random, 1, storage),
  ];
  return { nodes, tensors, inputs: [{ name: 'x', dims: ['n', 6] }] } satisfies ModelSpec;
}

const gemms: readonly NodeSpec[] = [
  { op: 'Gemm', inputs: ['x', 'w1', 'b1'], output: 'h' },
  { op: 'Sigmoid', inputs: ['h'], output: 's' },
  { op: 'Gemm', inputs: ['s', 'w2', 'b2'], output: 'y' },
];

describe('neurons at the end', () => {
  const withLast = (...last: NodeSpec[]) => {
    const spec = denseModel([...gemms.slice(0, 2), { ...gemms[2]!, output: 'z' }, ...last]);
    return importModel(writeModel(spec), 'ends.onnx').notes;
  };

  it('says that several are classes, of which one is the answer', () => {
    expect(withLast({ op: 'Sigmoid', inputs: ['z'], output: 'y' })).toEqual([
      expect.stringMatching('the 3 neurons at the end are classes'),
    ]);
    expect(withLast({ op: 'Softmax', inputs: ['z'], output: 'y' })).toEqual([]);
  });
});

describe('importOnnx', () => {
  it('reads convolution, pool and dense layers with shapes, names and geometry', () => {
    const network = load(convolutionModel(1).model);
    expect(network.name).toBe('my_net');
    expect(network.input).toEqual({ height: 7, width: 6, channels: 2 });
    expect(network.layers.map((layer) => ({ ...layer, weights: undefined, bias: undefined }))).toEqual([
      {
        kind: 'convolution',
        name: 'conv1',
        input: { height: 7, width: 6, channels: 2 },
        output: { height: 6, width: 7, channels: 3 },
        kernelHeight: 3,
        kernelWidth: 2,
        strideY: 1,
        strideX: 1,
        padTop: 1,
        padLeft: 2,
        padBottom: 0,
        padRight: 0,
        sigmoid: true,
      },
      {
        kind: 'averagePool',
        name: 'pool1',
        input: { height: 6, width: 7, channels: 3 },
        output: { height: 3, width: 2, channels: 3 },
        windowHeight: 2,
        windowWidth: 3,
      },
      { kind: 'dense', name: 'out', input: { height: 3, width: 2, channels: 3 }, outputs: 4, sigmoid: false },
    ]);
  });

  it('computes what the operators are defined to compute, in our element order', () => {
    for (const seed of [1, 2, 3]) {
      const { model, tensors } = convolutionModel(seed);
      const network = load(model);
      const random = randomSource(100 + seed);
      const image = Array.from({ length: 84 }, random);
      const found = forwardFloat(network, toChannelsLast(image, 2, 7, 6));
      const expected = convolutionModelByHand(tensors, image);
      expect(found.length, `seed ${seed}`).toBe(4);
      for (const [index, value] of expected.entries()) expect(found[index], `seed ${seed}`).toBeCloseTo(value, 5);
    }
  });

  it('reads strided convolutions and SAME padding as explicit padding', () => {
    const random = randomSource(5);
    const tensors = [randomTensor('w', [1, 1, 4, 3], random), randomTensor('m', [1, 16], random)];
    const spec = (autoPad: string): ModelSpec => ({
      tensors,
      inputs: [{ name: 'x', dims: [1, 1, 7, 8] }],
      nodes: [
        {
          op: 'Conv',
          inputs: ['x', 'w'],
          output: 'c',
          attributes: { strides: { ints: [2, 2] }, auto_pad: { string: autoPad } },
        },
        { op: 'Sigmoid', inputs: ['c'], output: 's' },
        { op: 'Flatten', inputs: ['s'], output: 'f' },
        { op: 'Gemm', inputs: ['f', 'm'], output: 'y', attributes: { transB: { int: 1 } } },
      ],
    });
    // Height: 4 positions span 10 of 7: 3 rows; width: 4 positions span 9 of 8: 1 column.
    expect(load(spec('SAME_UPPER')).layers[0]).toMatchObject({ padTop: 1, padBottom: 2, padLeft: 0, padRight: 1 });
    expect(load(spec('SAME_LOWER')).layers[0]).toMatchObject({ padTop: 2, padBottom: 1, padLeft: 1, padRight: 0 });
    expect(load(spec('SAME_UPPER')).layers[0]).toMatchObject({ output: { height: 4, width: 4, channels: 1 } });
  });

  it('takes float and double weights, listed or raw, to the same network', () => {
    const reference = load(denseModel(gemms));
    expect(reference.input).toEqual({ height: 1, width: 1, channels: 6 });
    for (const storage of ['floatData', 'double', 'doubleData'] as const) {
      expect(load(denseModel(gemms, storage)), storage).toEqual(reference);
    }
  });

  it('reads MatMul and Add, Identity and Constant nodes like Gemm', () => {
    const spec = denseModel([
      { op: 'Identity', inputs: ['b1'], output: 'b1again' },
      { op: 'MatMul', inputs: ['x', 'w1'], output: 'h0' },
      { op: 'Add', inputs: ['b1again', 'h0'], output: 'h' },
      { op: 'Sigmoid', inputs: ['h'], output: 's' },
      { op: 'Identity', inputs: ['s'], output: 't' },
      { op: 'MatMul', inputs: ['t', 'w2'], output: 'y0' },
      { op: 'Constant', inputs: [], output: 'bias', attributes: { value: { tensor: denseModel([]).tensors[3]! } } },
      { op: 'Add', inputs: ['y0', 'bias'], output: 'y' },
    ]);
    expect(load(spec)).toEqual(load(denseModel(gemms)));
  });

  it('applies alpha, beta and transB of Gemm', () => {
    const scaled = gemms.map((node) =>
      node.op === 'Gemm' ? { ...node, attributes: { alpha: { float: 0.5 }, beta: { float: -2 } } } : node,
    );
    const plain = load(denseModel(gemms)).layers[0]!;
    const other = load(denseModel(scaled)).layers[0]!;
    if (plain.kind !== 'dense' || other.kind !== 'dense') throw new Error('not dense');
    expect(other.weights).toEqual(plain.weights.map((weight) => weight * 0.5));
    expect(other.bias).toEqual(plain.bias.map((bias) => bias * -2));
    const one = { name: 'b1', dims: [1, 1], values: [3] };
    const { tensors } = denseModel([]);
    const broadcast = load({ ...denseModel(gemms), tensors: tensors.map((each) => (each.name === 'b1' ? one : each)) });
    expect(broadcast.layers[0]).toMatchObject({ bias: Float32Array.of(3, 3, 3, 3) });
    // w1 is [input][output]: weight (output 1, input 2) is element 2 * 4 + 1.
    expect(plain.weights[1 * 6 + 2]).toBe(denseModel([]).tensors[0]!.values[2 * 4 + 1]);
  });

  it('takes Reshape, Flatten and padding by nothing as what they are', () => {
    const { model, nodes, tensors } = convolutionModel(4);
    const reference = load(model);
    const shape = (values: number[]) => ({ name: 'shape', dims: [values.length], values, storage: 'int64' as const });
    for (const target of [
      [-1, 18],
      [0, -1],
      [1, -1],
    ]) {
      const reshaped = nodes.map((node) =>
        node.op === 'Flatten' ? { op: 'Reshape', inputs: ['p', 'shape'], output: 'f' } : node,
      );
      expect(load({ ...model, nodes: reshaped, tensors: [...tensors, shape(target)] }), `${target}`).toEqual(reference);
    }
    const padded = nodes.flatMap((node): NodeSpec[] =>
      node.op === 'AveragePool'
        ? [
            { op: 'Pad', inputs: ['s', 'shape'], output: 'q' },
            { ...node, inputs: ['q'] },
          ]
        : [node],
    );
    const noPads = shape([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(load({ ...model, nodes: padded, tensors: [...tensors, noPads] })).toEqual(reference);
  });

  it('lets a flat input become an image, and initializers be listed as inputs', () => {
    const { model, nodes, tensors } = convolutionModel(4);
    const shape = { name: 'shape', dims: [4], values: [-1, 2, 7, 6], storage: 'int64Data' as const };
    const spec: ModelSpec = {
      ...model,
      tensors: [...tensors, shape],
      nodes: [{ op: 'Reshape', inputs: ['flat', 'shape'], output: 'x' }, ...nodes],
      inputs: [
        { name: 'flat', dims: ['n', 84] },
        { name: 'conv.weight', dims: [3, 2, 3, 2] },
      ],
    };
    expect(load(spec)).toEqual(load(model));
  });

  it('keeps a Sigmoid on the last layer', () => {
    const nodes = [...gemms, { op: 'Sigmoid', inputs: ['y'], output: 'z' }];
    expect(load(denseModel(nodes)).layers.map((layer) => layer.kind === 'dense' && layer.sigmoid)).toEqual([
      true,
      true,
    ]);
  });
});
