import { checkedVolume, volume } from '../../lower/index.ts';

/** Operators that only move elements about: element i of the result is element gather[i] of the operand; -1: a fill value. */
export interface Movement {
  readonly dims: readonly number[];
  readonly gather: Int32Array;
}

/** Distance in memory between neighbours along each axis. */
export function stridesOf(dims: readonly number[]): number[] {
  const strides = new Array<number>(dims.length).fill(1);
  for (let axis = dims.length - 2; axis >= 0; axis -= 1) strides[axis] = strides[axis + 1]! * dims[axis + 1]!;
  return strides;
}

/** Elements at `start + sum of position * stride`, positions running over `dims` in order. */
export function walk(dims: readonly number[], strides: readonly number[], start = 0): Int32Array {
  const size = volume(dims);
  const gather = new Int32Array(size);
  const position = new Array<number>(dims.length).fill(0);
  let from = start;
  for (let i = 0; i < size; i += 1) {
    gather[i] = from;
    for (let axis = dims.length - 1; axis >= 0; axis -= 1) {
      position[axis]! += 1;
      from += strides[axis]!;
      if (position[axis]! < dims[axis]!) break;
      from -= strides[axis]! * dims[axis]!;
      position[axis] = 0;
    }
  }
  return gather;
}

export function transpose(dims: readonly number[], permutation: readonly number[]): Movement {
  const strides = stridesOf(dims);
  const moved = permutation.map((axis) => dims[axis]!);
  return {
    dims: moved,
    gather: walk(
      moved,
      permutation.map((axis) => strides[axis]!),
    ),
  };
}

/** Repeats along axes of size 1, and along new leading axes. */
export function broadcast(dims: readonly number[], target: readonly number[], where: string): Movement {
  checkedVolume(target, where);
  const own = stridesOf(dims);
  const ahead = target.length - dims.length;
  const strides = target.map((_, axis) => (axis < ahead || dims[axis - ahead] === 1 ? 0 : own[axis - ahead]!));
  return { dims: target, gather: walk(target, strides) };
}

/** The dimensions of both together, or undefined when they do not go together. */
export function broadcastDims(a: readonly number[], b: readonly number[]): readonly number[] | undefined {
  const length = Math.max(a.length, b.length);
  const dims: number[] = [];
  for (let axis = 0; axis < length; axis += 1) {
    const [first, second] = [a[a.length - length + axis] ?? 1, b[b.length - length + axis] ?? 1];
    if (first !== second && first !== 1 && second !== 1) return undefined;
    dims.push(first === 1 ? second : first);
  }
  return dims;
}

export interface Range {
  readonly axis: number;
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

export function slice(dims: readonly number[], ranges: readonly Range[]): Movement {
  const strides = stridesOf(dims);
  const moved = [...dims];
  const steps = [...strides];
  let start = 0;
  for (const range of ranges) {
    moved[range.axis] = range.count;
    steps[range.axis] = strides[range.axis]! * range.step;
    start += strides[range.axis]! * range.start;
  }
  return { dims: moved, gather: walk(moved, steps, start) };
}

/** Rows of an axis, picked by number. */
export function pick(
  dims: readonly number[],
  axis: number,
  rows: readonly number[],
  rowDims: readonly number[],
  where: string,
): Movement {
  const moved = [...dims.slice(0, axis), ...rowDims, ...dims.slice(axis + 1)];
  const size = checkedVolume(moved, where);
  const inner = volume(dims.slice(axis + 1));
  const gather = new Int32Array(size);
  for (let i = 0; i < size; i += 1) {
    const outer = Math.floor(i / (inner * rows.length));
    const row = rows[Math.floor(i / inner) % rows.length]!;
    gather[i] = (outer * dims[axis]! + row) * inner + (i % inner);
  }
  return { dims: moved, gather };
}

export type PadMode = 'constant' | 'reflect' | 'edge' | 'wrap';

/** @param pads before each axis, then after each; negative ones cut off */
export function pad(dims: readonly number[], pads: readonly number[], mode: PadMode, where: string): Movement {
  const moved = dims.map((dim, axis) => dim + pads[axis]! + pads[axis + dims.length]!);
  const size = checkedVolume(moved, where);
  const strides = stridesOf(dims);
  const own = stridesOf(moved);
  const maps = dims.map((dim, axis) =>
    Int32Array.from({ length: Math.max(0, moved[axis]!) }, (_, i) => sourceOf(i - pads[axis]!, dim, mode)),
  );
  const gather = new Int32Array(size);
  for (let i = 0; i < size; i += 1) {
    let from = 0;
    let rest = i;
    for (let axis = 0; axis < dims.length && from >= 0; axis += 1) {
      const place = maps[axis]![Math.floor(rest / own[axis]!)]!;
      rest %= own[axis]!;
      from = place < 0 ? -1 : from + place * strides[axis]!;
    }
    gather[i] = from;
  }
  return { dims: moved, gather };
}

function sourceOf(at: number, size: number, mode: PadMode): number {
  if (at >= 0 && at < size) return at;
  switch (mode) {
    case 'constant':
      return -1;
    case 'edge':
      return at < 0 ? 0 : size - 1;
    case 'wrap':
      return ((at % size) + size) % size;
    case 'reflect': {
      if (size === 1) return 0;
      const period = 2 * (size - 1);
      const inside = ((at % period) + period) % period;
      return inside < size ? inside : period - inside;
    }
  }
}
