import type { Shape, Window } from '../types.ts';
import { expectElements, expectSize, mostWeights, mostWrittenOut } from './budget.ts';
import { denseOfMap, resultSize, windowOfWindow } from './maps.ts';
import { at, type DenseMap, type Layout, type LinearMap, type PotentialStage, type View, volume } from './stages.ts';
import { type ImageView, imageDims, readImage } from './views.ts';

/** Weights that go over an image with channels first. */
export interface WindowWeights extends Window {
  /** [output channel][ky][kx][input channel]. */
  readonly weights: Float64Array;
  /** [output channel]. */
  readonly bias: Float64Array;
  readonly outputHeight: number;
  readonly outputWidth: number;
}

/** What a node is called in the table of what was folded, and in errors. */
export interface Named {
  readonly name: string;
  readonly where: string;
}

/** A convolution or anything else that does the same at every place of an image [1, C, H, W] or [1, C, W]. */
export function windowView(view: View, given: WindowWeights, named: Named): View {
  const outputs = given.bias.length;
  const dims =
    view.dims.length === 4 ? [1, outputs, given.outputHeight, given.outputWidth] : [1, outputs, given.outputWidth];
  expectElements(volume(dims), named.where);
  const shape: Shape = { height: given.outputHeight, width: given.outputWidth, channels: outputs };
  const image = readImage(view);
  const map = image && windowMap(view, image, given, named.where);
  if (map !== undefined) {
    const { stage } = view;
    const whole = stage.kind !== 'potentials' ? map : undefined;
    const folded =
      stage.kind === 'potentials' && stage.map.kind === 'window' && windowOfWindow(stage.map, map, named.where);
    if (whole || folded) return shown(potentials(view, whole ?? (folded as LinearMap), { shape }, named), dims, shape);
  }
  const dense = writeOutWindow(view, given, named.where);
  return shown(potentials(view, dense, { shape }, named), dims, shape);
}

/** The map over the stage's own channels, with the view's scale and shift in its weights; undefined when it is no window. */
function windowMap(view: View, image: ImageView, given: WindowWeights, where: string) {
  const { frame, fill, channel, scale } = image;
  const given4 = given.padTop + given.padLeft + given.padBottom + given.padRight;
  if (fill !== 0 && given4 > 0) return undefined;
  const framed = given4 + frame.top + frame.left + frame.bottom + frame.right > 0;
  const shift = image.shift.map((value) => value - fill);
  const hasOnes = framed && shift.some((value) => value !== 0);
  const own = view.stage.layout!.shape.channels;
  const input: Shape = { ...image.shape, channels: own + (hasOnes ? 1 : 0) };
  const outputs = given.bias.length;
  const places = given.kernelHeight * given.kernelWidth;
  expectSize(outputs * places * input.channels, mostWeights, 'weights in one layer', where);
  const weights = new Float64Array(outputs * places * input.channels);
  const bias = given.bias.slice();
  const channels = channel.length;
  for (let o = 0; o < outputs; o += 1) {
    for (let place = 0; place < places; place += 1) {
      const row = (o * places + place) * input.channels;
      for (let c = 0; c < channels; c += 1) {
        const weight = given.weights[(o * places + place) * channels + c]!;
        if (weight === 0) continue;
        weights[row + channel[c]!]! += weight * scale[c]!;
        bias[o]! += weight * (hasOnes ? fill : shift[c]! + fill);
        if (hasOnes) weights[row + own]! += weight * shift[c]!;
      }
    }
  }
  const { kernelHeight, kernelWidth, strideY, strideX } = given;
  return {
    kind: 'window' as const,
    input,
    output: { height: given.outputHeight, width: given.outputWidth, channels: outputs },
    ...{ kernelHeight, kernelWidth, strideY, strideX, weights, bias, hasOnes },
    padTop: given.padTop + frame.top,
    padLeft: given.padLeft + frame.left,
    padBottom: given.padBottom + frame.bottom,
    padRight: given.padRight + frame.right,
  };
}

/** A window over a view that is no image of its stage, weight by weight. */
function writeOutWindow(view: View, given: WindowWeights, where: string): LinearMap {
  const { height, width, channels } = imageDims(view.dims)!;
  const outputs = given.bias.length;
  const count = given.outputHeight * given.outputWidth * outputs;
  return rowsOver(view, count, where, mostWrittenOut, (row, add) => {
    const output = row % outputs;
    const place = Math.floor(row / outputs);
    const top = Math.floor(place / given.outputWidth) * given.strideY - given.padTop;
    const left = (place % given.outputWidth) * given.strideX - given.padLeft;
    for (let ky = 0; ky < given.kernelHeight; ky += 1) {
      for (let kx = 0; kx < given.kernelWidth; kx += 1) {
        const [y, x] = [top + ky, left + kx];
        if (y < 0 || x < 0 || y >= height || x >= width) continue;
        const tap = ((output * given.kernelHeight + ky) * given.kernelWidth + kx) * channels;
        for (let c = 0; c < channels; c += 1) add((c * height + y) * width + x, given.weights[tap + c]!);
      }
    }
    return given.bias[output]!;
  });
}

/**
 * Every element of the view, in order, times a matrix.
 *
 * @param weights [output][element]
 * @param bias [output]
 */
export function denseView(view: View, weights: Float64Array, bias: Float64Array, named: Named): View {
  const inputs = view.index.length;
  const map = rowsOver(view, bias.length, named.where, mostWeights, (row, add) => {
    for (let i = 0; i < inputs; i += 1) add(i, weights[row * inputs + i]!);
    return bias[row]!;
  });
  return shown(potentials(view, map, undefined, named), [1, bias.length]);
}

type Row = (row: number, add: (element: number, weight: number) => void) => number;

/** Weighted sums of any elements: `fill` adds the weights of a row and returns its bias. */
export function rowsView(view: View, dims: readonly number[], named: Named, fill: Row): View {
  const map = rowsOver(view, volume(dims), named.where, mostWrittenOut, fill);
  return shown(potentials(view, map, undefined, named), dims);
}

/** The view itself as weighted sums: a map with ones on its diagonal. */
export function asPotentials(view: View, named: Named): View {
  if (view.stage.kind === 'potentials') return view;
  const image = readImage(view);
  if (image === undefined) {
    return rowsView(view, view.dims, named, (row, add) => {
      add(row, 1);
      return 0;
    });
  }
  const outer = imageDims(view.dims)!;
  const one = { kernelHeight: 1, kernelWidth: 1, strideY: 1, strideX: 1 };
  const weights = new Float64Array(outer.channels ** 2);
  for (let c = 0; c < outer.channels; c += 1) weights[c * (outer.channels + 1)] = 1;
  const four = { ...view, dims: [1, outer.channels, outer.height, outer.width] };
  const result = windowView(
    four,
    {
      ...{ ...one, padTop: 0, padLeft: 0, padBottom: 0, padRight: 0, weights, bias: new Float64Array(outer.channels) },
      ...{ outputHeight: outer.height, outputWidth: outer.width },
    },
    named,
  );
  return { ...result, dims: view.dims };
}

function rowsOver(view: View, rows: number, where: string, most: number, fill: Row): LinearMap {
  const { stage, index, scale, shift } = view;
  const what = most === mostWrittenOut ? 'weights of a layer that is no plain convolution' : 'weights in one layer';
  expectSize(rows * stage.size, most, what, where);
  const weights = new Float64Array(rows * stage.size);
  const bias = new Float64Array(rows);
  for (let row = 0; row < rows; row += 1) {
    let sum = 0;
    const start = row * stage.size;
    const own = fill(row, (element, weight) => {
      const source = index[element]!;
      if (source >= 0) weights[start + source]! += weight * at(scale, element);
      sum += weight * at(shift, element);
    });
    bias[row] = own + sum;
  }
  const map: DenseMap = { kind: 'dense', inputs: stage.size, outputs: rows, weights, bias };
  return stage.kind === 'potentials' ? denseOfMap(stage.map, stage.source.layout, map, where) : map;
}

/** The stage behind a view once a map was put on it, or folded into the map that is there. */
function potentials(view: View, map: LinearMap, layout: Layout | undefined, { name, where }: Named): PotentialStage {
  const { stage } = view;
  const before = stage.kind === 'potentials' ? stage.made : [];
  const made = [...before, ...view.made, name];
  const source = stage.kind === 'potentials' ? stage.source : stage;
  const first = stage.kind === 'potentials' ? stage.where : where;
  return { kind: 'potentials', size: resultSize(map), source, map, made, where: first, ...(layout ? { layout } : {}) };
}

/** A whole stage; an image's elements are shown with channels first. */
export function shown(stage: View['stage'], dims: readonly number[], shape?: Shape): View {
  return { stage, dims, index: channelsFirst(stage.size, shape), scale: 1, shift: 0, made: [] };
}

/** Numbers of (y, x, channel) elements, listed channel by channel. */
export function channelsFirst(size: number, shape?: Shape): Int32Array {
  if (shape === undefined) return Int32Array.from({ length: size }, (_, i) => i);
  const places = shape.height * shape.width;
  return Int32Array.from({ length: size }, (_, i) => (i % places) * shape.channels + Math.floor(i / places));
}
