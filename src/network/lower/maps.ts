import { elementCount, type Shape } from '../types.ts';
import { expectSize, expectWork, mostWrittenOut } from './budget.ts';
import type { DenseMap, Layout, LinearMap, WindowMap } from './stages.ts';

/** A window's weight that is not zero. */
interface Tap {
  readonly ky: number;
  readonly kx: number;
  readonly channel: number;
  readonly weight: number;
}

/** Taps of each output channel. */
function tapsOf({ weights, kernelHeight, kernelWidth, input, output }: WindowMap): Tap[][] {
  const perOutput = kernelHeight * kernelWidth * input.channels;
  return Array.from({ length: output.channels }, (_, o) => {
    const taps: Tap[] = [];
    for (let i = 0; i < perOutput; i += 1) {
      const weight = weights[o * perOutput + i]!;
      if (weight === 0) continue;
      const place = Math.floor(i / input.channels);
      const [ky, kx] = [Math.floor(place / kernelWidth), place % kernelWidth];
      taps.push({ ky, kx, channel: i % input.channels, weight });
    }
    return taps;
  });
}

/** Output channel o times scale[o] plus shift[o] (rows of a dense map). */
export function scaleOutputs<M extends LinearMap>(map: M, scale: Float64Array, shift: Float64Array): M {
  const perOutput = map.weights.length / scale.length;
  return {
    ...map,
    weights: map.weights.map((weight, i) => weight * scale[Math.floor(i / perOutput)]!),
    bias: map.bias.map((bias, o) => bias * scale[o]! + shift[o]!),
  };
}

/** A window map over the outputs of `first`, as one; undefined when padding in between makes them no window. */
export function windowOfWindow(first: WindowMap, second: WindowMap, where: string): WindowMap | undefined {
  const [firstTaps, secondTaps] = [tapsOf(first), tapsOf(second)];
  const hangs = hangsOver(second, secondTaps.flat());
  const padded = Object.values(hangs).includes(true);
  const isShifted = first.bias.some((bias) => bias !== 0);
  const givesOnes = second.hasOnes || (padded && isShifted);
  // The channel of ones has the input's places, so the first map must not change them.
  if (givesOnes && (first.hasOnes || !isPointwise(first))) return undefined;
  const seen = new Set(secondTaps.flatMap((taps) => taps.map(({ channel }) => channel)));
  const seenTaps = firstTaps.flatMap((taps, channel) => (seen.has(channel) ? taps : []));
  if (padded && !givesOnes && (first.hasOnes || !isZeroOutside(first, seenTaps, hangs))) return undefined;
  const kernelHeight = first.kernelHeight + (second.kernelHeight - 1) * first.strideY;
  const kernelWidth = first.kernelWidth + (second.kernelWidth - 1) * first.strideX;
  const channels = first.input.channels + (givesOnes ? 1 : 0);
  const size = second.output.channels * kernelHeight * kernelWidth * channels;
  expectSize(size, mostWrittenOut, 'weights of two layers without neurons between them, as one', where);
  const most = firstTaps.reduce((largest, taps) => Math.max(largest, taps.length), 0);
  expectWork(secondTaps.reduce((sum, taps) => sum + taps.length, 0) * most, where);
  const weights = new Float64Array(size);
  const bias = second.bias.slice();
  for (const [o, taps] of secondTaps.entries()) {
    for (const tap of taps) {
      const isOne = tap.channel === first.output.channels;
      const shift = isOne ? tap.weight : tap.weight * first.bias[tap.channel]!;
      if (givesOnes) weights[((o * kernelHeight + tap.ky) * kernelWidth + tap.kx + 1) * channels - 1]! += shift;
      else bias[o]! += shift;
      for (const inner of isOne ? [] : firstTaps[tap.channel]!) {
        const ky = tap.ky * first.strideY + inner.ky;
        const kx = tap.kx * first.strideX + inner.kx;
        weights[((o * kernelHeight + ky) * kernelWidth + kx) * channels + inner.channel]! += tap.weight * inner.weight;
      }
    }
  }
  return {
    kind: 'window',
    input: { ...first.input, channels },
    output: second.output,
    ...{ kernelHeight, kernelWidth, weights, bias },
    strideY: first.strideY * second.strideY,
    strideX: first.strideX * second.strideX,
    padTop: first.padTop + second.padTop * first.strideY,
    padLeft: first.padLeft + second.padLeft * first.strideX,
    padBottom: first.padBottom + second.padBottom * first.strideY,
    padRight: first.padRight + second.padRight * first.strideX,
    hasOnes: first.hasOnes || givesOnes,
  };
}

/** Whether every output sees its own place of the input alone. */
function isPointwise({ kernelHeight, kernelWidth, strideY, strideX, padTop, padLeft, padBottom, padRight }: WindowMap) {
  return kernelHeight * kernelWidth * strideY * strideX === 1 && padTop + padLeft + padBottom + padRight === 0;
}

/** Sides on which a window reaches past its input with a weight. */
interface Sides {
  readonly top: boolean;
  readonly bottom: boolean;
  readonly left: boolean;
  readonly right: boolean;
}

function span(taps: readonly Tap[]) {
  const side = (of: 'ky' | 'kx') => ({
    least: taps.reduce((least, tap) => Math.min(least, tap[of]), Number.POSITIVE_INFINITY),
    most: taps.reduce((most, tap) => Math.max(most, tap[of]), Number.NEGATIVE_INFINITY),
  });
  return { y: side('ky'), x: side('kx') };
}

function hangsOver({ strideY, strideX, padTop, padLeft, input, output }: WindowMap, taps: readonly Tap[]): Sides {
  const { y, x } = span(taps);
  return {
    top: y.least < padTop,
    left: x.least < padLeft,
    bottom: (output.height - 1) * strideY - padTop + y.most >= input.height,
    right: (output.width - 1) * strideX - padLeft + x.most >= input.width,
  };
}

/** Whether the map would give 0 beyond its outputs, on the sides where the next map looks: all of its taps look past the input there. */
function isZeroOutside(map: WindowMap, taps: readonly Tap[], next: Sides): boolean {
  const { strideY, strideX, padTop, padLeft, input, output } = map;
  const { y, x } = span(taps);
  return (
    (!next.top || y.most - strideY - padTop < 0) &&
    (!next.left || x.most - strideX - padLeft < 0) &&
    (!next.bottom || output.height * strideY - padTop + y.least >= input.height) &&
    (!next.right || output.width * strideX - padLeft + x.least >= input.width)
  );
}

/** A dense map over the outputs of `first`, as one map from what `first` works on. */
export function denseOfMap(first: LinearMap, layout: Layout | undefined, second: DenseMap, where: string): DenseMap {
  const inputs = sourceSize(first);
  expectSize(
    inputs * second.outputs,
    mostWrittenOut,
    'weights of two layers without neurons between them, as one',
    where,
  );
  return first.kind === 'dense' ? denseOfDense(first, second, where) : denseOfWindow(first, layout, second, where);
}

function denseOfDense(first: DenseMap, second: DenseMap, where: string): DenseMap {
  const { inputs } = first;
  expectWork(second.outputs * second.inputs * inputs, where);
  const weights = new Float64Array(second.outputs * inputs);
  const bias = second.bias.slice();
  for (let o = 0; o < second.outputs; o += 1) {
    for (let m = 0; m < second.inputs; m += 1) {
      const weight = second.weights[o * second.inputs + m]!;
      if (weight === 0) continue;
      bias[o]! += weight * first.bias[m]!;
      for (let i = 0; i < inputs; i += 1) weights[o * inputs + i]! += weight * first.weights[m * inputs + i]!;
    }
  }
  return { kind: 'dense', inputs, outputs: second.outputs, weights, bias };
}

function denseOfWindow(first: WindowMap, layout: Layout | undefined, second: DenseMap, where: string): DenseMap {
  const inputs = sourceSize(first);
  const taps = tapsOf(first);
  const most = taps.reduce((largest, each) => Math.max(largest, each.length), 0);
  expectWork(second.weights.length * most, where);
  const weights = new Float64Array(second.outputs * inputs);
  const bias = second.bias.slice();
  const { channels } = first.output;
  for (let o = 0; o < second.outputs; o += 1) {
    for (let m = 0; m < second.inputs; m += 1) {
      const weight = second.weights[o * second.inputs + m]!;
      if (weight === 0) continue;
      const place = Math.floor(m / channels);
      const y = Math.floor(place / first.output.width) * first.strideY - first.padTop;
      const x = (place % first.output.width) * first.strideX - first.padLeft;
      bias[o]! += weight * first.bias[m % channels]!;
      for (const tap of taps[m % channels]!) {
        const element = elementAt(first, y + tap.ky, x + tap.kx, tap.channel);
        if (element === outside) continue;
        if (element === ones) bias[o]! += weight * tap.weight;
        else weights[o * inputs + (layout?.order?.[element] ?? element)]! += weight * tap.weight;
      }
    }
  }
  return { kind: 'dense', inputs, outputs: second.outputs, weights, bias };
}

const outside = -1;
const ones = -2;

/** Number of an element in the image, (y, x, channel) order without the channel of ones. */
function elementAt({ input, hasOnes }: WindowMap, y: number, x: number, channel: number): number {
  if (y < 0 || x < 0 || y >= input.height || x >= input.width) return outside;
  const channels = input.channels - (hasOnes ? 1 : 0);
  return channel === channels ? ones : (y * input.width + x) * channels + channel;
}

/** Values that a map works on. */
export function sourceSize(map: LinearMap): number {
  if (map.kind === 'dense') return map.inputs;
  const { height, width, channels } = map.input;
  return height * width * (channels - (map.hasOnes ? 1 : 0));
}

/** Values that a map gives. */
export const resultSize = (map: LinearMap): number => (map.kind === 'dense' ? map.outputs : elementCount(map.output));

/** Every weight of a window map written out; outputs in (y, x, channel) order. */
export function writtenOut(map: LinearMap, layout: Layout | undefined, where: string): DenseMap {
  if (map.kind === 'dense') return map;
  const outputs = elementCount(map.output);
  const inputs = sourceSize(map);
  expectSize(inputs * outputs, mostWrittenOut, 'weights of a layer that is no plain convolution', where);
  const weights = new Float64Array(inputs * outputs);
  const bias = new Float64Array(outputs);
  const taps = tapsOf(map);
  const { channels, width } = map.output;
  for (let o = 0; o < outputs; o += 1) {
    const place = Math.floor(o / channels);
    const y = Math.floor(place / width) * map.strideY - map.padTop;
    const x = (place % width) * map.strideX - map.padLeft;
    bias[o] = map.bias[o % channels]!;
    for (const tap of taps[o % channels]!) {
      const element = elementAt(map, y + tap.ky, x + tap.kx, tap.channel);
      if (element === outside) continue;
      if (element === ones) bias[o]! += tap.weight;
      else weights[o * inputs + (layout?.order?.[element] ?? element)]! += tap.weight;
    }
  }
  return { kind: 'dense', inputs, outputs, weights, bias };
}

/** Two window maps of one source beside each other; undefined when they stand at different places. */
export function joinWindows(a: WindowMap, b: WindowMap): WindowMap | undefined {
  const same = a.strideY === b.strideY && a.strideX === b.strideX && sameSize(a.output, b.output);
  if (!same) return undefined;
  const [padTop, padLeft] = [Math.max(a.padTop, b.padTop), Math.max(a.padLeft, b.padLeft)];
  const kernelHeight = padTop + Math.max(a.kernelHeight - a.padTop, b.kernelHeight - b.padTop);
  const kernelWidth = padLeft + Math.max(a.kernelWidth - a.padLeft, b.kernelWidth - b.padLeft);
  const hasOnes = a.hasOnes || b.hasOnes;
  const plainChannels = a.input.channels - (a.hasOnes ? 1 : 0);
  const input: Shape = { ...a.input, channels: plainChannels + (hasOnes ? 1 : 0) };
  const channels = a.output.channels + b.output.channels;
  const weights = new Float64Array(channels * kernelHeight * kernelWidth * input.channels);
  const lay = (map: WindowMap, firstOutput: number) => {
    for (const [o, taps] of tapsOf(map).entries()) {
      for (const { ky, kx, channel, weight } of taps) {
        const row = (firstOutput + o) * kernelHeight + ky + padTop - map.padTop;
        weights[(row * kernelWidth + kx + padLeft - map.padLeft) * input.channels + channel] = weight;
      }
    }
  };
  lay(a, 0);
  lay(b, a.output.channels);
  const over = (size: number, positions: number, stride: number, kernel: number, before: number) =>
    Math.max(0, (positions - 1) * stride + kernel - before - size);
  return {
    kind: 'window',
    input,
    output: { ...a.output, channels },
    ...{ kernelHeight, kernelWidth, strideY: a.strideY, strideX: a.strideX, padTop, padLeft },
    padBottom: over(input.height, a.output.height, a.strideY, kernelHeight, padTop),
    padRight: over(input.width, a.output.width, a.strideX, kernelWidth, padLeft),
    ...{ weights, bias: Float64Array.from([...a.bias, ...b.bias]), hasOnes },
  };
}

const sameSize = (a: Shape, b: Shape) => a.height === b.height && a.width === b.width;

/** Two dense maps of one source beside each other. */
export function joinDense(a: DenseMap, b: DenseMap): DenseMap {
  const weights = new Float64Array(a.weights.length + b.weights.length);
  weights.set(a.weights);
  weights.set(b.weights, a.weights.length);
  const bias = Float64Array.from([...a.bias, ...b.bias]);
  return { kind: 'dense', inputs: a.inputs, outputs: a.outputs + b.outputs, weights, bias };
}
