/** Einsum of values and a constant, or of one of them alone: a matrix, or another order of elements. */
import { badInput } from '../../../errors/index.ts';
import { checkedVolume, expectWork, gatherView, rowsView, type View, volume } from '../../lower/index.ts';
import { stridesOf, transpose, walk } from '../normalise/movement.ts';
import { asWeights, type Constant, constant } from '../tensors.ts';
import { linear, type Value } from '../values.ts';
import { type Call, mismatch, type Operator, unsupportedOperand } from './call.ts';
import { dimsAt, moved } from './moving.ts';
import { noAttention } from './ways-out.ts';
import { times } from './weights.ts';

export const einsums: ReadonlyMap<string, Operator> = new Map<string, Operator>([['Einsum', einsum]]);

/** One for each axis: a letter, or an axis of the ellipsis. */
type Labels = readonly string[];

interface Equation {
  readonly operands: readonly Labels[];
  readonly result: Labels;
  readonly sizes: ReadonlyMap<string, number>;
}

/** A constant with the labels of its axes; without any, the number 1. */
interface Factor {
  readonly labels: Labels;
  readonly tensor: Constant;
}

function einsum(call: Call): Value {
  const { inputs, where } = call;
  const equation = equationOf(call);
  const unknown = inputs.findIndex((value) => value?.kind !== 'linear' && value?.kind !== 'constant');
  if (unknown >= 0) throw unsupportedOperand(call, unknown);
  const computed = inputs.flatMap((value, i) => (value?.kind === 'linear' ? [i] : []));
  const factors = inputs.flatMap((value, i): Factor[] =>
    value?.kind === 'constant' ? [{ labels: equation.operands[i]!, tensor: value }] : [],
  );
  if (computed.length > 1) {
    throw badInput('an Einsum that is not supported', {
      where,
      found: `${computed.length} computed values`,
      expected: 'one computed value, the others constant',
      help: noAttention,
    });
  }
  const labels = equation.operands[computed[0] ?? -1] ?? [];
  const factor = productOf(factors, [...labels, ...equation.result], equation, where);
  if (computed.length === 0) return ofConstants(equation, factor, one, where);
  const input = inputs[computed[0]!];
  if (input?.kind !== 'linear') throw unsupportedOperand(call, computed[0]);
  if (factors.length === 0 && isPermutation(labels, equation.result)) {
    const order = equation.result.map((label) => labels.indexOf(label));
    return moved({ ...call, inputs: [input] }, transpose(input.view.dims, order));
  }
  return linear(
    factors.length > 0 && isMatrix(labels, factor.labels, equation.result)
      ? matrix(call, input.view, labels, factor, equation)
      : anySums(call, input.view, labels, factor, equation),
  );
}

const one: Factor = { labels: [], tensor: constant([], [1], 1) };

/** All constants as one; axes that nothing else has are summed as soon as nothing else has them. */
function productOf(factors: readonly Factor[], wanted: Labels, equation: Equation, where: string): Factor {
  return factors.reduce((product, factor, i) => {
    const later = new Set([...wanted, ...factors.slice(i + 1).flatMap(({ labels }) => labels)]);
    const result = [...new Set([...product.labels, ...factor.labels])].filter((label) => later.has(label));
    return { labels: result, tensor: ofConstants({ ...equation, result }, product, factor, where) };
  }, one);
}

const isPermutation = (a: Labels, b: Labels): boolean =>
  a.length === b.length && new Set(a).size === a.length && a.every((label) => b.includes(label));

function equationOf(call: Call): Equation {
  const text = call.attributes.string('equation', '').replaceAll(' ', '');
  const [left, right] = text.split('->') as [string, string | undefined];
  const terms = left.split(',');
  const wrong = (found: string) => mismatch(call.where, found, 'an equation with a letter for each axis: bi,oi->bo');
  if (terms.length !== call.inputs.length || !/^[A-Za-z.,]+$/.test(left) || !/^[A-Za-z.]*$/.test(right ?? ''))
    throw wrong(`'${text}' for ${call.inputs.length} operands`);
  const letters = terms.map((term) => term.replace('...', '').length);
  const hidden = terms.map((term, i) => (term.includes('...') ? dimsAt(call, i).length - letters[i]! : 0));
  const most = hidden.reduce((longest, count) => Math.max(longest, count), 0);
  // Axes of an ellipsis are told from the right.
  const written = (term: string, count: number): Labels => {
    const axes = Array.from({ length: count }, (_, i) => `...${count - i}`);
    const [before, after] = term.split('...') as [string, string | undefined];
    return after === undefined ? [...before] : [...before, ...axes, ...after];
  };
  const sizes = new Map<string, number>();
  const operands = terms.map((term, i) => {
    const dims = dimsAt(call, i);
    const labels = hidden[i]! < 0 ? [] : written(term, hidden[i]!);
    if (labels.length !== dims.length) throw wrong(`'${term}' for values [${dims.join(', ')}]`);
    for (const [axis, label] of labels.entries()) {
      const known = sizes.get(label) ?? 1;
      if (known !== 1 && dims[axis] !== 1 && known !== dims[axis])
        throw wrong(`${known} and ${dims[axis]} for '${label}'`);
      sizes.set(label, Math.max(known, dims[axis]!));
    }
    return labels;
  });
  const all = operands.flat();
  const once = [...new Set(all)].filter(
    (label) => !label.startsWith('...') && all.indexOf(label) === all.lastIndexOf(label),
  );
  const result = right === undefined ? [...written('...', most), ...once.sort()] : written(right, most);
  const isKnown = result.every((label, i) => sizes.has(label) && result.indexOf(label) === i);
  if (!isKnown) throw wrong(`'${text}'`);
  return { operands, result, sizes };
}

/** Every label stands in two of the three, once in each, and no axis is repeated: a matrix from the labels that go to those that come. */
function isMatrix(values: Labels, weights: Labels, result: Labels): boolean {
  const all = [...values, ...weights, ...result];
  return all.every((label) => all.filter((other) => other === label).length === 2);
}

function matrix(call: Call, view: View, labels: Labels, { labels: own, tensor }: Factor, { result }: Equation): View {
  const summed = labels.filter((label) => own.includes(label));
  const kept = labels.filter((label) => !own.includes(label));
  const made = own.filter((label) => !labels.includes(label));
  const size = (of: Labels, from: Labels, dims: readonly number[]) => of.map((label) => dims[from.indexOf(label)]!);
  const places = size(kept, labels, view.dims);
  const inputs = volume(size(summed, labels, view.dims));
  const outputs = size(made, own, tensor.dims);
  const turned = transpose(
    view.dims,
    [...kept, ...summed].map((label) => labels.indexOf(label)),
  );
  const rows = gatherView(view, [...places, inputs], turned.gather, '');
  const columns = transpose(
    tensor.dims,
    [...summed, ...made].map((label) => own.indexOf(label)),
  );
  const weights = constant(
    [inputs, volume(outputs)],
    Float64Array.from(columns.gather, (from) => tensor.values[from]!),
    tensor.type,
  );
  const sums = { ...times(call, rows, weights, 1), dims: [...places, ...outputs] };
  const back = transpose(
    sums.dims,
    result.map((label) => [...kept, ...made].indexOf(label)),
  );
  return gatherView(sums, back.dims, back.gather, '');
}

/** Where the values are that a label's places lead to; an axis of size 1 is repeated. */
function stepsOf(labels: Labels, dims: readonly number[]): (label: string) => number {
  const strides = stridesOf(dims);
  return (label) =>
    labels.reduce((sum, own, axis) => sum + (own === label && dims[axis] !== 1 ? strides[axis]! : 0), 0);
}

/** For each element of the result the elements of both operands whose products it sums. */
function pairs(
  { result, sizes }: Equation,
  a: readonly [Labels, readonly number[]],
  b: readonly [Labels, readonly number[]],
) {
  const gone = [...new Set([...a[0], ...b[0]])].filter((label) => !result.includes(label));
  const sizesOf = (labels: Labels) => labels.map((label) => sizes.get(label)!);
  const of = ([labels, dims]: readonly [Labels, readonly number[]]) => {
    const step = stepsOf(labels, dims);
    return { starts: walk(sizesOf(result), result.map(step)), offsets: walk(sizesOf(gone), gone.map(step)) };
  };
  return { dims: sizesOf(result), first: of(a), second: of(b), terms: volume(sizesOf(gone)) };
}

function anySums(call: Call, view: View, labels: Labels, factor: Factor, equation: Equation): View {
  const { dims, first, second, terms } = pairs(equation, [labels, view.dims], [factor.labels, factor.tensor.dims]);
  expectWork(checkedVolume(dims, call.where) * terms, call.where);
  const weights = asWeights(factor.tensor, call.where);
  return rowsView(view, dims, call, (row, add) => {
    for (let i = 0; i < terms; i += 1)
      add(first.starts[row]! + first.offsets[i]!, weights[second.starts[row]! + second.offsets[i]!]!);
    return 0;
  });
}

function ofConstants(equation: Equation, a: Factor, b: Factor, where: string): Constant {
  const { dims, first, second, terms } = pairs(equation, [a.labels, a.tensor.dims], [b.labels, b.tensor.dims]);
  expectWork(checkedVolume(dims, where) * terms, where);
  const values = Float64Array.from({ length: volume(dims) }, (_, row) => {
    let sum = 0;
    for (let i = 0; i < terms; i += 1)
      sum +=
        a.tensor.values[first.starts[row]! + first.offsets[i]!]! *
        b.tensor.values[second.starts[row]! + second.offsets[i]!]!;
    return sum;
  });
  return constant(dims, values, a.tensor.type);
}
