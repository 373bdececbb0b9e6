import { badInput } from '../../../errors/index.ts';
import { checkedVolume, concatViews, gatherView, reshapeView, volume } from '../../lower/index.ts';
import {
  broadcast,
  broadcastDims,
  type Movement,
  type PadMode,
  pad,
  pick,
  type Range,
  slice,
  transpose,
} from '../normalise/movement.ts';
import { constant, integersOf } from '../tensors.ts';
import { linear, type Value } from '../values.ts';
import {
  axesOf,
  type Call,
  constantAt,
  integersAt,
  mismatch,
  type Operator,
  optionalConstant,
  unsupportedOperand,
} from './call.ts';

/** Operators that move elements about; the same for constants and for values of the network. */
export const moving: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['Identity', (call) => renamed(call)],
  ['Dropout', (call) => [renamed(call), constant([], [1], 9)].slice(0, Math.max(1, call.outputs))],
  ['Reshape', (call) => reshaped(call, reshapeDims(call))],
  ['Flatten', (call) => reshaped(call, flattenDims(call))],
  ['Squeeze', (call) => reshaped(call, squeezeDims(call))],
  ['Unsqueeze', (call) => reshaped(call, unsqueezeDims(call))],
  ['Transpose', (call) => moved(call, transpose(dimsAt(call, 0), permutationOf(call)))],
  ['Slice', (call) => moved(call, sliceOf(call))],
  ['Gather', gatherOf],
  ['ArrayFeatureExtractor', featuresOf],
  ['Concat', concat],
  ['Split', split],
  ['Expand', expand],
  ['Tile', tile],
  ['Pad', padded],
  ['SpaceToDepth', (call) => depth(call)],
  ['DepthToSpace', (call) => depth(call)],
]);

export function dimsAt(call: Call, index: number): readonly number[] {
  const value = call.inputs[index];
  if (value?.kind === 'constant') return value.dims;
  if (value?.kind === 'linear' || value?.kind === 'ranking' || value?.kind === 'exponential') return value.view.dims;
  throw unsupportedOperand(call, index);
}

function renamed(call: Call): Value {
  const value = call.inputs[0];
  if (value === undefined) throw unsupportedOperand(call, 0);
  call.attributes.float('ratio', 0);
  call.attributes.int('seed', 0);
  return value;
}

/** The operand's elements in another order. */
export function moved(call: Call, movement: Movement, fill = 0): Value {
  const value = call.inputs[0];
  if (value?.kind === 'constant') {
    const { values, type } = value;
    const picked = Float64Array.from(movement.gather, (from) => (from < 0 ? fill : values[from]!));
    return constant(movement.dims, picked, type);
  }
  if (value?.kind === 'linear') return linear(gatherView(value.view, movement.dims, movement.gather, call.name, fill));
  if (value?.kind === 'ranking')
    return { ...value, view: gatherView(value.view, movement.dims, movement.gather, call.name) };
  throw unsupportedOperand(call, 0);
}

function reshaped(call: Call, dims: readonly number[]): Value {
  const value = call.inputs[0];
  if (value?.kind === 'constant') return { ...value, dims };
  if (value?.kind === 'linear' || value?.kind === 'ranking' || value?.kind === 'exponential') {
    return { ...value, view: reshapeView(value.view, dims, call.name) };
  }
  throw unsupportedOperand(call, 0);
}

function reshapeDims(call: Call): readonly number[] {
  const dims = dimsAt(call, 0);
  const target = integersOf(constantAt(call, 1, 'the shape'));
  const allowZero = call.attributes.int('allowzero', 0) !== 0;
  const total = volume(dims);
  const filled = target.map((dim, axis) => (dim === 0 && !allowZero ? (dims[axis] ?? 0) : dim));
  const { batch = 1 } = call;
  const known = (list: readonly number[]) => list.reduce((product, dim) => (dim === -1 ? product : product * dim), 1);
  // A file made for a batch of several names it in its shapes; we compute one of them.
  const isBatch = batch > 1 && filled[0] === batch && call.inputs[0]?.kind !== 'constant';
  const own = isBatch ? [1, ...filled.slice(1)] : filled;
  const open = own.filter((dim) => dim === -1).length;
  const result = own.map((dim) => (dim === -1 ? total / known(own) : dim));
  const valid = open <= 1 && result.every((dim) => Number.isInteger(dim) && dim >= 0) && volume(result) === total;
  if (valid) return result;
  throw mismatch(call.where, `[${dims.join(', ')}] to [${target.join(', ')}]`, `a shape of ${total} values`);
}

function flattenDims(call: Call): readonly number[] {
  const dims = dimsAt(call, 0);
  const axis = call.attributes.int('axis', 1);
  const split = axis < 0 ? axis + dims.length : axis;
  return [volume(dims.slice(0, split)), volume(dims.slice(split))];
}

function squeezeDims(call: Call): readonly number[] {
  const dims = dimsAt(call, 0);
  const axes = integersAt(call, 'axes', 1);
  const gone = axes ? new Set(axesOf(axes, dims.length, call)) : undefined;
  return dims.filter((dim, axis) => {
    const drop = gone?.has(axis) ?? dim === 1;
    if (drop && dim !== 1) throw mismatch(call.where, `axis ${axis} of size ${dim}`, 'an axis of size 1');
    return !drop;
  });
}

function unsqueezeDims(call: Call): readonly number[] {
  const dims = dimsAt(call, 0);
  const axes = integersAt(call, 'axes', 1) ?? [];
  const added = new Set(axesOf(axes, dims.length + axes.length, call));
  const rest = [...dims];
  return Array.from({ length: dims.length + axes.length }, (_, axis) => (added.has(axis) ? 1 : rest.shift()!));
}

function permutationOf(call: Call): readonly number[] {
  const rank = dimsAt(call, 0).length;
  const given = call.attributes.ints('perm');
  const permutation =
    call.attributes.has('perm') && given ? given : Array.from({ length: rank }, (_, i) => rank - 1 - i);
  if (new Set(axesOf(permutation, rank, call)).size === rank && permutation.length === rank) return permutation;
  throw mismatch(call.where, `perm [${permutation.join(', ')}]`, `each of ${rank} axes once`);
}

function sliceOf(call: Call): Movement {
  const dims = dimsAt(call, 0);
  const starts = integersAt(call, 'starts', 1) ?? [];
  const ends = integersAt(call, 'ends', 2) ?? [];
  const axes = axesOf(integersAt(call, 'axes', 3) ?? starts.map((_, i) => i), dims.length, call);
  const stepValue = optionalConstant(call, 4, 'the steps');
  const steps = stepValue ? integersOf(stepValue) : starts.map(() => 1);
  if (
    ends.length !== starts.length ||
    axes.length !== starts.length ||
    steps.length !== starts.length ||
    steps.includes(0)
  ) {
    throw mismatch(
      call.where,
      `${starts.length} starts, ${ends.length} ends`,
      'a start, an end and a step for each axis',
    );
  }
  return slice(
    dims,
    axes.map((axis, i) => rangeOf(axis, dims[axis]!, starts[i]!, ends[i]!, steps[i]!)),
  );
}

function rangeOf(axis: number, dim: number, start: number, end: number, step: number): Range {
  const from = (value: number) => (value < 0 ? value + dim : value);
  const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);
  const first = step > 0 ? clamp(from(start), 0, dim) : clamp(from(start), 0, dim - 1);
  const last = step > 0 ? clamp(from(end), 0, dim) : clamp(from(end), -1, dim - 1);
  return { axis, start: first, step, count: Math.max(0, Math.ceil((last - first) / step)) };
}

function gatherOf(call: Call): Value {
  const dims = dimsAt(call, 0);
  const rows = constantAt(call, 1, 'the indices');
  const [axis] = axesOf([call.attributes.int('axis', 0)], dims.length, call) as [number];
  const size = dims[axis]!;
  const numbers = integersOf(rows).map((row) => (row < 0 ? row + size : row));
  if (numbers.some((row) => !(row >= 0 && row < size))) {
    throw mismatch(call.where, `index ${numbers.find((row) => !(row >= 0 && row < size))}`, `0 to ${size - 1}`);
  }
  return moved(call, pick(dims, axis, numbers, rows.dims, call.where));
}

/** ai.onnx.ml: columns of the last axis; of a table of classes, by the number of the best one, their names. */
function featuresOf(call: Call): Value {
  const [from, which] = call.inputs;
  if (which?.kind !== 'constant' || from?.kind === 'names') return { kind: 'names' };
  const dims = dimsAt(call, 0);
  const columns = { ...which, dims: [which.values.length] };
  const axis = dims.length - 1;
  const size = dims[axis]!;
  const numbers = integersOf(columns);
  const wrong = numbers.find((column) => !(column >= 0 && column < size));
  if (wrong !== undefined) throw mismatch(call.where, `column ${wrong}`, `0 to ${size - 1}`);
  return moved(call, pick(dims, axis, numbers, columns.dims, call.where));
}

function concat(call: Call): Value {
  const all = call.inputs.filter((value) => value !== undefined);
  const first = all[0];
  if (first === undefined) throw unsupportedOperand(call, 0);
  const [axis] = axesOf([call.attributes.int('axis', 1)], dimsAt(call, 0).length, call) as [number];
  const fits = all.every((_, i) => {
    const dims = dimsAt(call, i);
    return (
      dims.length === dimsAt(call, 0).length && dims.every((dim, at) => at === axis || dim === dimsAt(call, 0)[at])
    );
  });
  if (!fits)
    throw mismatch(
      call.where,
      all.map((_, i) => `[${dimsAt(call, i).join(', ')}]`).join(' and '),
      `equal dimensions but for axis ${axis}`,
    );
  const dims = dimsAt(call, 0).map((dim, at) =>
    at === axis ? all.reduce((sum, _, i) => sum + dimsAt(call, i)[axis]!, 0) : dim,
  );
  checkedVolume(dims, call.where);
  if (all.every((value) => value.kind === 'constant')) {
    const outer = volume(dims.slice(0, axis));
    const values: number[] = [];
    for (let row = 0; row < outer; row += 1) {
      for (const part of all) {
        const chunk = part.values.length / outer;
        for (let i = 0; i < chunk; i += 1) values.push(part.values[row * chunk + i]!);
      }
    }
    return constant(dims, values, first.kind === 'constant' ? first.type : 1);
  }
  const views = all.map((value) => {
    if (value.kind === 'linear') return value.view;
    throw badInput('a Concat of values and constants is not supported', {
      where: call.where,
      found: 'a constant beside values of the network',
      expected: 'values of one layer',
    });
  });
  return linear(views.length === 1 ? views[0]! : concatViews(views, axis, call));
}

function split(call: Call): readonly Value[] {
  const dims = dimsAt(call, 0);
  const [axis] = axesOf([call.attributes.int('axis', 0)], dims.length, call) as [number];
  const size = dims[axis]!;
  const count = call.attributes.int('num_outputs', call.outputs);
  const even = Math.ceil(size / count);
  const sizes =
    integersAt(call, 'split', 1) ?? Array.from({ length: count }, (_, i) => Math.min(even, size - i * even));
  if (sizes.reduce((sum, each) => sum + each, 0) !== size)
    throw mismatch(call.where, `parts of ${sizes.join(', ')}`, `${size} in all`);
  let start = 0;
  return sizes.map((each) => {
    const part = moved(call, slice(dims, [{ axis, start, step: 1, count: each }]));
    start += each;
    return part;
  });
}

function expand(call: Call): Value {
  const dims = dimsAt(call, 0);
  const target = integersOf(constantAt(call, 1, 'the shape'));
  const own = call.batch !== undefined && call.batch > 1 && target[0] === call.batch ? [1, ...target.slice(1)] : target;
  const both = broadcastDims(dims, own);
  if (both === undefined)
    throw mismatch(call.where, `[${dims.join(', ')}] to [${target.join(', ')}]`, 'dimensions of 1 or equal ones');
  return moved(call, broadcast(dims, both, call.where));
}

function tile(call: Call): Value {
  const dims = dimsAt(call, 0);
  const repeats = integersOf(constantAt(call, 1, 'the repeats'));
  checkedVolume(
    dims.map((dim, axis) => dim * (repeats[axis] ?? 1)),
    call.where,
  );
  let value: Value = call.inputs[0]!;
  for (const [axis, times] of repeats.entries()) {
    if (times === 1) continue;
    const own = dimsAt({ ...call, inputs: [value] }, 0);
    const rows = Array.from({ length: own[axis]! * times }, (_, i) => i % own[axis]!);
    value = moved({ ...call, inputs: [value] }, pick(own, axis, rows, [rows.length], call.where));
  }
  return value;
}

function padded(call: Call): Value {
  const dims = dimsAt(call, 0);
  const { attributes } = call;
  const given = integersAt(call, 'pads', 1) ?? [];
  const axes = optionalConstant(call, 3, 'the axes');
  const mode = attributes.string('mode', 'constant') as PadMode;
  const fill = attributes.has('value')
    ? attributes.float('value', 0)
    : (optionalConstant(call, 2, 'the value')?.values[0] ?? 0);
  let pads = given;
  if (axes !== undefined) {
    const named = axesOf(integersOf(axes), dims.length, call);
    const full = new Array<number>(2 * dims.length).fill(0);
    for (const [i, axis] of named.entries()) {
      full[axis] = given[i]!;
      full[axis + dims.length] = given[i + named.length]!;
    }
    pads = full;
  }
  if (pads.length !== 2 * dims.length || !['constant', 'reflect', 'edge', 'wrap'].includes(mode)) {
    throw mismatch(
      call.where,
      `pads [${pads.join(', ')}], mode ${mode}`,
      `${2 * dims.length} pads for [${dims.join(', ')}]`,
    );
  }
  if (pads.every((each) => each === 0)) return reshaped(call, dims);
  return moved(call, pad(dims, pads, mode, call.where), fill);
}

/** SpaceToDepth and DepthToSpace: a reshape, a transpose and a reshape. */
function depth(call: Call): Value {
  const dims = dimsAt(call, 0);
  const block = call.attributes.int('blocksize', 1);
  const mode = call.attributes.string('mode', 'DCR');
  const [n, c, h, w] = dims as [number, number, number, number];
  const back = call.operator === 'DepthToSpace';
  const channels = c / (back ? block ** 2 : 1);
  if (dims.length !== 4 || !Number.isInteger(channels) || (!back && (h % block || w % block))) {
    throw mismatch(call.where, `[${dims.join(', ')}], blocksize ${block}`, 'an image that the blocks divide');
  }
  const [between, order, result] = !back
    ? [
        [n, c, h / block, block, w / block, block],
        [0, 3, 5, 1, 2, 4],
        [n, c * block ** 2, h / block, w / block],
      ]
    : mode === 'DCR'
      ? [
          [n, block, block, channels, h, w],
          [0, 3, 4, 1, 5, 2],
          [n, channels, h * block, w * block],
        ]
      : [
          [n, channels, block, block, h, w],
          [0, 1, 4, 2, 5, 3],
          [n, channels, h * block, w * block],
        ];
  const movement = transpose(between, order);
  return moved(call, { ...movement, dims: result });
}
