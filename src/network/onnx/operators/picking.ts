/** Operators that pick elements by constant numbers or by a constant condition. */
import { at, checkedVolume, concatViews, gatherView, type View, volume } from '../../lower/index.ts';
import { broadcast, broadcastDims, type Movement, stridesOf } from '../normalise/movement.ts';
import { type Constant, constant, integersOf } from '../tensors.ts';
import { linear, type Value } from '../values.ts';
import { axesOf, type Call, constantAt, mismatch, type Operator, unsupportedOperand } from './call.ts';
import { dimsAt, moved } from './moving.ts';

export const picking: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['GatherND', (call) => moved(call, tuples(call))],
  ['GatherElements', (call) => moved(call, elements(call))],
  ['Where', where],
]);

/** A number on an axis of `size`, counted from its end where negative. */
function inside(index: number, size: number, call: Call): number {
  const from = index < 0 ? index + size : index;
  if (from >= 0 && from < size) return from;
  throw mismatch(call.where, `index ${index}`, `${-size} to ${size - 1}`);
}

/** Each row of the indices is a place on the axes behind those of the batch. */
function tuples(call: Call): Movement {
  const dims = dimsAt(call, 0);
  const indices = constantAt(call, 1, 'the indices');
  const batch = call.attributes.int('batch_dims', 0);
  const depth = indices.dims.at(-1) ?? 0;
  const rest = dims.slice(batch + depth);
  if (depth < 1 || batch + depth > dims.length || dims.slice(0, batch).join() !== indices.dims.slice(0, batch).join())
    throw mismatch(call.where, `indices [${indices.dims.join(', ')}] for [${dims.join(', ')}]`, 'places on its axes');
  const strides = stridesOf(dims);
  const numbers = integersOf(indices);
  const inner = volume(rest);
  const perBatch = volume(indices.dims.slice(batch, -1));
  const moved = [...indices.dims.slice(0, -1), ...rest];
  const gather = new Int32Array(checkedVolume(moved, call.where));
  for (let row = 0; row < numbers.length / depth; row += 1) {
    let start = Math.floor(row / perBatch) * volume(dims.slice(batch));
    for (let axis = 0; axis < depth; axis += 1)
      start += inside(numbers[row * depth + axis]!, dims[batch + axis]!, call) * strides[batch + axis]!;
    for (let i = 0; i < inner; i += 1) gather[row * inner + i] = start + i;
  }
  return { dims: moved, gather };
}

/** The element at the same place but on one axis, where the indices say. */
function elements(call: Call): Movement {
  const dims = dimsAt(call, 0);
  const indices = constantAt(call, 1, 'the indices');
  const [axis] = axesOf([call.attributes.int('axis', 0)], dims.length, call) as [number];
  if (indices.dims.length !== dims.length || indices.dims.some((dim, i) => i !== axis && dim > dims[i]!))
    throw mismatch(call.where, `indices [${indices.dims.join(', ')}]`, `places in [${dims.join(', ')}]`);
  const own = stridesOf(indices.dims);
  const strides = stridesOf(dims);
  const gather = Int32Array.from(integersOf(indices), (index, number) =>
    dims.reduce((from, size, i) => {
      const place = i === axis ? inside(index, size, call) : Math.floor(number / own[i]!) % indices.dims[i]!;
      return from + place * strides[i]!;
    }, 0),
  );
  return { dims: indices.dims, gather };
}

function where(call: Call): Value {
  const condition = constantAt(call, 0, 'the condition');
  const [yes, no] = [call.inputs[1], call.inputs[2]];
  const both = broadcastDims(dimsAt(call, 1), dimsAt(call, 2));
  const dims = both && broadcastDims(condition.dims, both);
  if (dims === undefined)
    throw mismatch(
      call.where,
      [condition.dims, dimsAt(call, 1), dimsAt(call, 2)].map((each) => `[${each.join(', ')}]`).join(', '),
      'equal dimensions',
    );
  checkedVolume(dims, call.where);
  const places = (own: readonly number[]) => broadcast(own, dims, call.where).gather;
  const chooses = places(condition.dims).map((from) => (condition.values[from] !== 0 ? 1 : 0));
  const [first, second] = [places(dimsAt(call, 1)), places(dimsAt(call, 2))];
  if (yes?.kind === 'constant' && no?.kind === 'constant') {
    const values = Float64Array.from(chooses, (isYes, i) => (isYes ? yes.values[first[i]!]! : no.values[second[i]!]!));
    return constant(dims, values, yes.type);
  }
  if (yes?.kind === 'linear' && no?.kind === 'linear') {
    const flat = [yes.view, no.view].map((view): View => ({ ...view, dims: [1, view.index.length] }));
    const gather = chooses.map((isYes, i) => (isYes ? first[i]! : yes.view.index.length + second[i]!));
    return linear(gatherView(concatViews(flat, 1, { ...call, name: '' }), dims, gather, call.name));
  }
  if (yes?.kind === 'linear' && no?.kind === 'constant')
    return linear(
      withConstants(yes.view, first, no, second, { dims, isView: (i) => chooses[i] === 1, name: call.name }),
    );
  if (yes?.kind === 'constant' && no?.kind === 'linear')
    return linear(
      withConstants(no.view, second, yes, first, { dims, isView: (i) => chooses[i] === 0, name: call.name }),
    );
  throw unsupportedOperand(call, yes?.kind === 'constant' || yes?.kind === 'linear' ? 2 : 1);
}

/** Elements of a view, with numbers where it is not chosen. */
function withConstants(
  view: View,
  from: Int32Array,
  { values }: Constant,
  places: Int32Array,
  {
    dims,
    isView,
    name,
  }: { readonly dims: readonly number[]; readonly isView: (i: number) => boolean; readonly name: string },
): View {
  const gather = from.map((element, i) => (isView(i) ? element : -1));
  const picked = gatherView(view, dims, gather, name);
  const shift = Float64Array.from(gather, (element, i) =>
    element < 0 ? values[places[i]!]! : at(view.shift, element),
  );
  return { ...picked, shift };
}
