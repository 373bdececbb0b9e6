import { describe, expect, it } from 'vitest';
import { SpinfireError } from '../../src/errors/index.ts';
import { importOnnx } from '../../src/network/index.ts';
import { type AttributeValue, type ModelSpec, type NodeSpec, writeModel } from './onnx-writer.ts';
import { convolutionModel, randomSource } from './samples.ts';

const { model, nodes, tensors } = convolutionModel(1);
const [conv, sigmoid, pool, flatten, gemm] = nodes as [NodeSpec, NodeSpec, NodeSpec, NodeSpec, NodeSpec];

/** The message of the error that an import of these bytes throws; bad input, whatever it is. */
function messageOf(bytes: Uint8Array): string {
  try {
    importOnnx(bytes, 'bad.onnx');
  } catch (error) {
    expect(error).toBeInstanceOf(SpinfireError);
    expect((error as SpinfireError).exitCode).toBe(2);
    return (error as SpinfireError).message;
  }
  throw new Error('the import was content');
}

const refused = (spec: ModelSpec): string => messageOf(writeModel(spec));
const withNodes = (...list: NodeSpec[]): string => refused({ ...model, nodes: list });
const withAttribute = (node: NodeSpec, name: string, value: AttributeValue): string =>
  withNodes(
    ...nodes.map((each) => (each === node ? { ...each, attributes: { ...each.attributes, [name]: value } } : each)),
  );
const withTensor = (index: number, change: object): string =>
  refused({ ...model, tensors: tensors.map((tensor, at) => (at === index ? { ...tensor, ...change } : tensor)) });

describe('files that are no ONNX model', () => {
  it('tells a truncated file at every length', () => {
    const bytes = writeModel(model);
    for (let length = 1; length < bytes.length; length += 1) {
      // Cut between two parts, the file is whole but lacks its graph or opset.
      expect(messageOf(bytes.subarray(0, length)), `${length} bytes`).toMatch(/truncated|no graph|operator set/);
    }
    expect(messageOf(bytes.subarray(0, 1000))).toBe(
      [
        'the ONNX file is truncated or no ONNX file',
        '  at:       bad.onnx byte 8',
        '  found:    1000 bytes',
        `  expected: at least ${bytes.length - 6} bytes for the part that starts here`,
        '  help:     copy or export it again',
      ].join('\n'),
    );
  });

  it('tells other formats', () => {
    expect(messageOf(new Uint8Array(0))).toMatch('the model file is empty');
    expect(messageOf(new TextEncoder().encode('hello, this is text'))).toMatch('not an ONNX file');
    expect(messageOf(new Uint8Array(64))).toMatch('not an ONNX file');
    expect(messageOf(Uint8Array.of(0x50, 0x4b, 3, 4, 5, 6))).toMatch('PyTorch checkpoint');
    expect(messageOf(Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0xd, 0xa))).toMatch('HDF5');
    expect(messageOf(Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1))).toMatch('IDX file');
  });

  it('answers random and damaged bytes with an error of its own, never another one', () => {
    const seed = 42;
    const random = randomSource(seed);
    const good = writeModel(model);
    let survived = 0;
    for (let trial = 0; trial < 400; trial += 1) {
      const bytes = trial % 2 === 0 ? Uint8Array.from({ length: 64 }, () => random() * 256) : Uint8Array.from(good);
      if (trial % 2 === 1) for (let n = 0; n < 3; n += 1) bytes[Math.floor(random() * bytes.length)] = random() * 256;
      try {
        importOnnx(bytes, 'bad.onnx');
        survived += 1;
      } catch (error) {
        expect(error, `seed ${seed} trial ${trial}`).toBeInstanceOf(SpinfireError);
      }
    }
    // Damage inside weights can't be seen; elsewhere it is.
    expect(survived).toBeLessThan(200);
  });

  it('wants a graph and a known opset', () => {
    expect(refused({ ...model, withGraph: false })).toMatch('holds no graph');
    expect(refused({ ...model, opset: 6 })).toMatch(/found: +opset 6\n +expected: opset 7 to 25/);
    expect(refused({ ...model, opset: 99 })).toMatch('found:    opset 99');
    expect(refused({ ...model, opset: 0 })).toMatch('no opset of the ONNX standard');
  });
});

describe('operators', () => {
  it('refuses one that is not known by name, with its node', () => {
    expect(withNodes(conv, { ...sigmoid, op: 'Relu', name: '/Relu' }, pool, flatten, gemm)).toBe(
      [
        'operator Relu is not supported',
        "  at:       bad.onnx: node '/Relu' (Relu)",
        '  found:    weighted sums, which have no bounds, cut off',
        '  expected: a sigmoid, or values of at least 0, which stay as they are',
        '  help:     a stochastic MTJ neuron computes a sigmoid: train with torch.sigmoid, or convert the network by fine-tuning: spinfire-train convert (docs/does-my-network-run.md)',
      ].join('\n'),
    );
    expect(withNodes(conv, { ...sigmoid, domain: 'com.example' }, pool, flatten, gemm)).toMatch(
      'operator com.example.Sigmoid',
    );
    expect(withNodes(conv, { op: 'Erf', inputs: ['c'], output: 'y' })).toMatch('at:       bad.onnx: node 1 (Erf)');
    expect(withNodes({ op: 'LSTM', inputs: ['x'], output: 'y' })).toMatch('forget everything between two time steps');
    expect(withNodes(conv, { ...pool, op: 'MaxPool', inputs: ['c'], output: 'y' })).toMatch(
      'a maximum over 2 x 3 values',
    );
  });

  it('refuses what the hardware would not compute', () => {
    expect(withAttribute(conv, 'group', { int: 2 })).toMatch('weights for 2 input channels in 2 groups');
    expect(withAttribute(conv, 'strides', { ints: [0, 1] })).toMatch('attribute strides is wrong');
    expect(withAttribute(conv, 'pads', { ints: [1, 1] })).toMatch('attribute pads is wrong');
    expect(withAttribute(conv, 'pads', { ints: [0, 0, -1, 0] })).toMatch('attribute pads is wrong');
    expect(withAttribute(conv, 'group', { float: 1 })).toMatch(/wrong type\n.*\n.*FLOAT\n.*INT/);
    expect(withAttribute(conv, 'magic', { int: 1 })).toMatch('attribute magic');
    expect(withAttribute(pool, 'dilations', { ints: [2, 1] })).toMatch('dilations is not supported');
    expect(withAttribute(pool, 'auto_pad', { string: 'SOME' })).toMatch('auto_pad is not known');
    expect(withAttribute(gemm, 'transA', { int: 1 })).toMatch('weights for 18 inputs');
    expect(withNodes(conv, { op: 'Mul', inputs: ['c', 'c'], output: 'y' })).toMatch('a product of two values');
    expect(
      withNodes(conv, { op: 'Exp', inputs: ['c'], output: 'e' }, { op: 'Neg', inputs: ['e'], output: 'y' }),
    ).toMatch('Neg has an operand that is not supported');
    expect(withNodes(conv, { op: 'Pow', inputs: ['c', 'fc.bias'], output: 'y' })).toMatch('shapes do not fit');
  });

  it('accepts count_include_pad where there is no padding', () => {
    const changed = { ...pool, attributes: { ...pool.attributes, count_include_pad: { int: 1 } } };
    const spec = { ...model, nodes: [conv, sigmoid, changed, flatten, gemm] };
    expect(importOnnx(writeModel(spec), 'good.onnx')).toEqual(importOnnx(writeModel(model), 'good.onnx'));
  });
});

describe('the shape of the network', () => {
  const identity = (input: string, output: string): NodeSpec => ({ op: 'Identity', inputs: [input], output });

  it('wants one vector of classes at the end', () => {
    expect(withNodes(identity('x', 'y'))).toMatch('has no layer with weights');
    expect(refused({ ...model, nodes: [{ ...conv, output: 'y' }], outputs: [{ name: 'y' }] })).toMatch(
      'gives an image instead of one value for each class',
    );
  });

  it('refuses branches, dead ends, several inputs and outputs', () => {
    const second = { name: 'x2', dims: ['batch', 2, 7, 6] };
    const both = { op: 'Sub', inputs: ['x', 'x2'], output: 'z' };
    const fromBoth = [both, { ...conv, inputs: ['z', 'conv.weight'] }, sigmoid, pool, flatten, gemm];
    expect(refused({ ...model, nodes: fromBoth, inputs: [...model.inputs!, second] })).toMatch("found:    'x', 'x2'");
    expect(refused({ ...model, nodes: fromBoth, inputs: [...model.inputs!, second] })).toMatch(
      'put them into one tensor',
    );
    expect(refused({ ...model, outputs: [{ name: 'y' }, { name: 's' }] })).toMatch('must have one output');
    expect(refused({ ...model, outputs: [{ name: 'y' }, { name: 'y' }] })).toMatch('the scores of its classes alone');
    const loop = [{ ...conv, inputs: ['p', 'conv.weight'] }, sigmoid, pool, flatten, gemm];
    expect(withNodes(...loop)).toMatch('the graph has a loop');
    expect(withNodes(...nodes, { ...sigmoid, output: 'y' })).toMatch('two nodes give the same value');
    expect(withNodes(conv, sigmoid)).toMatch("'y': nothing");
    const again = { ...conv, name: 'again', inputs: ['s', 'conv.again', 'conv.bias'], output: 'd' };
    const skip = { op: 'Add', inputs: ['c', 'd'], output: 'y' };
    const square = { name: 'conv.again', dims: [3, 3, 3, 2], values: Array.from({ length: 54 }, (_, i) => i) };
    expect(refused({ ...model, nodes: [conv, sigmoid, again, skip], tensors: [...tensors, square] })).toMatch(
      /shapes do not fit|two layers meet/,
    );
    expect(withNodes({ ...conv, inputs: ['x', 'lost'] }, ...nodes.slice(1))).toMatch("found:    input 'lost'");
  });

  it('refuses shapes that do not fit', () => {
    expect(refused({ ...model, inputs: [{ name: 'x', dims: ['n', 3, 7, 6] }] })).toMatch(
      'weights for 2 input channels in 1 group\n  expected: 3 channels: values [1, 3, 7, 6]',
    );
    expect(refused({ ...model, inputs: [{ name: 'x', dims: ['n', 2, 9, 6] }] })).toMatch('weights for 18 inputs');
    expect(refused({ ...model, inputs: [{ name: 'x', dims: ['n', 2, 1, 6] }] })).toMatch('kernel is larger');
    expect(refused({ ...model, inputs: [{ name: 'x', dims: ['n', 2, 2, 2] }] })).toMatch('kernel is larger');
    expect(refused({ ...model, inputs: [{ name: 'x', dims: ['n', 2, 'h', 6] }] })).toMatch('found:    [?, 2, ?, 6]');
    expect(refused({ ...model, inputs: [{ name: 'x', dims: ['n', 2, 7, 6], type: 7 }] })).toMatch('found:    int64');
    expect(refused({ ...model, outputs: [{ name: 'y', dims: ['n', 10] }] })).toMatch('10 values declared');
    expect(withNodes(conv, sigmoid, pool, { ...gemm, inputs: ['p', 'fc.weight'] })).toMatch('torch.flatten(x, 1)');
    expect(withAttribute(conv, 'kernel_shape', { ints: [5, 5] })).toMatch('kernel_shape [5, 5]');
    expect(withTensor(1, { dims: [2], values: [1, 2] })).toMatch('one value for each of 3');
    expect(withTensor(2, { dims: [18, 4] })).toMatch('weights for 4 inputs');
    const shape = { name: 'shape', dims: [2], values: [-1, 9], storage: 'int64' as const };
    const reshape = { op: 'Reshape', inputs: ['p', 'shape'], output: 'f' };
    expect(refused({ ...model, nodes: [conv, sigmoid, pool, reshape, gemm], tensors: [...tensors, shape] })).toMatch(
      'weights for 18 inputs\n  expected: 9: values [2, 9]',
    );
  });
});

describe('weights', () => {
  it('refuses what is not finite, with the element', () => {
    const values = [...tensors[0].values];
    values[2 * 12 + 1 * 6 + 5] = Number.NaN;
    expect(withTensor(0, { values })).toBe(
      [
        'a weight is not a finite float32 number',
        "  at:       bad.onnx: node '/conv/Conv' (Conv), tensor 'conv.weight' element [2][1][2][1]",
        '  found:    NaN',
        '  expected: finite weights',
        '  help:     the training has diverged: train again, for instance with a lower learning rate',
      ].join('\n'),
    );
    expect(withTensor(3, { values: [0, Number.NEGATIVE_INFINITY, 0, 0] })).toMatch('found:    -Infinity');
    expect(withTensor(3, { values: [0, 1e300, 0, 0], storage: 'double' })).toMatch('found:    1e+300');
  });

  it('refuses other types, external data and wrong lengths', () => {
    expect(withTensor(0, { storage: 'external' })).toMatch('kept in another file without a name');
    expect(withTensor(0, { values: [1, 2, 3] })).toMatch(
      /found: +3 values of float32\n +expected: 36 for \[3, 2, 3, 2\]/,
    );
    expect(withTensor(1, { values: [1, 2, 3, 4] })).toMatch('found:    4 values of float32');
  });
});
