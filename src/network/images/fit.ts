import { badInput } from '../../errors/index.ts';
import { elementCount, type InputRange, type Shape, showShape } from '../types.ts';
import { expectValues } from './numbers.ts';
import type { RawImages } from './types.ts';

/** What a network takes. */
export interface ImageInput {
  /** With the channel of ones, if there is one. */
  readonly shape: Shape;
  /** Absent: 0 and 1. */
  readonly range?: InputRange | undefined;
  /** The last channel is full everywhere: the network's weights want a 1 beside the image. */
  readonly hasOnes?: boolean | undefined;
}

/** How images are brought to the size and channels that a network wants. */
export interface FitOptions {
  /** Numbers of the file that are black and full; absent: the network's own range for numbers, 0 and 255 for bytes. */
  readonly range?: readonly [low: number, high: number] | undefined;
  /** Order of the file's dimensions, where it could be either. */
  readonly layout?: 'nchw' | 'nhwc' | undefined;
}

/** Images in the size and channels of the network, a byte a value. */
export interface FittedImages {
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
  /** [image][y][x][channel], 0..255. */
  readonly pixels: Uint8Array;
  readonly notes: readonly string[];
}

/** Values outside of the range are cut off; more than this share of them is a mistake. */
const mostCut = 0.01;
/** Where each value of a vector has the range of the training's vectors: of n of them 2 / (n + 1) of what comes later lie outside, and 20 are few. */
const mostCutOfOwn = 0.1;

/**
 * Images of a file as the pixels that a core takes.
 *
 * @throws SpinfireError (badInput) when size, channels or range are not the network's, or could be meant in two ways
 */
export function fitImages(raw: RawImages, input: ImageInput, options: FitOptions, where: string): FittedImages {
  const { shape, hasOnes = false } = input;
  const own: Shape = { ...shape, channels: shape.channels - (hasOnes ? 1 : 0) };
  const size = elementCount(own);
  const images = raw.dims.length === 1 && raw.count === 1 && raw.dims[0]! > size ? cut(raw, size, where) : raw;
  const order = orderOf(images, own, options, where);
  expectValues(images.count * elementCount(shape), where);
  const { values, notes } = scaled(images, own, input.range, options, order, where);
  const pixels = hasOnes ? withOnes(values, own.channels) : values;
  return {
    count: images.count,
    rows: shape.height,
    columns: shape.width,
    pixels,
    notes: [...(raw.notes ?? []), ...notes],
  };
}

/** Raw bytes as images of one size. */
function cut(raw: RawImages, size: number, where: string): RawImages {
  const length = raw.dims[0]!;
  if (length % size === 0 && raw.kind === 'bytes') return { ...raw, count: length / size, dims: [size] };
  throw badInput('the bytes are no whole number of images', {
    where,
    found: `${length} values`,
    expected: `a multiple of ${size}`,
  });
}

/** Where element (y, x, channel) of the network's image stands in the file's; undefined: in the same place. */
function orderOf(raw: RawImages, own: Shape, options: FitOptions, where: string): Int32Array | undefined {
  const { height, width, channels } = own;
  const size = elementCount(own);
  const given = raw.dims.reduce((product, dim) => product * dim, 1);
  const inRows = () => undefined;
  const inPlanes = () =>
    Int32Array.from({ length: size }, (_, i) => (i % channels) * height * width + Math.floor(i / channels));
  const asTold = () => (asked(raw, options, where) === 'nhwc' ? inRows() : inPlanes());
  const inOneOf = (rows: boolean, planes: boolean) => {
    if (!rows && !planes) throw unfit(raw, own, where);
    if (rows && planes && channels > 1) return asTold();
    return rows ? inRows() : inPlanes();
  };
  if (given !== size) throw unfit(raw, own, where);
  const isVector = height === 1 && width === 1;
  const [a, b, c] = raw.dims as [number, number, number];
  if (raw.dims.length === 3 && isVector) return vectorOrder(raw, options, where);
  if (raw.dims.length === 3) {
    const rows = raw.order !== 'chw' && a === height && b === width && c === channels;
    const planes = raw.order !== 'hwc' && a === channels && b === height && c === width;
    return inOneOf(rows, planes);
  }
  if (raw.dims.length === 2) {
    if (isVector || (channels === 1 && a === height && b === width)) return inRows();
    // A network of one dimension: values by place and channel, or by channel and place.
    const isSeries = height === 1 || width === 1;
    const places = height * width;
    return inOneOf(isSeries && a === places && b === channels, isSeries && a === channels && b === places);
  }
  // A vector for an image: grey ones have one order, row by row.
  if (channels === 1 || isVector) return inRows();
  return asTold();
}

/** A flat network was trained with its colours pixel by pixel or plane by plane; nothing in the file tells. */
function vectorOrder(raw: RawImages, options: FitOptions, where: string): Int32Array | undefined {
  const [a, b, c] = raw.dims as [number, number, number];
  const channels = raw.order === 'hwc' ? c : raw.order === 'chw' ? a : Math.min(a, c);
  if (channels === 1) return undefined;
  const isRows = raw.order === 'hwc' || (raw.order === undefined && c <= a);
  const wanted = asked(raw, options, where);
  if ((wanted === 'nhwc') === isRows) return undefined;
  const size = a * b * c;
  if (isRows) {
    // Rows in the file, planes wanted.
    return Int32Array.from({ length: size }, (_, i) => (i % (a * b)) * c + Math.floor(i / (a * b)));
  }
  return Int32Array.from({ length: size }, (_, i) => (i % a) * b * c + Math.floor(i / a));
}

function asked(raw: RawImages, { layout }: FitOptions, where: string): 'nchw' | 'nhwc' {
  if (layout !== undefined) return layout;
  throw badInput('the order of the colours is not known', {
    where,
    found: `images of [${raw.dims.join(', ')}]`,
    expected: 'colours pixel by pixel, or plane by plane',
    help: 'say which: --image-layout nchw (planes, as PyTorch has them) or --image-layout nhwc (pixels, as pictures have them)',
  });
}

function unfit(raw: RawImages, own: Shape, where: string) {
  const { height, width, channels } = own;
  const [a, b, c] = raw.dims;
  const pixels = c === undefined ? `${a} x ${b} pixels, grey` : `${a} x ${b} x ${c} values`;
  const colour = raw.dims.length === 3 && raw.order === 'hwc' && a === height && b === width;
  return badInput('the images do not fit the network', {
    where,
    found: raw.dims.length === 1 ? `vectors of ${a} values` : pixels,
    expected: `${height} x ${width} pixels, ${channels} channel${channels === 1 ? '' : 's'} (${showShape(own)}: ${elementCount(own)} values)`,
    help: colour
      ? `the network was trained with ${channels === 1 ? 'grey pictures: turn these grey' : 'colours, and these are grey'}`
      : 'scale or cut them as for the training of the network',
  });
}

function scaled(
  raw: RawImages,
  own: Shape,
  range: InputRange | undefined,
  options: FitOptions,
  order: Int32Array | undefined,
  where: string,
): { values: Uint8Array; notes: string[] } {
  const size = elementCount(own);
  const from = order ?? Int32Array.from({ length: size }, (_, i) => i);
  const values = new Uint8Array(raw.count * size);
  if (raw.data instanceof Uint8Array && raw.kind === 'bytes' && options.range === undefined) {
    for (let i = 0; i < values.length; i += 1) values[i] = raw.data[Math.floor(i / size) * size + from[i % size]!]!;
    return { values, notes: [] };
  }
  const limits = limitsOf(own, range, options);
  let outside = 0;
  let [least, largest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i += 1) {
    const value = raw.data[Math.floor(i / size) * size + from[i % size]!]!;
    const share = (value - limits.low(i % size)) / (limits.high(i % size) - limits.low(i % size));
    if (!Number.isFinite(value)) {
      throw badInput('a value is no finite number', {
        where,
        found: `${value} in image ${Math.floor(i / size)}`,
        expected: 'finite numbers',
      });
    }
    if (share < -1e-6 || share > 1 + 1e-6) outside += 1;
    least = Math.min(least, value);
    largest = Math.max(largest, value);
    values[i] = Math.round(255 * Math.min(Math.max(share, 0), 1));
  }
  if (outside > (limits.ofEachValue ? mostCutOfOwn : mostCut) * values.length) {
    throw badInput('values of the images are outside of the range that the network takes', {
      where,
      found: `${least} to ${largest}, ${((100 * outside) / values.length).toFixed(1)} % of them outside`,
      expected: limits.text,
      help: `say what is black and full in this file (--image-range LOW,HIGH), or what the network was trained with (--input-range LOW,HIGH)`,
    });
  }
  const notes =
    outside === 0 ? [] : [`${outside} of ${values.length} values were outside of ${limits.text} and cut off`];
  return { values, notes };
}

function limitsOf({ height, width, channels }: Shape, range: InputRange | undefined, { range: told }: FitOptions) {
  if (told !== undefined) {
    const [least, most] = told;
    return { low: () => least, high: () => most, text: `${least} to ${most}`, ofEachValue: false };
  }
  const { low, high } = range ?? { low: [0], high: [1] };
  const pick = (list: readonly number[]) => (element: number) => list[list.length === 1 ? 0 : element % channels]!;
  const many = low.length > 1 || high.length > 1;
  const text = many ? "the network's ranges" : `${low[0]} to ${high[0]}`;
  return { low: pick(low), high: pick(high), text, ofEachValue: many && height * width === 1 };
}

/** The image with a last channel of 255. */
function withOnes(values: Uint8Array, channels: number): Uint8Array {
  const places = values.length / channels;
  const result = new Uint8Array(places * (channels + 1)).fill(255);
  for (let place = 0; place < places; place += 1) {
    result.set(values.subarray(place * channels, (place + 1) * channels), place * (channels + 1));
  }
  return result;
}
