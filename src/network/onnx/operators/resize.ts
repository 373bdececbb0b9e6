/** Resize and Upsample: every value of the result is a weighted sum of values of the image, axis by axis. */
import { badInput } from '../../../errors/index.ts';
import { checkedVolume, rowsView, type View, volume, windowView } from '../../lower/index.ts';
import { pick, stridesOf } from '../normalise/movement.ts';
import { constant, integersOf } from '../tensors.ts';
import { linear, type Value } from '../values.ts';
import { type Call, constantAt, mismatch, type Operator, optionalConstant, unsupportedOperand } from './call.ts';
import { dimsAt, moved } from './moving.ts';
import {
  type AxisTaps,
  coordinateModes,
  cropping,
  type Piece,
  roundings,
  type Stretch,
  type Tap,
  tapsOf,
  whole,
} from './resize-taps.ts';

export const resizing: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['Upsample', resize],
  ['Resize', resize],
]);

function resize(call: Call): Value {
  const dims = dimsAt(call, 0);
  const stretch = stretchOf(call);
  const pieces = piecesOf(call, dims, stretch);
  const { scales, sizes } = targetOf(call, dims);
  const isVague = isOld(call) && stretch.mode === 'nearest' && scales.some((scale) => scale < 1 && !isWhole(1 / scale));
  if (isVague) {
    throw badInput('a resize that is not supported', {
      where: call.where,
      found: `factors [${scales.join(', ')}] in opset ${call.opset}, which does not say which value is nearest`,
      expected: 'opset 11 or later',
    });
  }
  checkedVolume(sizes, call.where);
  const taps = dims.map((size, axis): AxisTaps | undefined =>
    size === sizes[axis] && scales[axis] === 1 && isWholeAxis(pieces[axis]!)
      ? undefined
      : tapsOf(size, sizes[axis]!, Math.fround(scales[axis]!), stretch, pieces[axis]!),
  );
  if (taps.every((axis) => axis === undefined || axis.every((place) => place.length === 1))) return copied(call, taps);
  return weighted(call, dims, { sizes, taps, outside: stretch.outside });
}

const isWholeAxis = ({ start, end }: Piece) => start === whole.start && end === whole.end;

/** The standard's first wording, with neither coordinates nor rounding. */
const isOld = ({ operator, opset }: Call) => operator === 'Upsample' || opset < 11;
const isWhole = (factor: number) => Math.abs(factor - Math.round(factor)) < 1e-6;

function stretchOf(call: Call): Stretch {
  const { attributes, where } = call;
  const mode = attributes.string('mode', 'nearest').replace(/^bilinear$/, 'linear');
  const stretch = {
    mode,
    coordinates: isOld(call) ? 'asymmetric' : attributes.string('coordinate_transformation_mode', 'half_pixel'),
    rounding: isOld(call) ? 'floor' : attributes.string('nearest_mode', 'round_prefer_floor'),
    cubic: attributes.float('cubic_coeff_a', -0.75),
    leavesOutside: attributes.int('exclude_outside', 0) !== 0,
    outside: attributes.float('extrapolation_value', 0),
  };
  const antialias = attributes.int('antialias', 0) !== 0 && mode !== 'nearest';
  const policy = attributes.string('keep_aspect_ratio_policy', 'stretch');
  const known =
    ['nearest', 'linear', 'cubic'].includes(mode) &&
    coordinateModes.has(stretch.coordinates) &&
    roundings.has(stretch.rounding) &&
    policy === 'stretch';
  if (known && !antialias) return stretch;
  throw badInput('a resize that is not supported', {
    where,
    found: [
      `mode ${mode}`,
      `coordinates ${stretch.coordinates}`,
      ...(antialias ? ['antialias'] : []),
      ...(policy === 'stretch' ? [] : [policy]),
    ].join(', '),
    expected: `mode nearest, linear or cubic, coordinates ${[...coordinateModes.keys()].join(', ')}`,
    help: antialias
      ? 'export the network with antialias off, or bring the images at the size that the first layer sees'
      : 'give the size of the result itself',
  });
}

/** What is stretched of every axis: all of it, unless coordinates are those of a piece. */
function piecesOf(call: Call, dims: readonly number[], { coordinates }: Stretch): readonly Piece[] {
  if (coordinates !== cropping) return dims.map(() => whole);
  if (call.inputs[3] === undefined) {
    throw badInput('a resize that is not supported', {
      where: call.where,
      found: `coordinates ${cropping} with factors, which the standard counts from the piece and onnxruntime from the whole image`,
      help: 'give the size of the result itself',
    });
  }
  const given = Array.from(constantAt(call, 1, 'the piece (roi)').values);
  const axes = axesOf(call, dims);
  if (given.length !== 2 * axes.length)
    throw mismatch(
      call.where,
      `a piece (roi) of ${given.length} numbers`,
      `${2 * axes.length}: a start and an end for each axis`,
    );
  return dims.map((_, axis) => {
    const at = axes.indexOf(axis);
    return at < 0 ? whole : { start: given[at]!, end: given[axes.length + at]! };
  });
}

/** The axes that scales, sizes and pieces are of. */
function axesOf({ attributes }: Call, dims: readonly number[]): readonly number[] {
  const axes = attributes.ints('axes') ?? [];
  return axes.length === 0 ? dims.map((_, axis) => axis) : axes.map((axis) => (axis < 0 ? axis + dims.length : axis));
}

/** The factor and the new size of every axis. */
function targetOf(call: Call, dims: readonly number[]) {
  const { attributes } = call;
  const at = call.operator === 'Upsample' || call.inputs.length === 2 ? 1 : 2;
  const given = attributes.has('scales') ? attributes.floats('scales') : undefined;
  const listed = given ?? Array.from(optionalConstant(call, at, 'the scales')?.values ?? []);
  const wanted = call.inputs[3] === undefined ? [] : integersOf(constantAt(call, 3, 'the sizes'));
  const axes = axesOf(call, dims);
  const spread = (values: readonly number[], rest: (axis: number) => number) => {
    if (axes.length === dims.length && values.length !== dims.length) return values;
    const of = new Map(axes.map((axis, i) => [axis, values[i]!]));
    return dims.map((_, axis) => of.get(axis) ?? rest(axis));
  };
  if (listed.length > 0) {
    const scales = spread(listed, () => 1);
    const sizes = dims.map((dim, axis) => Math.floor(Math.fround(dim * scales[axis]!)));
    if (scales.length === dims.length && sizes.every((size) => size >= 1)) return { scales, sizes };
  } else {
    const asked = spread(wanted, (axis) => dims[axis]!);
    // A file made for a batch of several names it in its sizes; we compute one of them.
    const sizes = asked.map((size, axis) => (axis === 0 && size === call.batch ? dims[0]! : size));
    if (sizes.length === dims.length && sizes.every((size) => size >= 1))
      return { scales: sizes.map((size, axis) => size / dims[axis]!), sizes };
  }
  throw mismatch(
    call.where,
    `scales [${listed.join(', ')}], sizes [${wanted.join(', ')}]`,
    `a factor or a size for each of ${dims.length} axes`,
  );
}

/** Every value of the result is one of the image. */
function copied(call: Call, taps: readonly (AxisTaps | undefined)[]): Value {
  let value: Value = call.inputs[0]!;
  for (const [axis, places] of taps.entries()) {
    if (places === undefined) continue;
    const own = dimsAt({ ...call, inputs: [value] }, 0);
    const rows = places.map(([tap]) => tap!.index);
    value = moved({ ...call, inputs: [value] }, pick(own, axis, rows, [rows.length], call.where));
  }
  return value;
}

/** What an image becomes. */
interface Stretched {
  readonly sizes: readonly number[];
  /** [axis] */
  readonly taps: readonly (AxisTaps | undefined)[];
  readonly outside: number;
}

function weighted(call: Call, dims: readonly number[], { sizes, taps, outside }: Stretched): Value {
  const value = call.inputs[0];
  const strides = stridesOf(dims);
  const own = stridesOf(sizes);
  const row = (number: number, add: (element: number, weight: number) => void) => {
    let sums: Tap[] = [{ index: 0, weight: 1 }];
    for (const [axis, places] of taps.entries()) {
      const place = Math.floor(number / own[axis]!) % sizes[axis]!;
      const here = places?.[place] ?? [{ index: place, weight: 1 }];
      sums = sums.flatMap(({ index, weight }) =>
        here.map((tap) => ({ index: index + tap.index * strides[axis]!, weight: weight * tap.weight })),
      );
    }
    for (const { index, weight } of sums) add(index, weight);
    return sums.length === 0 ? outside : 0;
  };
  if (value?.kind === 'constant') {
    const values = Float64Array.from({ length: volume(sizes) }, (_, number) => {
      let sum = 0;
      const rest = row(number, (element, weight) => {
        sum += weight * value.values[element]!;
      });
      return sum + rest;
    });
    return constant(sizes, values, value.type);
  }
  if (value?.kind !== 'linear') throw unsupportedOperand(call, 0);
  return linear(evenWindows(call, value.view, sizes, taps) ?? rowsView(value.view, sizes, call, row));
}

/** The same weights at every place, as when an image is made smaller by a whole factor: a window that steps over it. */
function evenWindows(
  call: Call,
  view: View,
  sizes: readonly number[],
  taps: readonly (AxisTaps | undefined)[],
): View | undefined {
  if (view.dims.length !== 4 || taps[0] !== undefined || taps[1] !== undefined) return undefined;
  const [rows, columns] = [stepsOf(taps[2], view.dims[2]!), stepsOf(taps[3], view.dims[3]!)];
  if (rows === undefined || columns === undefined) return undefined;
  const channels = view.dims[1]!;
  const [kernelHeight, kernelWidth] = [rows.weights.length, columns.weights.length];
  const places = (axis: 2 | 3, { weights, stride }: Steps) =>
    Math.floor((view.dims[axis]! - weights.length) / stride) + 1;
  if (places(2, rows) !== sizes[2] || places(3, columns) !== sizes[3]) return undefined;
  const weights = new Float64Array(channels * kernelHeight * kernelWidth * channels);
  for (let c = 0; c < channels; c += 1) {
    for (const [y, down] of rows.weights.entries()) {
      for (const [x, across] of columns.weights.entries())
        weights[((c * kernelHeight + y) * kernelWidth + x) * channels + c] = down * across;
    }
  }
  return windowView(
    view,
    {
      ...{ kernelHeight, kernelWidth, strideY: rows.stride, strideX: columns.stride },
      ...{ padTop: 0, padLeft: 0, padBottom: 0, padRight: 0 },
      ...{ weights, bias: new Float64Array(channels), outputHeight: sizes[2]!, outputWidth: sizes[3]! },
    },
    call,
  );
}

/** A window along one axis, and its step from place to place. */
interface Steps {
  readonly weights: readonly number[];
  readonly stride: number;
}

/** Undefined where places differ. */
function stepsOf(taps: AxisTaps | undefined, size: number): Steps | undefined {
  if (taps === undefined) return { weights: [1], stride: 1 };
  if (taps.some((place) => place.length === 0)) return undefined;
  const stride = taps.length === 1 ? size : taps[1]![0]!.index - taps[0]![0]!.index;
  const differs = taps.some((place, i) =>
    place.length !== taps[0]!.length
      ? true
      : place.some(
          ({ index, weight }, k) =>
            index !== taps[0]![k]!.index + i * stride || Math.abs(weight - taps[0]![k]!.weight) > 1e-6,
        ),
  );
  if (stride < 1 || differs) return undefined;
  const weights = new Array<number>(taps[0]!.at(-1)!.index + 1).fill(0);
  for (const { index, weight } of taps[0]!) weights[index] = weight;
  return { weights, stride };
}
