/**
 * A graph of layers as the chain that a core is: a layer hands values of others on, in channels beside its own, until the layer that
 * works on them. Every value keeps its time step and its place.
 */
import type { Carry, Shape } from '../../types.ts';
import { largestOf, smallestOf } from '../budget.ts';
import type { DenseMap, LinearMap, NeuronStage, PotentialStage, WindowMap } from '../stages.ts';
import { onFrame } from './frame.ts';
import { type Key, type Place, type Reads, text } from './keys.ts';
import { readsOf } from './reads.ts';
import { Rows } from './rows.ts';

/** A layer of the chain, its weights over the frame in front of it. */
export interface ChainRow {
  readonly drive: PotentialStage;
  /** Of a layer of neurons; absent: the last one. */
  readonly stage: NeuronStage | undefined;
  /** Over the frame in front of it, element by element in its order. */
  readonly map: LinearMap;
  /** The frame in front of it, without a channel of ones. */
  readonly frame: Shape;
  readonly carry: Carry | undefined;
  readonly pool: { readonly height: number; readonly width: number; readonly made: readonly string[] } | undefined;
}

/** @throws SpinfireError (badInput) when places of a layer would have to be handed on that the layers between do not pass by */
export function unroll(last: PotentialStage): readonly ChainRow[] {
  const rows = new Rows(last);
  const reads = rows.all.map(({ drive }, index) => onFrame(rows, readsOf(rows, drive), index + 1));
  const needs = needsOf(rows, reads);
  let frame: readonly string[] = Array.from({ length: rows.output(0).channels }, (_, channel) =>
    text(rows.own(0, channel)),
  );
  return rows.all.map((row, index): ChainRow => {
    const built = layerOf(rows, index + 1, reads[index]!, frame, needs[index + 1]);
    frame = built.frameBehind;
    return { drive: row.drive, stage: row.stage, pool: row.pool, ...built.layer };
  });
}

/** [row]: the channels that must be in the frame behind it. */
function needsOf(rows: Rows, reads: readonly Reads[]): ReadonlyMap<string, Key>[] {
  const needs = Array.from({ length: rows.all.length + 1 }, () => new Map<string, Key>());
  for (let row = rows.all.length; row > 0; row -= 1) {
    const before = needs[row - 1]!;
    const add = (key: Key) => {
      if (key.row === row - 1 && text(key) !== text(rows.own(key.row, key.channel)))
        throw rows.cannotPass(row, rows.output(key.row));
      before.set(text(key), key);
    };
    const own = reads[row - 1]!;
    if (own.kind === 'window') {
      for (const shares of own.channels) for (const { key } of shares) add(key);
    } else for (const places of own.elements) for (const place of places) add(placed(rows, place, row - 1).key);
    for (const key of needs[row]!.values()) if (key.row !== row) add(through(rows, key, row).key);
  }
  return needs;
}

/** A place of a row in a frame: the channel that has it, and where. */
function placed(
  rows: Rows,
  { row, channel, y, x }: Place,
  frame: number,
): { readonly key: Key; readonly y: number; readonly x: number } {
  const [whole, small] = [rows.output(row), rows.output(frame)];
  const side = (at: number, size: number, places: number) => {
    if (places === 1) return { stride: 0, offset: at, place: 0 };
    const stride = Math.ceil(size / places);
    return { stride, offset: at % stride, place: Math.floor(at / stride) };
  };
  const down = side(y, whole.height, small.height);
  const across = side(x, whole.width, small.width);
  const key = {
    ...{ row, channel, strideY: down.stride, strideX: across.stride },
    ...{ offsetY: down.offset, offsetX: across.offset },
  };
  return { key, y: down.place, x: across.place };
}

/** A channel behind a row that hands it on: which channel of the frame in front of it that is, and where in the window relative to its place. */
function through(rows: Rows, key: Key, row: number): { readonly key: Key; readonly y: number; readonly x: number } {
  const { map } = rows.row(row).drive;
  const [whole, before, behind] = [rows.output(key.row), rows.output(row - 1), rows.output(row)];
  const isDense = map.kind === 'dense';
  const side = (
    { stride, offset }: { readonly stride: number; readonly offset: number },
    step: number,
    sizes: readonly [whole: number, before: number, behind: number],
  ) => {
    const [size, places, outputs] = sizes;
    const kept = places === 1 ? 0 : outputs === 1 ? Math.ceil(size / places) : stride / step;
    const rest = kept === 0 ? offset : ((offset % kept) + kept) % kept;
    const at = kept === 0 ? 0 : (offset - rest) / kept;
    const isExact = Array.from({ length: outputs }, (_, i) => i).every((i) => {
      const [from, wanted] = [i * step + at, i * stride + offset];
      return (from >= 0 && from < places) || wanted < 0 || wanted >= size;
    });
    if (!Number.isInteger(kept) || !isExact || (isDense && outputs > 1)) throw rows.cannotPass(row, whole);
    return { stride: kept, offset: rest, at };
  };
  const [stepY, stepX] = isDense ? [1, 1] : [map.strideY, map.strideX];
  const down = side({ stride: key.strideY, offset: key.offsetY }, stepY, [whole.height, before.height, behind.height]);
  const across = side({ stride: key.strideX, offset: key.offsetX }, stepX, [whole.width, before.width, behind.width]);
  const found = {
    ...{ row: key.row, channel: key.channel, strideY: down.stride, strideX: across.stride },
    ...{ offsetY: down.offset, offsetX: across.offset },
  };
  return { key: found, y: down.at, x: across.at };
}

/** The row over the frame that is in front of it, with what it hands on. */
function layerOf(
  rows: Rows,
  row: number,
  reads: Reads,
  frame: readonly string[],
  needed: ReadonlyMap<string, Key> | undefined,
) {
  const shape = { ...rows.output(row - 1), channels: frame.length };
  const indexes = new Map(frame.map((key, index) => [key, index]));
  const index = (key: Key) => indexes.get(text(key))!;
  const passed = [...(needed?.values() ?? [])].filter((key) => key.row !== row);
  const carried = passed.map((key) => ({ key, from: through(rows, key, row) }));
  const map =
    reads.kind === 'window' ? overFrame(reads, shape, index, carried) : denseOverFrame(rows, row, reads, shape, index);
  const window = map.kind === 'window' ? map : { kernelWidth: shape.width, padTop: 0, padLeft: 0 };
  const channels = shape.channels + (map.kind === 'window' && map.hasOnes ? 1 : 0);
  const taps = carried.map(({ key, from }) => {
    const place = (from.y + window.padTop) * window.kernelWidth + from.x + window.padLeft;
    return { key, tap: place * channels + index(from.key) };
  });
  const numbers = taps.map(({ tap }) => tap);
  const first = smallestOf(Number.POSITIVE_INFINITY, numbers);
  const count = taps.length === 0 ? 0 : largestOf(0, numbers) - first + 1;
  const handedOn = new Array<string>(count).fill('');
  for (const { key, tap } of taps) handedOn[tap - first] = text(key);
  const own = Array.from({ length: rows.output(row).channels }, (_, channel) => text(rows.own(row, channel)));
  const carry = count === 0 ? undefined : { tap: first, count };
  return { frameBehind: [...handedOn, ...own], layer: { map, frame: shape, carry } };
}

/** Its kernel reaches as far as what it hands on. */
function overFrame(
  { map, channels }: Extract<Reads, { kind: 'window' }>,
  frame: Shape,
  index: (key: Key) => number,
  through: readonly { readonly from: { readonly y: number; readonly x: number } }[],
): WindowMap {
  const reach = (kernel: number, pad: number, offsets: readonly number[]) => {
    const [low, high] = [smallestOf(-pad, offsets), largestOf(kernel - pad - 1, offsets)];
    return { pad: -low, kernel: high - low + 1 };
  };
  const rows = reach(
    map.kernelHeight,
    map.padTop,
    through.map(({ from }) => from.y),
  );
  const columns = reach(
    map.kernelWidth,
    map.padLeft,
    through.map(({ from }) => from.x),
  );
  const more = map.hasOnes ? 1 : 0;
  const input = { ...frame, channels: frame.channels + more };
  const outputs = map.output.channels;
  const weights = new Float64Array(outputs * rows.kernel * columns.kernel * input.channels);
  for (const [i, weight] of map.weights.entries()) {
    if (weight === 0) continue;
    const channel = i % map.input.channels;
    const place = Math.floor(i / map.input.channels);
    const kx = (place % map.kernelWidth) + columns.pad - map.padLeft;
    const ky = (Math.floor(place / map.kernelWidth) % map.kernelHeight) + rows.pad - map.padTop;
    const o = Math.floor(place / (map.kernelWidth * map.kernelHeight));
    const tap = ((o * rows.kernel + ky) * columns.kernel + kx) * input.channels;
    const shares = channels[channel];
    if (shares === undefined) weights[tap + frame.channels] = weight;
    else for (const { key, factor } of shares) weights[tap + index(key)]! += weight * factor;
  }
  const after = (given: number, places: number, step: number, side: { pad: number; kernel: number }, size: number) =>
    Math.max(given, (places - 1) * step + side.kernel - side.pad - size);
  return {
    ...{ ...map, input, weights },
    ...{ kernelHeight: rows.kernel, kernelWidth: columns.kernel, padTop: rows.pad, padLeft: columns.pad },
    padBottom: after(map.padBottom, map.output.height, map.strideY, rows, frame.height),
    padRight: after(map.padRight, map.output.width, map.strideX, columns, frame.width),
  };
}

function denseOverFrame(
  rows: Rows,
  row: number,
  { map, elements }: Extract<Reads, { kind: 'dense' }>,
  frame: Shape,
  index: (key: Key) => number,
): DenseMap {
  const inputs = frame.height * frame.width * frame.channels;
  const weights = new Float64Array(map.outputs * inputs);
  for (const [element, places] of elements.entries()) {
    for (const place of places) {
      const { key, y, x } = placed(rows, place, row - 1);
      const into = (y * frame.width + x) * frame.channels + index(key);
      for (let o = 0; o < map.outputs; o += 1)
        weights[o * inputs + into]! += map.weights[o * map.inputs + element]! * place.factor;
    }
  }
  return { ...map, inputs, weights };
}
