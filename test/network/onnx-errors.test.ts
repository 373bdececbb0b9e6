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
        '  found:    Relu',
        '  expected: Add, AveragePool, Constant, Conv, Flatten, Gemm, Identity, MatMul, Pad, Reshape, Sigmoid',
        '  help:     a stochastic MTJ neuron computes a sigmoid: train with torch.sigmoid',
      ].join('\n'),
    );
    expect(withNodes(conv, { ...sigmoid, domain: 'com.example' }, pool)).toMatch('operator com.example.Sigmoid');
    expect(withNodes(conv, { op: 'Erf', inputs: ['c'], output: 'e' })).toMatch('at:       bad.onnx: node 1 (Erf)');
  });

  it('refuses what the hardware would not compute', () => {
    expect(withAttribute(conv, 'group', { int: 2 })).toMatch(/group is not supported\n.*conv\/Conv.*\n.*group = 2/);
    expect(withAttribute(conv, 'dilations', { ints: [2, 1] })).toMatch('dilations = [2, 1]');
    expect(withAttribute(conv, 'strides', { ints: [0, 1] })).toMatch('attribute strides is wrong');
    expect(withAttribute(conv, 'pads', { ints: [1, 1] })).toMatch('attribute pads is wrong');
    expect(withAttribute(conv, 'pads', { ints: [0, 0, -1, 0] })).toMatch('attribute pads is wrong');
    expect(withAttribute(conv, 'group', { float: 1 })).toMatch(/wrong type\n.*\n.*FLOAT\n.*INT/);
    expect(withAttribute(conv, 'magic', { int: 1 })).toMatch('attribute magic');
    expect(withAttribute(pool, 'ceil_mode', { int: 1 })).toMatch('ceil_mode = 1');
    expect(withAttribute(pool, 'pads', { ints: [0, 0, 1, 1] })).toMatch('pads = [0, 0, 1, 1]');
    expect(withAttribute(pool, 'strides', { ints: [1, 1] })).toMatch('overlap or leave gaps');
    expect(withAttribute(pool, 'strides', { ints: [2, 1] })).toMatch('window [2, 3], strides [2, 1]');
    expect(withAttribute(pool, 'auto_pad', { string: 'SAME_UPPER' })).toMatch('auto_pad of a pool');
    expect(withAttribute(flatten, 'axis', { int: 2 })).toMatch('axis = 2');
    expect(withAttribute(gemm, 'transA', { int: 1 })).toMatch('transA is not supported');
  });

  it('accepts count_include_pad where there is no padding', () => {
    const changed = { ...pool, attributes: { ...pool.attributes, count_include_pad: { int: 1 } } };
    const spec = { ...model, nodes: [conv, sigmoid, changed, flatten, gemm] };
    expect(importOnnx(writeModel(spec), 'good.onnx')).toEqual(importOnnx(writeModel(model), 'good.onnx'));
  });
});

describe('the shape of the network', () => {
  const identity = (input: string, output: string): NodeSpec => ({ op: 'Identity', inputs: [input], output });

  it('wants a sigmoid behind hidden layers and only pools spikes', () => {
    expect(withNodes(conv, { ...flatten, inputs: ['c'] }, gemm)).toMatch(
      /a hidden layer has no Sigmoid\n +at: +bad.onnx: node '\/conv\/Conv' \(Conv\)/,
    );
    expect(withNodes(conv, { ...pool, inputs: ['c'] }, flatten, gemm)).toMatch('only spikes can be pooled');
    expect(withNodes({ ...pool, inputs: ['x'] }, flatten, gemm)).toMatch('a pool of the input');
    expect(withNodes(conv, sigmoid, pool, { ...pool, inputs: ['p'], output: 'y' })).toMatch('two pools in a row');
    expect(withNodes({ ...sigmoid, inputs: ['x'], output: 'y' })).toMatch('a Sigmoid of the network input');
    expect(withNodes(conv, sigmoid, pool, { ...sigmoid, inputs: ['p'], output: 'y' })).toMatch(
      'a Sigmoid behind a pool',
    );
    expect(withNodes(conv, sigmoid, { ...sigmoid, inputs: ['s'], output: 'y' })).toMatch('behind a Sigmoid');
  });

  it('wants one vector of classes at the end', () => {
    expect(withNodes(identity('x', 'y'))).toMatch('no layer at all');
    expect(withNodes(conv, sigmoid, { ...pool, output: 'y' })).toMatch('does not end with a layer of weights');
    expect(withNodes({ ...conv, output: 'y' })).toMatch('gives an image instead of one value for each class');
  });

  it('refuses branches, dead ends, several inputs and outputs', () => {
    expect(withNodes(...nodes, identity('s', 'z'))).toMatch("value 's' is used by 2 nodes");
    expect(withNodes(...nodes, identity('y', 'z'))).toMatch('a node beside the way');
    expect(withNodes(conv, sigmoid, { ...flatten, inputs: ['p'] }, gemm)).toMatch("nothing uses value 's'");
    const second = { name: 'x2', dims: ['batch', 2, 7, 6] };
    expect(refused({ ...model, inputs: [...model.inputs!, second] })).toMatch("found:    'x', 'x2'");
    expect(refused({ ...model, outputs: [{ name: 'y' }, { name: 's' }] })).toMatch('must have one output');
    const loop = [conv, sigmoid, { ...pool, output: 'c' }];
    expect(withNodes(...loop)).toMatch('the graph has a loop');
    expect(withNodes(conv, { op: 'Add', inputs: ['c', 'c'], output: 'y' })).toMatch('a sum of two computed values');
    expect(withNodes({ ...conv, inputs: ['x', 'lost'] })).toMatch("found:    input 'lost'");
  });

  it('refuses shapes that do not fit', () => {
    expect(refused({ ...model, inputs: [{ name: 'x', dims: ['n', 3, 7, 6] }] })).toMatch(
      'weights for 2 input channels\n  expected: 3: an image of 7 x 6 x 3',
    );
    expect(refused({ ...model, inputs: [{ name: 'x', dims: ['n', 2, 9, 6] }] })).toMatch('weights for 18 inputs');
    expect(refused({ ...model, inputs: [{ name: 'x', dims: ['n', 2, 1, 6] }] })).toMatch('kernel is larger');
    expect(refused({ ...model, inputs: [{ name: 'x', dims: ['n', 2, 2, 2] }] })).toMatch('pool is larger');
    expect(refused({ ...model, inputs: [{ name: 'x', dims: ['n', 2, 'h', 6] }] })).toMatch('found:    [?, 2, ?, 6]');
    expect(refused({ ...model, inputs: [{ name: 'x', dims: ['n', 2, 7, 6], type: 2 }] })).toMatch('found:    uint8');
    expect(refused({ ...model, outputs: [{ name: 'y', dims: ['n', 10] }] })).toMatch('10 values declared');
    expect(withNodes(conv, sigmoid, pool, { ...gemm, inputs: ['p', 'fc.weight'] })).toMatch('works on an image');
    expect(withAttribute(conv, 'kernel_shape', { ints: [5, 5] })).toMatch('kernel_shape [5, 5]');
    expect(withTensor(1, { dims: [2], values: [1, 2] })).toMatch('one value for each of 3');
    expect(withTensor(2, { dims: [18, 4] })).toMatch('weights for 4 inputs');
    const shape = { name: 'shape', dims: [2], values: [-1, 9], storage: 'int64' as const };
    const reshape = { op: 'Reshape', inputs: ['p', 'shape'], output: 'f' };
    expect(refused({ ...model, nodes: [conv, sigmoid, pool, reshape, gemm], tensors: [...tensors, shape] })).toMatch(
      'an image of 3 x 2 x 3 (height x width x channels) to [-1, 9]',
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
    expect(withTensor(0, { storage: 'float16' })).toMatch(/initializer 'conv.weight'\n +found: +float16/);
    expect(withTensor(0, { storage: 'external' })).toMatch('external data');
    expect(withTensor(0, { values: [1, 2, 3] })).toMatch(
      /found: +3 values of float32\n +expected: 36 for \[3, 2, 3, 2\]/,
    );
    expect(withTensor(1, { values: [1, 2, 3, 4] })).toMatch('found:    4 values of float32');
    expect(withTensor(1, { storage: 'int64', values: [1, 2, 3] })).toMatch('weights are integers');
  });
});
