import type { Shape } from '../types.ts';
import { expectElements } from './budget.ts';
import { at, type Layout, type Stage, type View, volume } from './stages.ts';

/** All of a stage as a tensor of these dimensions. */
export function wholeView(stage: Stage, dims: readonly number[]): View {
  return { stage, dims, index: Int32Array.from({ length: stage.size }, (_, i) => i), scale: 1, shift: 0, made: [] };
}

/** Elements picked from a view: element i of the result is element gather[i], or the number `fill` where that is -1. */
export function gatherView(view: View, dims: readonly number[], gather: Int32Array, made: string, fill = 0): View {
  const pick = (values: Float64Array | number, missing: number) => {
    if (typeof values === 'number' && (values === missing || !gather.includes(-1))) return values;
    return Float64Array.from(gather, (from) => (from < 0 ? missing : at(values, from)));
  };
  return {
    stage: view.stage,
    dims,
    index: Int32Array.from(gather, (from) => (from < 0 ? -1 : view.index[from]!)),
    scale: typeof view.scale === 'number' ? view.scale : pick(view.scale, 1),
    shift: pick(view.shift, fill),
    made: withName(view.made, made),
  };
}

/** The same elements under other dimensions of the same volume. */
export function reshapeView(view: View, dims: readonly number[], made: string): View {
  return { ...view, dims, made: withName(view.made, made) };
}

/** Element by element times `scale` plus `shift`; arrays have an entry for each element of the view. */
export function affineView(view: View, scale: Float64Array | number, shift: Float64Array | number, made: string): View {
  const many = [view.scale, view.shift, scale, shift].some((values) => typeof values !== 'number');
  const size = view.index.length;
  const uniform = (values: Float64Array | number) => typeof values === 'number';
  const newScale =
    uniform(view.scale) && uniform(scale)
      ? (view.scale as number) * (scale as number)
      : Float64Array.from({ length: size }, (_, i) => at(view.scale, i) * at(scale, i));
  const newShift = !many
    ? (view.shift as number) * (scale as number) + (shift as number)
    : Float64Array.from({ length: size }, (_, i) => at(view.shift, i) * at(scale, i) + at(shift, i));
  return { ...view, scale: newScale, shift: newShift, made: withName(view.made, made) };
}

function withName(made: readonly string[], name: string): readonly string[] {
  return name === '' ? made : [...made, name];
}

/** A view that shows channels of its stage's image, perhaps in a frame of constants. */
export interface ImageView {
  /** Inside the frame; height and width are the stage's. */
  readonly shape: Shape;
  readonly frame: { readonly top: number; readonly left: number; readonly bottom: number; readonly right: number };
  /** Value of the frame. */
  readonly fill: number;
  /** [channel of the view]: channel of the stage. */
  readonly channel: Int32Array;
  /** [channel of the view]. */
  readonly scale: Float64Array;
  readonly shift: Float64Array;
}

/** Channels, height and width of [1, C, H, W], [1, C, W] or [1, C]; undefined for other ranks. */
export function imageDims(dims: readonly number[]): Shape | undefined {
  if (dims[0] !== 1 || dims.length < 2 || dims.length > 4) return undefined;
  const [, channels, height, width] = dims as [number, number, number, number];
  if (dims.length === 4) return { height, width, channels };
  if (dims.length === 3) return { height: 1, width: height, channels };
  return { height: 1, width: 1, channels };
}

/**
 * Reads a view as an image with channels first. Sets the layout of a stage that has none yet, when the view holds each of
 * its elements once. Undefined when the view is something else, or when its scale differs inside a channel.
 */
export function readImage(view: View): ImageView | undefined {
  const outer = imageDims(view.dims);
  const frame = outer && findFrame(view.index, outer);
  if (outer === undefined || frame === undefined) return undefined;
  const shape: Shape = {
    height: outer.height - frame.top - frame.bottom,
    width: outer.width - frame.left - frame.right,
    channels: outer.channels,
  };
  const fill = frameFill(view, outer, frame);
  const elements = elementsOf(view, outer, { shape, frame });
  if (fill === undefined || elements === undefined) return undefined;
  const channel = channelsShown(view.stage, shape, elements.order);
  return channel && { shape, frame, fill, channel, scale: elements.scale, shift: elements.shift };
}

/** Elements of the stage in (y, x, channel) order of the view, and the affine of each channel, if it has one. */
function elementsOf(view: View, outer: Shape, { shape, frame }: { readonly shape: Shape; readonly frame: Frame }) {
  const { height, width, channels } = shape;
  const place = (c: number, y: number, x: number) => (c * outer.height + y + frame.top) * outer.width + x + frame.left;
  const order = new Int32Array(height * width * channels);
  const scale = Float64Array.from({ length: channels }, (_, c) => at(view.scale, place(c, 0, 0)));
  const shift = Float64Array.from({ length: channels }, (_, c) => at(view.shift, place(c, 0, 0)));
  let target = 0;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      for (let c = 0; c < channels; c += 1) {
        const from = place(c, y, x);
        if (at(view.scale, from) !== scale[c] || at(view.shift, from) !== shift[c]) return undefined;
        order[target] = view.index[from]!;
        target += 1;
      }
    }
  }
  return { order, scale, shift };
}

/** Which channel of the stage each channel shows; undefined when one shows several, or places differ. */
function channelsShown(stage: Stage, shape: Shape, order: Int32Array): Int32Array | undefined {
  if (stage.layout === undefined) {
    if (order.length !== stage.size || !isPermutation(order)) return undefined;
    stage.layout = layoutOf(shape, order);
    return Int32Array.from({ length: shape.channels }, (_, c) => c);
  }
  const { shape: own, order: ownOrder } = stage.layout;
  if (own.height !== shape.height || own.width !== shape.width) return undefined;
  const inverse = ownOrder && invert(ownOrder);
  const shown = Int32Array.from(order.subarray(0, shape.channels), (element) => inverse?.[element] ?? element);
  if (shown.some((channel) => channel >= own.channels)) return undefined;
  for (let i = 0; i < order.length; i += 1) {
    const position = Math.floor(i / shape.channels);
    const element = inverse?.[order[i]!] ?? order[i]!;
    if (element !== position * own.channels + shown[i % shape.channels]!) return undefined;
  }
  return shown;
}

function invert(order: Int32Array): Int32Array {
  const inverse = new Int32Array(order.length);
  for (let i = 0; i < order.length; i += 1) inverse[order[i]!] = i;
  return inverse;
}

type Frame = ImageView['frame'];

/** The border that holds no elements; undefined when elements are missing inside of it. */
function findFrame(index: Int32Array, { height, width, channels }: Shape): Frame | undefined {
  const plane = height * width;
  let [top, left, bottom, right] = [height, width, -1, -1];
  for (let i = 0; i < plane; i += 1) {
    if (index[i]! < 0) continue;
    const y = Math.floor(i / width);
    const x = i % width;
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
    left = Math.min(left, x);
    right = Math.max(right, x);
  }
  if (bottom < 0) return undefined;
  for (let c = 0; c < channels; c += 1) {
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const inside = y >= top && y <= bottom && x >= left && x <= right;
        if (inside !== index[c * plane + y * width + x]! >= 0) return undefined;
      }
    }
  }
  return { top, left, bottom: height - 1 - bottom, right: width - 1 - right };
}

function frameFill(view: View, { height, width }: Shape, { top, left, bottom, right }: Frame): number | undefined {
  if (top + left + bottom + right === 0) return 0;
  let fill: number | undefined;
  for (let i = 0; i < view.index.length; i += 1) {
    if (view.index[i]! >= 0) continue;
    fill ??= at(view.shift, i);
    if (at(view.shift, i) !== fill) return undefined;
  }
  return height * width > 0 ? fill : undefined;
}

function isPermutation(order: Int32Array): boolean {
  const seen = new Uint8Array(order.length);
  for (const element of order) {
    if (element < 0 || seen[element] === 1) return false;
    seen[element] = 1;
  }
  return true;
}

/** A layout, without its order where that says nothing. */
export function layoutOf(shape: Shape, order: Int32Array): Layout {
  return order.every((element, i) => element === i) ? { shape } : { shape, order };
}

/** Dimensions in front of which nothing is allocated before they were looked at. */
export function checkedVolume(dims: readonly number[], where: string): number {
  const size = volume(dims);
  expectElements(size, where);
  return size;
}
