import { badInput } from '../../errors/index.ts';
import { channelsLast, type LayerChain } from '../layer-chain.ts';
import { elementCount, type Shape, type Window } from '../types.ts';
import type { Attributes } from './attributes.ts';
import type { Step } from './graph.ts';
import {
  biasOperand,
  constantOperand,
  expectFinite,
  expectImage,
  expectValues,
  inputText,
  mismatch,
} from './operands.ts';
import { asWeights } from './tensors.ts';

/** Adds what one node means to the chain of layers. `batch` is the batch size that the file declares, if it does. */
export type Operator = (step: Step, chain: LayerChain, batch: number | undefined) => void;

/** The operators that may stand between input and output. */
export const operators: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['Add', add],
  ['AveragePool', averagePool],
  ['Conv', conv],
  ['Flatten', flatten],
  ['Gemm', gemm],
  ['Identity', (step) => expectValues(step, 1)],
  ['MatMul', matMul],
  ['Pad', pad],
  ['Reshape', reshape],
  ['Sigmoid', sigmoid],
]);

const fixedReshape = 'export with a plain flatten: torch.flatten(x, 1) instead of x.view(x.size(0), -1)';
const onlySigmoid = 'a stochastic MTJ neuron computes a sigmoid: train with torch.sigmoid';
const leaveOut = 'leave it out of the exported model: the class with the highest value stays the same';

/** What to do about operators that people often meet. */
export const operatorHelps: Readonly<Record<string, string>> = {
  Relu: onlySigmoid,
  LeakyRelu: onlySigmoid,
  Tanh: onlySigmoid,
  HardSigmoid: onlySigmoid,
  Softmax: leaveOut,
  LogSoftmax: leaveOut,
  ArgMax: leaveOut,
  MaxPool: 'use nn.AvgPool2d: a maximum of stochastic spikes is nearly always 1',
  GlobalAveragePool: 'use nn.AvgPool2d with the size of the image',
  BatchNormalization: 'fold it into the convolution first (torch.nn.utils.fusion.fuse_conv_bn_eval)',
  Dropout: 'export in evaluation mode: model.eval()',
  Shape: fixedReshape,
  Gather: fixedReshape,
  Unsqueeze: fixedReshape,
  Concat: fixedReshape,
  QuantizeLinear: 'export the float model: spinfire quantises it itself (--weight-bits)',
  DequantizeLinear: 'export the float model: spinfire quantises it itself (--weight-bits)',
};

function conv(step: Step, chain: LayerChain): void {
  const { attributes, where } = step;
  expectValues(step, 2, 3);
  expectImage(step, chain);
  chain.expectNeurons(where);
  const kernel = constantOperand(step, 1, 'the weights');
  const [outputs, channels, height, width] = kernel.dims;
  if (kernel.dims.length !== 4 || !outputs || !channels || !height || !width) {
    throw mismatch(where, `weights [${kernel.dims.join(', ')}]`, 'weights [output, input, height, width]');
  }
  attributes.only('group', [attributes.int('group', 1)], 1);
  attributes.only('dilations', attributes.ints('dilations') ?? [], 1);
  const [kernelHeight, kernelWidth] = attributes.sizes('kernel_shape', 2, 1, [height, width]);
  if (kernelHeight !== height || kernelWidth !== width) {
    throw mismatch(where, `kernel_shape [${kernelHeight}, ${kernelWidth}]`, `[${height}, ${width}] as the weights`);
  }
  if (channels !== chain.shape.channels) {
    throw mismatch(where, `weights for ${channels} input channels`, `${chain.shape.channels}: ${inputText(chain)}`);
  }
  const window = convolutionWindow(attributes, chain.shape, height, width);
  attributes.done();
  const weights = channelsLast(asWeights(kernel, where), outputs, { height, width, channels });
  chain.convolution(window, outputs, { weights, bias: biasOperand(step, 2, outputs, 1), where });
}

function convolutionWindow(attributes: Attributes, input: Shape, height: number, width: number): Window {
  const [strideY, strideX] = attributes.sizes('strides', 2, 1, [1, 1]) as [number, number];
  const automatic = attributes.string('auto_pad', 'NOTSET');
  const explicit = attributes.sizes('pads', 4, 0, [0, 0, 0, 0]) as [number, number, number, number];
  const base = { kernelHeight: height, kernelWidth: width, strideY, strideX };
  if (automatic === 'NOTSET' || automatic === 'VALID' || automatic === '') {
    const [padTop, padLeft, padBottom, padRight] = automatic === 'VALID' ? [0, 0, 0, 0] : explicit;
    return { ...base, padTop, padLeft, padBottom, padRight };
  }
  if (automatic !== 'SAME_UPPER' && automatic !== 'SAME_LOWER') {
    throw badInput('auto_pad is not known', { where: attributes.where, found: automatic, expected: 'SAME_UPPER' });
  }
  const [top, bottom] = samePadding(input.height, height, strideY, automatic === 'SAME_UPPER');
  const [left, right] = samePadding(input.width, width, strideX, automatic === 'SAME_UPPER');
  return { ...base, padTop: top, padLeft: left, padBottom: bottom, padRight: right };
}

/** Padding before and after, so that there are ceil(size / stride) positions; the odd one goes after when `upper`. */
function samePadding(size: number, kernel: number, stride: number, upper: boolean): readonly [number, number] {
  const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + kernel - size);
  const less = Math.floor(total / 2);
  return upper ? [less, total - less] : [total - less, less];
}

function gemm(step: Step, chain: LayerChain): void {
  const { attributes } = step;
  expectValues(step, 2, 3);
  attributes.only('transA', [attributes.int('transA', 0)], 0);
  const transposed = attributes.int('transB', 0) !== 0;
  const alpha = attributes.float('alpha', 1);
  const beta = attributes.float('beta', 1);
  attributes.done();
  dense(step, chain, { transposed, alpha, beta });
}

function matMul(step: Step, chain: LayerChain): void {
  expectValues(step, 2);
  step.attributes.done();
  dense(step, chain, { transposed: false, alpha: 1, beta: 1 });
}

function dense(
  step: Step,
  chain: LayerChain,
  { transposed, alpha, beta }: { transposed: boolean; alpha: number; beta: number },
): void {
  const { where } = step;
  chain.expectNeurons(where);
  const matrix = constantOperand(step, 1, 'the weights');
  const [rows, columns] = matrix.dims;
  if (matrix.dims.length !== 2 || !rows || !columns) {
    throw mismatch(where, `weights [${matrix.dims.join(', ')}]`, 'a matrix');
  }
  const outputs = transposed ? rows : columns;
  const inputs = transposed ? columns : rows;
  if (!chain.isFlat) {
    throw badInput('a dense layer works on an image', {
      where,
      found: inputText(chain),
      expected: 'a vector',
      help: 'put a Flatten in front of it: torch.flatten(x, 1)',
    });
  }
  if (inputs !== elementCount(chain.shape)) {
    throw mismatch(where, `weights for ${inputs} inputs`, `${elementCount(chain.shape)}: ${inputText(chain)}`);
  }
  const values = asWeights(matrix, where);
  const ordered = Float32Array.from(values, (_, index) => {
    const source = transposed ? index : (index % inputs) * outputs + Math.floor(index / inputs);
    return values[source]! * alpha;
  });
  const weights = channelsLast(expectFinite(ordered, where, 'alpha'), outputs, chain.shape);
  const bias = biasOperand(step, 2, outputs, 1).map((value) => value * beta);
  chain.dense(outputs, { weights, bias: expectFinite(bias, where, 'beta'), where });
}

/** A bias that was exported as a node of its own. */
function add(step: Step, chain: LayerChain): void {
  const { operands, attributes, where } = step;
  if (operands.length !== 2 || operands.filter((operand) => operand === 'values').length !== 1) {
    throw badInput('an Add is not a bias', {
      where,
      found: 'a sum of two computed values',
      expected: 'a constant added to the result of Conv, Gemm or MatMul',
    });
  }
  attributes.done();
  const position = operands[0] === 'values' ? 1 : 0;
  chain.addBias(biasOperand(step, position, chain.shape.channels, chain.isFlat ? 1 : 3), where);
}

function sigmoid(step: Step, chain: LayerChain): void {
  expectValues(step, 1);
  step.attributes.done();
  chain.sigmoid(step.where);
}

function averagePool(step: Step, chain: LayerChain): void {
  const { attributes, where } = step;
  expectValues(step, 1);
  expectImage(step, chain);
  const [height, width] = attributes.sizes('kernel_shape', 2, 1) as [number, number];
  const strides = attributes.sizes('strides', 2, 1, [1, 1]);
  attributes.only('ceil_mode', [attributes.int('ceil_mode', 0)], 0, 'use ceil_mode=False');
  attributes.only('pads', attributes.ints('pads') ?? [], 0, 'pad in the convolution instead');
  attributes.only('dilations', attributes.ints('dilations') ?? [], 1);
  // Without padding it makes no difference.
  attributes.int('count_include_pad', 0);
  const automatic = attributes.string('auto_pad', 'NOTSET');
  if (automatic !== 'NOTSET' && automatic !== 'VALID' && automatic !== '') {
    throw badInput('auto_pad of a pool is not supported', { where, found: automatic, expected: 'NOTSET or VALID' });
  }
  attributes.done();
  if (strides[0] !== height || strides[1] !== width) {
    throw badInput('the windows of a pool overlap or leave gaps', {
      where,
      found: `window [${height}, ${width}], strides [${strides.join(', ')}]`,
      expected: 'strides equal to the window',
      help: 'nn.AvgPool2d(size) has stride = size by default',
    });
  }
  chain.averagePool(height, width, where);
}

/** Only the padding by nothing that some exporters write in front of a pool. */
function pad(step: Step, chain: LayerChain): void {
  const { attributes, operands } = step;
  expectValues(step, 1, 2, 3, 4);
  expectImage(step, chain);
  const pads = attributes.ints('pads') ?? Array.from(constantOperand(step, 1, 'the pads').values);
  attributes.only('pads', pads, 0, 'give the padding to the convolution: nn.Conv2d(..., padding=...)');
  attributes.string('mode', 'constant');
  attributes.float('value', 0);
  attributes.done();
  if (operands.slice(1).includes('values')) throw mismatch(step.where, 'computed pads', 'constant pads');
}

function flatten(step: Step, chain: LayerChain): void {
  const { attributes, where } = step;
  expectValues(step, 1);
  const axis = attributes.int('axis', 1);
  attributes.done();
  if (axis !== 1 && axis !== (chain.isFlat ? -1 : -3)) {
    throw badInput('a Flatten that keeps more than the batch is not supported', {
      where,
      found: `axis = ${axis}`,
      expected: 'axis = 1',
      help: 'torch.flatten(x, 1)',
    });
  }
  chain.flatten();
}

function reshape(step: Step, chain: LayerChain, batch: number | undefined): void {
  const { attributes, where } = step;
  expectValues(step, 2);
  const target = Array.from(constantOperand(step, 1, 'the shape').values);
  const allowZero = attributes.int('allowzero', 0) !== 0;
  attributes.done();
  const [first, ...rest] = target;
  const total = elementCount(chain.shape);
  const open = rest.filter((dim) => dim === -1).length;
  const known = rest.reduce((product, dim) => (dim === -1 ? product : product * dim), 1);
  const keepsBatch = first === -1 || first === 1 || (first === 0 && !allowZero) || first === batch;
  const fits = open === 0 ? known === total : open === 1 && first !== -1 && known > 0 && total % known === 0;
  const dims = rest.map((dim) => (dim === -1 ? total / known : dim));
  const { height, width, channels } = chain.shape;
  const sameImage = !chain.isFlat && dims.join() === [channels, height, width].join();
  if (keepsBatch && fits && dims.length === 1) {
    chain.flatten();
  } else if (keepsBatch && fits && sameImage) {
    return;
  } else if (keepsBatch && fits && dims.length === 3 && chain.isEmpty && (chain.isFlat || channels === 1)) {
    const [newChannels, newHeight, newWidth] = dims as [number, number, number];
    chain.reshapeInput({ height: newHeight, width: newWidth, channels: newChannels });
  } else {
    throw badInput('a Reshape that is not supported', {
      where,
      found: `${inputText(chain)} to [${target.join(', ')}]`,
      expected: `a flatten of each image: [-1, ${total}]`,
    });
  }
}
