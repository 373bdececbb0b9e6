import { badInput, ownValue } from '../../../errors/index.ts';
import { affineView, concatViews, neuronsView, type View } from '../../lower/index.ts';
import { broadcast } from '../normalise/movement.ts';
import { type Constant, constant, dataTypes } from '../tensors.ts';
import { linear, type Value } from '../values.ts';
import { axesOf, type Call, constantAt, type Operator, optionalConstant, unsupportedOperand, viewAt } from './call.ts';
import { roundToEven, spread, sumOf } from './elementwise.ts';
import { averagePool, globalAverage } from './pooling.ts';
import { convolution, times } from './weights.ts';

/** Operators that a quantiser puts in. Weights keep their rounding; values of the network lose it: spinfire rounds them itself. */
export const quantised: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['QuantizeLinear', quantize],
  ['DequantizeLinear', dequantize],
  ['DynamicQuantizeLinear', (call) => [linear(unrounded(call, viewAt(call, 0))), scalar(1), scalar(0)]],
  ['QLinearConv', qLinearConv],
  ['QLinearMatMul', qLinearMatMul],
  ['ConvInteger', (call) => linear(convolution(call, viewAt(call, 0), lessZero(call, 1, 3), undefined))],
  ['MatMulInteger', (call) => linear(times(call, viewAt(call, 0), lessZero(call, 1, 3), 1))],
  ['QLinearSigmoid', (call) => linear(requantised(call, neuronsView(realView(call, 0, 1, 2), call), 3, 4))],
  [
    'QLinearAveragePool',
    (call) => {
      call.attributes.ignore('channels_last');
      return linear(requantised(call, averagePool(call, realView(call, 0, 1, 2)), 3, 4));
    },
  ],
  [
    'QLinearGlobalAveragePool',
    (call) => {
      call.attributes.ignore('channels_last');
      return linear(requantised(call, globalAverage(call, realView(call, 0, 1, 2)), 3, 4));
    },
  ],
  ['QLinearAdd', qLinearAdd],
  ['QLinearConcat', qLinearConcat],
  ['QLinearSoftmax', qLinearSoftmax],
  ['QGemm', qGemm],
  ['Quant', quant],
  ['IntQuant', quant],
  ['BipolarQuant', (call) => rounded(call, (value, scale) => (value >= 0 ? scale : -scale))],
]);

/** Inputs: the result's scale and zero point, then value, scale and zero point of each part. */
function qLinearConcat(call: Call): Value {
  const views = Array.from({ length: Math.floor((call.inputs.length - 2) / 3) }, (_, i) =>
    realView(call, 3 * i + 2, 3 * i + 3, 3 * i + 4),
  );
  const [first] = views;
  if (first === undefined) throw unsupportedOperand(call, 2);
  const [axis] = axesOf([call.attributes.int('axis', 1)], first.dims.length, call) as [number];
  const fits = views.every(
    ({ dims }) => dims.length === first.dims.length && dims.every((dim, at) => at === axis || dim === first.dims[at]),
  );
  if (!fits)
    throw badInput('the parts of a QLinearConcat do not fit', {
      where: call.where,
      found: views.map(({ dims }) => `[${dims.join(', ')}]`).join(' and '),
      expected: `equal dimensions but for axis ${axis}`,
    });
  return linear(requantised(call, views.length === 1 ? first : concatViews(views, axis, call), 0, 1));
}

/** The order of the classes is that of the sums. */
function qLinearSoftmax(call: Call): Value {
  for (const name of ['axis', 'opset']) call.attributes.ignore(name);
  return { kind: 'ranking', view: realView(call, 0, 1, 2), what: 'softmax' };
}

/** What softmax gives, in steps of one scale or back: the order of the classes stays, but where rounding makes two equal. */
function stillRanked(call: Call): Value | undefined {
  const value = call.inputs[0];
  const scale = value?.kind === 'ranking' ? constantAt(call, 1, 'the scale') : undefined;
  return scale?.values.length === 1 && scale.values[0]! > 0 ? value : undefined;
}

const scalar = (value: number) => constant([], [value], dataTypes.float);

function unrounded(call: Call, view: View): View {
  call.note(
    'rounding of values between the layers is left out: neurons give spikes, and their weights are rounded anew',
  );
  return view;
}

/** A parameter for each element: one for all, one for each row of an axis, or of the same shape. */
function perElement(
  call: Call,
  dims: readonly number[],
  parameter: Constant | undefined,
  fallback: number,
): (i: number) => number {
  if (parameter === undefined) return () => fallback;
  const { values } = parameter;
  if (values.length === 1) return () => values[0]!;
  const given = call.attributes.int('axis', 1);
  call.attributes.int('block_size', 0);
  const [axis] = axesOf([given], dims.length, call) as [number];
  const own = parameter.dims.length === 1 ? dims.map((_, at) => (at === axis ? values.length : 1)) : parameter.dims;
  const { gather } = broadcast(own, dims, call.where);
  return (i) => values[gather[i]!]!;
}

function askAxis(call: Call): void {
  for (const name of ['axis', 'block_size', 'saturate', 'output_dtype', 'precision']) call.attributes.ignore(name);
}

const limits: Readonly<Record<number, readonly [number, number]>> = {
  2: [0, 255],
  3: [-128, 127],
  4: [0, 65535],
  5: [-32768, 32767],
  21: [0, 15],
  22: [-8, 7],
};

function quantize(call: Call): Value {
  const value = call.inputs[0];
  askAxis(call);
  const ranked = stillRanked(call);
  if (ranked) return ranked;
  const scale = constantAt(call, 1, 'the scale');
  const zero = optionalConstant(call, 2, 'the zero point');
  if (value?.kind === 'constant') {
    const [scales, zeros] = [perElement(call, value.dims, scale, 1), perElement(call, value.dims, zero, 0)];
    const type = zero?.type ?? 2;
    const [low, high] = limits[type] ?? [0, 255];
    const values = value.values.map((each, i) =>
      Math.min(Math.max(roundToEven(each / scales(i)) + zeros(i), low), high),
    );
    return constant(value.dims, values, type);
  }
  const view = unrounded(call, viewAt(call, 0));
  const [scales, zeros] = [perElement(call, view.dims, scale, 1), perElement(call, view.dims, zero, 0)];
  const each = (of: (i: number) => number) => Float64Array.from(view.index, (_, i) => of(i));
  return linear(
    affineView(
      view,
      each((i) => 1 / scales(i)),
      each(zeros),
      '',
    ),
  );
}

function dequantize(call: Call): Value {
  const value = call.inputs[0];
  askAxis(call);
  const ranked = stillRanked(call);
  if (ranked) return ranked;
  const scale = constantAt(call, 1, 'the scale');
  const zero = optionalConstant(call, 2, 'the zero point');
  if (value?.kind === 'constant') {
    const [scales, zeros] = [perElement(call, value.dims, scale, 1), perElement(call, value.dims, zero, 0)];
    return { ...value, type: dataTypes.float, values: value.values.map((each, i) => (each - zeros(i)) * scales(i)) };
  }
  if (value?.kind === 'linear') return linear(realOf(call, value.view, scale, zero));
  throw unsupportedOperand(call, 0);
}

function realOf(call: Call, view: View, scale: Constant, zero: Constant | undefined): View {
  const [scales, zeros] = [perElement(call, view.dims, scale, 1), perElement(call, view.dims, zero, 0)];
  const each = (of: (i: number) => number) => Float64Array.from(view.index, (_, i) => of(i));
  return affineView(
    view,
    each(scales),
    each((i) => -zeros(i) * scales(i)),
    '',
  );
}

/** Values that stand there as integers, as the numbers they mean. */
function realView(call: Call, value: number, scale: number, zero: number): View {
  return realOf(
    call,
    viewAt(call, value),
    constantAt(call, scale, 'the scale'),
    optionalConstant(call, zero, 'the zero point'),
  );
}

function requantised(call: Call, view: View, scale: number, zero: number): View {
  const step = constantAt(call, scale, 'the scale').values[0]!;
  const offset = optionalConstant(call, zero, 'the zero point')?.values[0] ?? 0;
  return affineView(unrounded(call, view), 1 / step, offset, '');
}

/** Integer weights without their zero point. */
function lessZero(call: Call, weights: number, zero: number): Constant {
  const value = constantAt(call, weights, 'the weights');
  const point = optionalConstant(call, zero, 'the zero point');
  const inputZero = optionalConstant(call, zero - 1, 'the zero point of the values');
  if (inputZero?.values.some((each) => each !== 0)) throw unsupportedOperand(call, zero - 1);
  if (point === undefined) return value;
  const zeros = point.values;
  const last = value.dims.at(-1)!;
  const perRow = value.values.length / value.dims[0]!;
  const at = (i: number) =>
    zeros.length === 1
      ? zeros[0]!
      : call.operator === 'ConvInteger'
        ? zeros[Math.floor(i / perRow)]!
        : zeros[i % last]!;
  return { ...value, type: dataTypes.float, values: value.values.map((each, i) => each - at(i)) };
}

/** Weights times their scale, one for each row (convolutions) or column (matrices), or one for all. */
function realWeights(call: Call, weights: number, byRow: boolean): Constant {
  const value = constantAt(call, weights, 'the weights');
  const scales = constantAt(call, weights + 1, 'the scale').values;
  const zeros = optionalConstant(call, weights + 2, 'the zero point')?.values ?? new Float64Array(1);
  const perRow = value.values.length / value.dims[0]!;
  const at = (list: Float64Array, i: number) =>
    list[list.length === 1 ? 0 : byRow ? Math.floor(i / perRow) : i % list.length]!;
  return {
    ...value,
    type: dataTypes.float,
    values: value.values.map((each, i) => (each - at(zeros, i)) * at(scales, i)),
  };
}

function qLinearConv(call: Call): Value {
  const inputScale = constantAt(call, 1, 'the scale').values[0]!;
  const scales = constantAt(call, 4, 'the scale').values;
  const bias = optionalConstant(call, 8, 'the bias');
  const real = bias && {
    ...bias,
    values: bias.values.map((each, o) => each * inputScale * scales[scales.length === 1 ? 0 : o]!),
  };
  const view = convolution(call, realView(call, 0, 1, 2), realWeights(call, 3, true), real);
  return linear(requantised(call, view, 6, 7));
}

function qLinearMatMul(call: Call): Value {
  const view = times(call, realView(call, 0, 1, 2), realWeights(call, 3, false), 1);
  return linear(requantised(call, view, 6, 7));
}

/** com.microsoft: A, scale, zero, B, scale, zero, result's scale, zero; one of the two may be a constant. */
function qLinearAdd(call: Call): Value {
  const real = [0, 3].map((at) =>
    dequantize({ ...call, inputs: [call.inputs[at], call.inputs[at + 1], call.inputs[at + 2]] }),
  );
  const views = real.flatMap((value) => (value.kind === 'linear' ? [value.view] : []));
  const fixed = real.find((value) => value.kind === 'constant');
  if (views.length === 2) return linear(requantised(call, sumOf(views[0]!, views[1]!, call), 6, 7));
  if (views.length === 0 || fixed?.kind !== 'constant') throw unsupportedOperand(call, 0);
  const { view, of } = spread(views[0]!, fixed, call);
  return linear(requantised(call, affineView(view, 1, of, call.name), 6, 7));
}

/** com.microsoft: A, scale, zero, B, scale, zero, C, result's scale, zero. */
function qGemm(call: Call): Value {
  const { attributes } = call;
  if (attributes.int('transA', 0) !== 0) throw unsupportedOperand(call, 0);
  const turned = attributes.int('transB', 0) !== 0;
  const alpha = attributes.float('alpha', 1);
  const weights = realWeights(call, 3, turned);
  const [rows, columns] = weights.dims as [number, number];
  const matrix = turned
    ? {
        ...weights,
        dims: [columns, rows],
        values: weights.values.map((_, i) => weights.values[(i % rows) * columns + Math.floor(i / rows)]!),
      }
    : weights;
  let view = times(call, realView(call, 0, 1, 2), matrix, alpha);
  const bias = optionalConstant(call, 6, 'the bias');
  if (bias !== undefined) {
    const inputScale = constantAt(call, 1, 'the scale').values[0]!;
    const scales = constantAt(call, 4, 'the scale').values;
    const real = bias.values.map((each, o) => alpha * each * inputScale * scales[scales.length === 1 ? 0 : o]!);
    view = affineView(
      view,
      1,
      Float64Array.from(view.index, (_, i) => real[i % real.length]!),
      '',
    );
  }
  return linear(call.inputs[7] === undefined ? view : requantised(call, view, 7, 8));
}

/** QONNX: rounds to so many bits and back. */
function quant(call: Call): Value {
  const { attributes } = call;
  const narrow = attributes.int('narrow', 0) !== 0;
  const isSigned = attributes.int('signed', 1) !== 0;
  const mode = attributes.string('rounding_mode', 'ROUND');
  const rounding: Readonly<Record<string, (value: number) => number>> = {
    ROUND: roundToEven,
    CEIL: Math.ceil,
    FLOOR: Math.floor,
    ROUND_TO_ZERO: Math.trunc,
    DOWN: Math.trunc,
  };
  const bits = constantAt(call, 3, 'the number of bits').values[0]!;
  const zeros = constantAt(call, 2, 'the zero point').values[0]!;
  const high = isSigned ? 2 ** (bits - 1) - 1 : 2 ** bits - 1 - (narrow ? 1 : 0);
  const low = isSigned ? -(2 ** (bits - 1)) + (narrow ? 1 : 0) : 0;
  const round = ownValue(rounding, mode.toUpperCase()) ?? roundToEven;
  return rounded(call, (value, scale) => (Math.min(Math.max(round(value / scale + zeros), low), high) - zeros) * scale);
}

function rounded(call: Call, apply: (value: number, scale: number) => number): Value {
  const value = call.inputs[0];
  if (value?.kind !== 'constant') return linear(unrounded(call, viewAt(call, 0)));
  const scale = constantAt(call, 1, 'the scale');
  const { gather } = broadcast(scale.dims, value.dims, call.where);
  return { ...value, values: value.values.map((each, i) => apply(each, scale.values[gather[i]!]!)) };
}
