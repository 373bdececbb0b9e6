/** Weights over an image that has fewer places than the frame in front of them. */
import { expectSize, largestOf, mostWeights, smallestOf } from '../budget.ts';
import type { WindowMap } from '../stages.ts';
import { type Key, type Reads, sampled, text } from './keys.ts';
import type { Rows } from './rows.ts';

/**
 * Weights over an image that has only every so manyth place of the frame, as weights over the frame: pools that no layer keeps, and
 * what a layer steps over.
 */
export function onFrame(rows: Rows, reads: Reads, row: number): Reads {
  if (reads.kind === 'dense') return reads;
  const { map, channels } = reads;
  const [image, frame] = [map.input, rows.output(row - 1)];
  if (image.height === frame.height && image.width === frame.width) return reads;
  if (map.hasOnes || image.height > frame.height || image.width > frame.width) throw rows.cannotPass(row, image);
  const steps = { y: Math.floor(frame.height / image.height), x: Math.floor(frame.width / image.width) };
  const sides = {
    y: {
      step: steps.y,
      places: frame.height,
      grid: image.height,
      outputs: map.output.height,
      pad: map.padTop,
      stride: map.strideY,
    },
    x: {
      step: steps.x,
      places: frame.width,
      grid: image.width,
      outputs: map.output.width,
      pad: map.padLeft,
      stride: map.strideX,
    },
  };
  const keys = new Map<string, { readonly key: Key; readonly channel: number }>();
  const taps: { readonly y: number; readonly x: number; readonly channel: number; readonly weights: Float64Array }[] =
    [];
  const outputs = map.output.channels;
  const perOutput = map.weights.length / outputs;
  for (let tap = 0; tap < perOutput; tap += 1) {
    const weights = Float64Array.from({ length: outputs }, (_, o) => map.weights[o * perOutput + tap]!);
    if (weights.every((weight) => weight === 0)) continue;
    const place = Math.floor(tap / image.channels);
    const [ky, kx] = [Math.floor(place / map.kernelWidth), place % map.kernelWidth];
    for (const { key, factor } of channels[tap % image.channels]!) {
      const whole = rows.output(key.row);
      const [y, x] = [
        sideOnFrame(ky, { stride: key.strideY, offset: key.offsetY, size: whole.height }, sides.y),
        sideOnFrame(kx, { stride: key.strideX, offset: key.offsetX, size: whole.width }, sides.x),
      ];
      if (y === undefined || x === undefined) throw rows.cannotPass(row, image);
      const found = sampled(frame, {
        ...{ row: key.row, channel: key.channel, strideY: y.stride, strideX: x.stride },
        ...{ offsetY: y.offset, offsetX: x.offset },
      });
      const known = keys.get(text(found)) ?? { key: found, channel: keys.size };
      keys.set(text(found), known);
      taps.push({ y: y.at, x: x.at, channel: known.channel, weights: weights.map((weight) => weight * factor) });
    }
  }
  const [ys, xs] = [taps.map(({ y }) => y), taps.map(({ x }) => x)];
  const [top, left] = [smallestOf(0, ys), smallestOf(0, xs)];
  const [kernelHeight, kernelWidth] = [largestOf(0, ys) - top + 1, largestOf(0, xs) - left + 1];
  expectSize(
    outputs * kernelHeight * kernelWidth * keys.size,
    mostWeights,
    'weights in one layer',
    rows.row(row).drive.where,
  );
  const weights = new Float64Array(outputs * kernelHeight * kernelWidth * keys.size);
  for (const { y, x, channel, weights: own } of taps) {
    for (const [o, weight] of own.entries())
      weights[((o * kernelHeight + y - top) * kernelWidth + x - left) * keys.size + channel]! += weight;
  }
  const wider: WindowMap = {
    ...{ ...map, weights, kernelHeight, kernelWidth, input: { ...frame, channels: keys.size } },
    ...{ strideY: map.strideY * steps.y, strideX: map.strideX * steps.x },
    ...{ padTop: -top, padLeft: -left, padBottom: 0, padRight: 0 },
  };
  return { kind: 'window', map: wider, channels: [...keys.values()].map(({ key }) => [{ key, factor: 1 }]) };
}

/** Where in the frame a tap looks, relative to the output's place, and for which key; undefined when it would see other values at the edge. */
function sideOnFrame(
  tap: number,
  key: { readonly stride: number; readonly offset: number; readonly size: number },
  side: {
    readonly step: number;
    readonly places: number;
    readonly grid: number;
    readonly outputs: number;
    readonly pad: number;
    readonly stride: number;
  },
) {
  const stride = side.places === 1 ? 0 : side.grid === 1 ? Math.ceil(key.size / side.places) : key.stride / side.step;
  if (!Number.isInteger(stride)) return undefined;
  const offset = stride === 0 ? key.offset : ((key.offset % stride) + stride) % stride;
  const more = stride === 0 ? 0 : (key.offset - offset) / stride;
  for (let i = 0; i < side.outputs; i += 1) {
    const place = i * side.stride + tap - side.pad;
    const found = place * side.step + more;
    const wanted = place * key.stride + key.offset;
    const isSeen = place >= 0 && place < side.grid && wanted >= 0 && wanted < key.size;
    const isFound = found >= 0 && found < side.places && found * stride + offset < key.size;
    if (isSeen !== isFound) return undefined;
  }
  return { stride, offset, at: (tap - side.pad) * side.step + more };
}
