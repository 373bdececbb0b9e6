import { badInput } from '../../../errors/index.ts';
import {
  affineView,
  denseView,
  expectSize,
  gatherView,
  mostWeights,
  neuronsView,
  type View,
  volume,
  windowView,
} from '../../lower/index.ts';
import type { Attributes } from '../attributes.ts';
import { broadcast, transpose } from '../normalise/movement.ts';
import { asWeights, type Constant, constant } from '../tensors.ts';
import { linear, type Value } from '../values.ts';
import { allConstant, type Call, constantAt, mismatch, type Operator, optionalConstant, viewAt } from './call.ts';
import { spread } from './elementwise.ts';

/** Operators with weights. */
export const weighted: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  [
    'Conv',
    (call) =>
      linear(
        convolution(call, viewAt(call, 0), constantAt(call, 1, 'the weights'), optionalConstant(call, 2, 'the bias')),
      ),
  ],
  ['Gemm', gemm],
  ['MatMul', matMul],
  ['BatchNormalization', batchNorm],
  ['Scaler', scaler],
  ['LinearClassifier', linearModel],
  ['LinearRegressor', linearModel],
]);

interface Side {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
}

/** Padding of both sides and the number of positions, as the attributes of Conv and the pools say. */
export function positionsOf(attributes: Attributes, sides: readonly Side[], ceil = false) {
  const rank = sides.length;
  const automatic = attributes.string('auto_pad', 'NOTSET');
  const explicit = attributes.sizes('pads', 2 * rank, 0, new Array<number>(2 * rank).fill(0));
  if (!['NOTSET', '', 'VALID', 'SAME_UPPER', 'SAME_LOWER'].includes(automatic)) {
    throw badInput('auto_pad is not known', { where: attributes.where, found: automatic, expected: 'SAME_UPPER' });
  }
  return sides.map(({ size, kernel, stride, dilation }, axis) => {
    const reach = (kernel - 1) * dilation + 1;
    let [before, after] = automatic === 'VALID' ? [0, 0] : [explicit[axis]!, explicit[axis + rank]!];
    if (automatic.startsWith('SAME')) {
      const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + reach - size);
      const less = Math.floor(total / 2);
      [before, after] = automatic === 'SAME_UPPER' ? [less, total - less] : [total - less, less];
    }
    const steps = (size + before + after - reach) / stride;
    let count = (ceil ? Math.ceil(steps) : Math.floor(steps)) + 1;
    // A window that would begin in the padding behind the image is left out.
    if (ceil && (count - 1) * stride >= size + before) count -= 1;
    if (count < 1) {
      throw badInput('the kernel is larger than the padded input', {
        where: attributes.where,
        found: `a kernel of ${reach} over ${size + before + after} values`,
        expected: 'at least one position of the kernel inside the padded input',
      });
    }
    return { before, after, count };
  });
}

/** Height and width of an image [1, C, H, W], or 1 and the width of [1, C, W]. */
export function sidesOf(view: View, where: string): readonly number[] {
  if (view.dims[0] === 1 && (view.dims.length === 3 || view.dims.length === 4)) return view.dims.slice(2);
  throw mismatch(where, `values [${view.dims.join(', ')}]`, 'an image: batch, channels, height, width');
}

export function convolution(call: Call, view: View, kernel: Constant, biasTensor: Constant | undefined): View {
  const { attributes, where } = call;
  const sizes = sidesOf(view, where);
  const rank = sizes.length;
  const [outputs, perGroup, ...kernelSizes] = kernel.dims;
  if (kernel.dims.length !== rank + 2 || !outputs || !perGroup || kernelSizes.some((size) => size < 1)) {
    throw mismatch(
      where,
      `weights [${kernel.dims.join(', ')}] for values [${view.dims.join(', ')}]`,
      `weights of ${rank + 2} dimensions`,
    );
  }
  const groups = attributes.int('group', 1);
  const channels = view.dims[1]!;
  if (!(groups >= 1) || perGroup * groups !== channels || outputs % groups !== 0) {
    throw mismatch(
      where,
      `weights for ${perGroup} input channels in ${groups} group${groups === 1 ? '' : 's'}`,
      `${channels} channels: values [${view.dims.join(', ')}]`,
    );
  }
  const ones = new Array<number>(rank).fill(1);
  const stated = attributes.sizes('kernel_shape', rank, 1, kernelSizes);
  if (stated.join() !== kernelSizes.join())
    throw mismatch(where, `kernel_shape [${stated.join(', ')}]`, `[${kernelSizes.join(', ')}] as the weights`);
  const strides = attributes.sizes('strides', rank, 1, ones);
  const dilations = attributes.sizes('dilations', rank, 1, ones);
  const sides = sizes.map((size, i) => ({
    size,
    kernel: kernelSizes[i]!,
    stride: strides[i]!,
    dilation: dilations[i]!,
  }));
  const positions = positionsOf(attributes, sides);
  const reach = sides.map(({ kernel: taps, dilation }) => (taps - 1) * dilation + 1);
  const [kernelHeight, kernelWidth] = rank === 2 ? (reach as [number, number]) : [1, reach[0]!];
  const [strideY, strideX] = rank === 2 ? (strides as [number, number]) : [1, strides[0]!];
  const [vertical, horizontal] =
    rank === 2 ? [positions[0]!, positions[1]!] : [{ before: 0, after: 0, count: 1 }, positions[0]!];
  expectSize(outputs * kernelHeight * kernelWidth * channels, mostWeights, 'weights in one layer', where);
  const given = asWeights(kernel, where);
  const weights = new Float64Array(outputs * kernelHeight * kernelWidth * channels);
  const [tapsHigh, tapsWide] = rank === 2 ? (kernelSizes as [number, number]) : [1, kernelSizes[0]!];
  const [stepY, stepX] = rank === 2 ? (dilations as [number, number]) : [1, dilations[0]!];
  for (let o = 0; o < outputs; o += 1) {
    const first = Math.floor(o / (outputs / groups)) * perGroup;
    for (let c = 0; c < perGroup; c += 1) {
      for (let ky = 0; ky < tapsHigh; ky += 1) {
        for (let kx = 0; kx < tapsWide; kx += 1) {
          const target = ((o * kernelHeight + ky * stepY) * kernelWidth + kx * stepX) * channels + first + c;
          weights[target] = given[((o * perGroup + c) * tapsHigh + ky) * tapsWide + kx]!;
        }
      }
    }
  }
  return windowView(
    view,
    {
      ...{ weights, bias: biasOf(biasTensor, outputs, where), kernelHeight, kernelWidth, strideY, strideX },
      ...{ padTop: vertical.before, padBottom: vertical.after, padLeft: horizontal.before, padRight: horizontal.after },
      ...{ outputHeight: vertical.count, outputWidth: horizontal.count },
    },
    call,
  );
}

function biasOf(tensor: Constant | undefined, outputs: number, where: string): Float64Array {
  if (tensor === undefined) return new Float64Array(outputs);
  const values = asWeights(tensor, where);
  if (values.length === outputs) return values.slice();
  if (values.length === 1) return new Float64Array(outputs).fill(values[0]!);
  throw mismatch(where, `bias [${tensor.dims.join(', ')}]`, `one value for each of ${outputs}`);
}

function gemm(call: Call): Value {
  const { attributes, where } = call;
  const transA = attributes.int('transA', 0) !== 0;
  const transB = attributes.int('transB', 0) !== 0;
  const alpha = attributes.float('alpha', 1);
  const beta = attributes.float('beta', 1);
  let view = viewAt(call, 0);
  if (transA && view.dims.length === 2) {
    const { dims, gather } = transpose(view.dims, [1, 0]);
    view = gatherView(view, dims, gather, '');
  }
  const matrix = constantAt(call, 1, 'the weights');
  const product = times(call, view, transB ? transposed(matrix, where) : matrix, alpha);
  const bias = optionalConstant(call, 2, 'the bias');
  if (bias === undefined) return linear(product);
  const scaled = constant(
    bias.dims,
    asWeights(bias, where).map((value) => value * beta),
    bias.type,
  );
  const { view: wide, of } = spread(product, scaled, call);
  if (wide.dims.join() !== product.dims.join()) {
    throw mismatch(where, `bias [${bias.dims.join(', ')}]`, `one value for each of ${product.dims.at(-1)}`);
  }
  return linear(affineView(wide, 1, of, ''));
}

function transposed(matrix: Constant, where: string): Constant {
  if (matrix.dims.length !== 2) throw mismatch(where, `weights [${matrix.dims.join(', ')}]`, 'a matrix');
  const { dims, gather } = transpose(matrix.dims, [1, 0]);
  return { ...matrix, dims, values: Float64Array.from(gather, (from) => matrix.values[from]!) };
}

function matMul(call: Call): Value {
  if (allConstant(call)) return constantProduct(call);
  if (call.inputs[0]?.kind === 'constant') {
    // A x = (x' A')'
    const view = viewAt(call, 1);
    if (view.dims.length !== 2)
      throw mismatch(call.where, `values [${view.dims.join(', ')}] behind a matrix`, 'values in front of it');
    const turned = transpose(view.dims, [1, 0]);
    const result = times(
      call,
      gatherView(view, turned.dims, turned.gather, ''),
      transposed(call.inputs[0], call.where),
      1,
    );
    const back = transpose(result.dims, [1, 0]);
    return linear(gatherView(result, back.dims, back.gather, ''));
  }
  if (call.inputs[1]?.kind === 'linear') {
    throw badInput('a product of two values of the network is not supported', {
      where: call.where,
      found: 'a MatMul of two computed values',
      expected: 'constant weights as one of the two',
      help: 'attention can not run on these neurons',
    });
  }
  return linear(times(call, viewAt(call, 0), constantAt(call, 1, 'the weights'), 1));
}

function constantProduct(call: Call): Value {
  const [a, b] = [constantAt(call, 0, 'a matrix'), constantAt(call, 1, 'a matrix')];
  const [rows, inner] = a.dims as [number, number];
  const columns = b.dims[1]!;
  if (a.dims.length !== 2 || b.dims.length !== 2 || b.dims[0] !== inner) {
    throw mismatch(call.where, `[${a.dims.join(', ')}] x [${b.dims.join(', ')}]`, 'two matrices that go together');
  }
  expectSize(rows * columns, mostWeights, 'values in one tensor', call.where);
  const values = new Float64Array(rows * columns);
  for (let r = 0; r < rows; r += 1) {
    for (let i = 0; i < inner; i += 1) {
      const value = a.values[r * inner + i]!;
      for (let c = 0; c < columns; c += 1) values[r * columns + c]! += value * b.values[i * columns + c]!;
    }
  }
  return constant([rows, columns], values, a.type);
}

/** Every row of values times a matrix [inputs, outputs]. */
export function times(call: Call, view: View, matrix: Constant, factor: number): View {
  const { where } = call;
  const [inputs, outputs] = matrix.dims as [number, number];
  if (matrix.dims.length !== 2 || !inputs || !outputs)
    throw mismatch(where, `weights [${matrix.dims.join(', ')}]`, 'a matrix');
  if (view.dims.at(-1) !== inputs) {
    const image = view.dims.length > 2 && volume(view.dims) === inputs;
    const help = image ? 'put a Flatten in front of it: torch.flatten(x, 1)' : undefined;
    throw mismatch(
      where,
      `weights for ${inputs} inputs`,
      `${view.dims.at(-1)}: values [${view.dims.join(', ')}]`,
      help,
    );
  }
  expectSize(inputs * outputs, mostWeights, 'weights in one layer', where);
  const given = asWeights(matrix, where);
  const weights = new Float64Array(inputs * outputs);
  for (let o = 0; o < outputs; o += 1) {
    for (let i = 0; i < inputs; i += 1) weights[o * inputs + i] = given[i * outputs + o]! * factor;
  }
  if (weights.some((weight) => !Number.isFinite(Math.fround(weight)))) {
    throw badInput('a weight times alpha is not a finite float32 number', { where });
  }
  const bias = new Float64Array(outputs);
  const rows = volume(view.dims) / inputs;
  if (rows === 1) {
    const result = denseView(view, weights, bias, call);
    return { ...result, dims: [...view.dims.slice(0, -1), outputs] };
  }
  return everyRow(call, view, weights, bias);
}

/** The same matrix for every place: a convolution of one pixel, with channels last. */
function everyRow(call: Call, view: View, weights: Float64Array, bias: Float64Array): View {
  const channels = view.dims.at(-1)!;
  const places = view.dims.slice(0, -1);
  const [height, width] = places.length === 3 && places[0] === 1 ? [places[1]!, places[2]!] : [1, volume(places)];
  const turned = transpose([1, height, width, channels], [0, 3, 1, 2]);
  const image = gatherView({ ...view, dims: [1, height, width, channels] }, turned.dims, turned.gather, '');
  const one = {
    kernelHeight: 1,
    kernelWidth: 1,
    strideY: 1,
    strideX: 1,
    padTop: 0,
    padLeft: 0,
    padBottom: 0,
    padRight: 0,
  };
  const result = windowView(image, { ...one, weights, bias, outputHeight: height, outputWidth: width }, call);
  const back = transpose(result.dims, [0, 2, 3, 1]);
  return { ...gatherView(result, back.dims, back.gather, ''), dims: [...places, bias.length] };
}

function batchNorm(call: Call): Value {
  const { attributes, where } = call;
  const view = viewAt(call, 0);
  const epsilon = attributes.float('epsilon', 1e-5);
  attributes.float('momentum', 0.9);
  attributes.int('spatial', 1);
  if (attributes.int('training_mode', 0) !== 0 || call.outputs > 1) {
    throw badInput('a BatchNormalization that is still training', {
      where,
      found: 'training_mode = 1',
      expected: 'statistics of the training',
      help: 'export in evaluation mode: model.eval()',
    });
  }
  const [scale, shift, mean, variance] = ['scale', 'bias', 'mean', 'variance'].map((what, i) =>
    asWeights(constantAt(call, i + 1, `the ${what}`), where),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array];
  const channels = view.dims[1] ?? 1;
  if ([scale, shift, mean, variance].some((values) => values.length !== channels)) {
    throw mismatch(where, `statistics of ${scale.length} channels`, `${channels}: values [${view.dims.join(', ')}]`);
  }
  const factor = scale.map((value, c) => value / Math.sqrt(variance[c]! + epsilon));
  const offset = shift.map((value, c) => value - mean[c]! * factor[c]!);
  const dims = view.dims.map((dim, axis) => (axis === 1 ? dim : 1));
  const own = dims.length === 1 ? [channels] : dims;
  const { gather } = broadcast(own, view.dims, where);
  const each = (values: Float64Array) => Float64Array.from(gather, (from) => values[from]!);
  return linear(affineView(view, each(factor), each(offset), call.name));
}

/** ai.onnx.ml: (x - offset) * scale, one of each for every feature or for all. */
function scaler(call: Call): Value {
  const view = viewAt(call, 0);
  const width = view.dims.at(-1)!;
  const values = (name: string, fallback: number) => {
    const given = call.attributes.floats(name) ?? [];
    return (i: number) => given[given.length === 1 ? 0 : i % width] ?? fallback;
  };
  const [offset, scale] = [values('offset', 0), values('scale', 1)];
  const scales = Float64Array.from(view.index, (_, i) => scale(i));
  return linear(
    affineView(
      view,
      scales,
      Float64Array.from(view.index, (_, i) => -offset(i) * scale(i)),
      call.name,
    ),
  );
}

/** ai.onnx.ml: a linear layer with its own ending. */
function linearModel(call: Call): readonly Value[] {
  const { attributes } = call;
  const view = viewAt(call, 0);
  const coefficients = Float64Array.from(attributes.floats('coefficients') ?? []);
  const intercepts = Float64Array.from(attributes.floats('intercepts') ?? []);
  const inputs = view.dims.at(-1)!;
  const outputs = coefficients.length / inputs;
  for (const name of ['multi_class', 'targets']) attributes.int(name, 0);
  for (const name of ['classlabels_ints', 'classlabels_strings']) attributes.ignore(name);
  const ending = attributes.string('post_transform', 'NONE');
  if (!Number.isInteger(outputs) || outputs < 1 || volume(view.dims) !== inputs) {
    throw mismatch(
      call.where,
      `${coefficients.length} coefficients`,
      `a multiple of ${inputs}: values [${view.dims.join(', ')}]`,
    );
  }
  const bias = intercepts.length === outputs ? intercepts : new Float64Array(outputs);
  const sums = denseView(view, coefficients, bias, call);
  const scores: Value =
    ending === 'LOGISTIC'
      ? linear(neuronsView(sums, { ...call, name: '' }))
      : ending === 'SOFTMAX'
        ? { kind: 'ranking', view: sums, what: 'softmax' }
        : linear(sums);
  if (!['NONE', 'LOGISTIC', 'SOFTMAX'].includes(ending)) {
    throw badInput('a post_transform that is not supported', {
      where: call.where,
      found: ending,
      expected: 'NONE, LOGISTIC or SOFTMAX',
    });
  }
  return call.operator === 'LinearRegressor' ? [scores] : [{ kind: 'names' }, scores];
}
