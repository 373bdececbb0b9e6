import { badInput } from '../../../errors/index.ts';
import { affineView, averageView, gatherView, type View, volume } from '../../lower/index.ts';
import { stridesOf, transpose, walk } from '../normalise/movement.ts';
import { type Constant, constant } from '../tensors.ts';
import { linear, type Value } from '../values.ts';
import { axesOf, type Call, integersAt, type Operator, unsupportedOperand, viewAt } from './call.ts';
import { onlyAverages } from './ways-out.ts';
import { positionsOf, sidesOf } from './weights.ts';

type Reduction = 'Mean' | 'Sum' | 'Max' | 'Min' | 'Prod' | 'L1' | 'L2' | 'SumSquare' | 'LogSumExp';

/** Operators that make fewer values out of many. */
export const pooling: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['AveragePool', (call) => linear(averagePool(call, viewAt(call, 0)))],
  ['GlobalAveragePool', (call) => linear(globalAverage(call, viewAt(call, 0)))],
  ['MaxPool', maxPool],
  ...(['Mean', 'Sum', 'Max', 'Min', 'Prod', 'L1', 'L2', 'SumSquare', 'LogSumExp'] as const).map(
    (how): [string, Operator] => [`Reduce${how}`, (call) => reduce(call, how)],
  ),
]);

export function averagePool(call: Call, view: View): View {
  const { attributes, where } = call;
  const sizes = sidesOf(view, where);
  const rank = sizes.length;
  const ones = new Array<number>(rank).fill(1);
  const kernel = attributes.sizes('kernel_shape', rank, 1);
  const strides = attributes.sizes('strides', rank, 1, ones);
  const dilations = attributes.sizes('dilations', rank, 1, ones);
  attributes.only('dilations', dilations, 1);
  const ceil = attributes.int('ceil_mode', 0) !== 0;
  const countsPadding = attributes.int('count_include_pad', 0) !== 0;
  const sides = sizes.map((size, i) => ({ size, kernel: kernel[i]!, stride: strides[i]!, dilation: 1 }));
  const positions = positionsOf(attributes, sides, ceil);
  const [vertical, horizontal] =
    rank === 2 ? [positions[0]!, positions[1]!] : [{ before: 0, after: 0, count: 1 }, positions[0]!];
  const both = (values: readonly number[]) => (rank === 2 ? (values as [number, number]) : ([1, values[0]!] as const));
  return averageView(
    view,
    {
      ...{
        kernelHeight: both(kernel)[0],
        kernelWidth: both(kernel)[1],
        strideY: both(strides)[0],
        strideX: both(strides)[1],
      },
      ...{ padTop: vertical.before, padBottom: vertical.after, padLeft: horizontal.before, padRight: horizontal.after },
      ...{ outputHeight: vertical.count, outputWidth: horizontal.count, countsPadding },
    },
    call,
  );
}

export function globalAverage(call: Call, view: View): View {
  const sizes = sidesOf(view, call.where);
  const [height, width] = sizes.length === 2 ? (sizes as [number, number]) : [1, sizes[0]!];
  const window = { kernelHeight: height, kernelWidth: width, strideY: height, strideX: width };
  const pads = { padTop: 0, padLeft: 0, padBottom: 0, padRight: 0 };
  return averageView(view, { ...window, ...pads, outputHeight: 1, outputWidth: 1, countsPadding: false }, call);
}

function maxPool(call: Call): Value {
  const view = viewAt(call, 0);
  const kernel = call.attributes.ints('kernel_shape') ?? [];
  if (kernel.every((size) => size === 1) && (call.attributes.ints('strides') ?? []).every((stride) => stride === 1)) {
    return linear(view);
  }
  throw badInput('operator MaxPool is not supported', {
    where: call.where,
    found: `a maximum over ${kernel.join(' x ')} values`,
    expected: 'an average: AveragePool, GlobalAveragePool',
    help: onlyAverages,
  });
}

function reduce(call: Call, how: Reduction): Value {
  const [value] = call.inputs;
  const keep = call.attributes.int('keepdims', 1) !== 0;
  const given = integersAt(call, 'axes', 1);
  const noop = call.attributes.int('noop_with_empty_axes', 0) !== 0;
  if (value === undefined) throw unsupportedOperand(call, 0);
  if (value.kind === 'ranking' || value.kind === 'exponential' || value.kind === 'common') return { kind: 'common' };
  if (value.kind === 'names') return value;
  if (value.kind !== 'constant' && value.kind !== 'linear') throw unsupportedOperand(call, 0);
  const dims = value.kind === 'constant' ? value.dims : value.view.dims;
  const all = given === undefined || given.length === 0;
  if (all && noop) return value;
  const axes = new Set(axesOf(all ? dims.map((_, axis) => axis) : given, dims.length, call));
  const result = dims.flatMap((dim, axis) => (axes.has(axis) ? (keep ? [1] : []) : [dim]));
  if (value.kind === 'constant') return reduceConstant(value, axes, result, how);
  if (how === 'Mean' || how === 'Sum') {
    const mean = meanOver(call, value.view, axes, result);
    const count = dims.reduce((product, dim, axis) => (axes.has(axis) ? product * dim : product), 1);
    return linear(how === 'Mean' ? mean : affineView(mean, count, 0, ''));
  }
  // What softmax subtracts or divides by.
  const overClasses = volume(result) === 1;
  if (overClasses && (how === 'Max' || how === 'LogSumExp')) return { kind: 'common' };
  throw badInput(`operator ${call.operator} is not supported`, {
    where: call.where,
    found: `${how} over values of the network`,
    expected: 'averages and sums',
  });
}

/** An average over axes: a pool of the whole image where they are its sides. */
function meanOver(call: Call, view: View, axes: ReadonlySet<number>, result: readonly number[]): View {
  const kept = view.dims.map((_, axis) => axis).filter((axis) => !axes.has(axis));
  const gone = view.dims.map((_, axis) => axis).filter((axis) => axes.has(axis) && view.dims[axis]! > 1);
  if (gone.length === 0) return { ...view, dims: result };
  const order = [...kept, ...view.dims.map((_, axis) => axis).filter((axis) => axes.has(axis))];
  const { gather } = transpose(view.dims, order);
  const channels = volume(kept.map((axis) => view.dims[axis]!));
  const [height, width] =
    gone.length === 2
      ? [view.dims[gone[0]!]!, view.dims[gone[1]!]!]
      : [1, volume(gone.map((axis) => view.dims[axis]!))];
  const image = gatherView(view, [1, channels, height, width], gather, '');
  return { ...globalAverage(call, image), dims: result };
}

function reduceConstant(
  value: Constant,
  axes: ReadonlySet<number>,
  result: readonly number[],
  how: Reduction,
): Constant {
  const { dims, values } = value;
  const strides = stridesOf(dims);
  const kept = dims.map((_, axis) => axis).filter((axis) => !axes.has(axis));
  const gone = dims.map((_, axis) => axis).filter((axis) => axes.has(axis));
  const starts = walk(
    kept.map((axis) => dims[axis]!),
    kept.map((axis) => strides[axis]!),
  );
  const offsets = walk(
    gone.map((axis) => dims[axis]!),
    gone.map((axis) => strides[axis]!),
  );
  const reduced = Float64Array.from(starts, (start) =>
    reduced1(
      Float64Array.from(offsets, (offset) => values[start + offset]!),
      how,
    ),
  );
  return constant(result, reduced, value.type);
}

function reduced1(values: Float64Array, how: Reduction): number {
  const sum = (of: (value: number) => number) => values.reduce((total, value) => total + of(value), 0);
  switch (how) {
    case 'Mean':
      return sum((value) => value) / values.length;
    case 'Sum':
      return sum((value) => value);
    case 'Max':
      return values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    case 'Min':
      return values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
    case 'Prod':
      return values.reduce((product, value) => product * value, 1);
    case 'L1':
      return sum(Math.abs);
    case 'L2':
      return Math.sqrt(sum((value) => value ** 2));
    case 'SumSquare':
      return sum((value) => value ** 2);
    case 'LogSumExp':
      return Math.log(sum(Math.exp));
  }
}
