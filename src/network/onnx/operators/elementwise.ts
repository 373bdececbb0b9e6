import { badInput } from '../../../errors/index.ts';
import { affineView, at, checkedVolume, gatherView, neuronsView, sumViews, type View } from '../../lower/index.ts';
import { broadcast, broadcastDims } from '../normalise/movement.ts';
import { type Constant, constant, dataTypes, isFloat } from '../tensors.ts';
import { type Exponential, type Linear, type Logarithm, linear, type Value } from '../values.ts';
import { allConstant, type Call, constantAt, mismatch, type Operator, unsupportedOperand, viewAt } from './call.ts';
import { blackAndWhite, onlySigmoid, onlySpikes } from './ways-out.ts';

type Numeric = (a: number, b: number) => number;

const floorMod: Numeric = (a, b) => a - Math.floor(a / b) * b;
const comparisons: ReadonlySet<string> = new Set([
  'Equal',
  'Less',
  'Greater',
  'LessOrEqual',
  'GreaterOrEqual',
  'And',
  'Or',
  'Xor',
]);

/** Two operands, element by element. */
const numeric: Readonly<Record<string, Numeric>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Pow: (a, b) => a ** b,
  Mod: floorMod,
  Min: Math.min,
  Max: Math.max,
  Equal: (a, b) => Number(a === b),
  Less: (a, b) => Number(a < b),
  Greater: (a, b) => Number(a > b),
  LessOrEqual: (a, b) => Number(a <= b),
  GreaterOrEqual: (a, b) => Number(a >= b),
  And: (a, b) => Number(a !== 0 && b !== 0),
  Or: (a, b) => Number(a !== 0 || b !== 0),
  Xor: (a, b) => Number((a !== 0) !== (b !== 0)),
};

/** One operand, of constants only. */
const ofConstants: Readonly<Record<string, (value: number) => number>> = {
  Abs: Math.abs,
  Ceil: Math.ceil,
  Floor: Math.floor,
  Round: roundToEven,
  Sign: Math.sign,
  Sqrt: Math.sqrt,
  Not: (value) => Number(value === 0),
  Sin: Math.sin,
  Cos: Math.cos,
};

/** One operand, of constants; what they do with the network's values is said at each. */
const ofBoth: Readonly<Record<string, (value: number) => number>> = {
  Neg: (value) => -value,
  Exp: Math.exp,
  Log: Math.log,
  Reciprocal: (value) => 1 / value,
  Sigmoid: (value) => 1 / (1 + Math.exp(-value)),
  Tanh: Math.tanh,
};

export const elementwise: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ...Object.entries(ofConstants).map(([name, apply]): [string, Operator] => [name, (call) => ofConstant(call, apply)]),
  ...Object.entries(numeric).map(([name, apply]): [string, Operator] => [name, (call) => twoOperands(call, apply)]),
  ...Object.entries(ofBoth).map(([name, apply]): [string, Operator] => [
    name,
    (call) => (allConstant(call) ? ofConstant(call, apply) : oneOperand(call)),
  ]),
  ['Bernoulli', bernoulli],
  ['RandomUniform', noise],
  ['RandomUniformLike', noise],
  ['Sum', sumOfAll],
  [
    'Mean',
    (call) => {
      const count = constant([], [call.inputs.length], dataTypes.float);
      return twoOperands({ ...call, operator: 'Div', inputs: [sumOfAll(call), count] }, numeric.Div!);
    },
  ],
]);

function sumOfAll(call: Call): Value {
  const [first, ...rest] = call.inputs;
  if (first === undefined) throw unsupportedOperand(call, 0);
  return rest.reduce<Value>(
    (sum, next) => twoOperands({ ...call, operator: 'Add', inputs: [sum, next] }, numeric.Add!),
    first,
  );
}

/** Halves go to the even neighbour, as the standard says. */
export function roundToEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

function ofConstant(call: Call, apply: (value: number) => number): Value {
  if (call.operator === 'Not' && call.inputs[0]?.kind === 'common') return call.inputs[0];
  const { dims, values, type } = constantAt(call, 0, `the operand of ${call.operator}`);
  return constant(dims, values.map(apply), type);
}

function oneOperand(call: Call): Value {
  const [value] = call.inputs;
  if (value?.kind === 'exponential' && call.operator === 'Reciprocal') return reciprocal(value, 1, call);
  if ((value?.kind === 'exponential' || value?.kind === 'linear') && call.operator === 'Log')
    return { kind: 'logarithm', of: value, factor: 1 };
  if (value?.kind === 'logarithm') return ofLogarithm(value, call);
  if (value?.kind === 'ranking' && (call.operator === 'Exp' || call.operator === 'Log'))
    return { ...value, what: 'other' };
  if (value?.kind === 'common') return value;
  const view = viewAt(call, 0);
  switch (call.operator) {
    case 'Neg':
      return linear(affineView(view, -1, 0, call.name));
    case 'Exp':
      return { kind: 'exponential', view, offset: 0, factor: 1 };
    case 'Sigmoid':
      return linear(neuronsView({ ...view, made: [...view.made, call.name] }, call));
    case 'Tanh': {
      // tanh(x) = 2 sigmoid(2x) - 1: the hardware's neurons, and two factors for the layers around them.
      const doubled = affineView(view, 2, 0, call.name);
      return linear(affineView(neuronsView(doubled, call), 2, -1, ''));
    }
    default:
      throw unsupportedOperand(call, 0);
  }
}

/** exp(ln(x)) = x, exp(-ln(x)) = 1 / x. */
function ofLogarithm(value: Logarithm, call: Call): Value {
  if (call.operator === 'Neg') return { ...value, factor: -value.factor };
  if (call.operator === 'Exp' && value.factor === 1) return value.of;
  if (call.operator === 'Exp' && value.factor === -1 && value.of.kind === 'exponential')
    return reciprocal(value.of, 1, call);
  throw onlySigmoids(call);
}

/** (a + b exp(x)) / (c + d exp(x)) = b / d + (a - b c / d) / (c + d exp(x)). */
function quotient(above: Exponential, below: Exponential, call: Call): Value {
  if (above.view !== below.view || below.factor === 0) throw onlySigmoids(call);
  const ratio = above.factor / below.factor;
  const rest = above.offset - ratio * below.offset;
  const { view } = reciprocal(below, rest, call);
  return linear(affineView(view, 1, ratio, ''));
}

/** numerator / (offset + factor exp(x)) = numerator / offset * sigmoid(-x - ln(factor / offset)). */
function reciprocal({ view, offset, factor }: Exponential, numerator: number, call: Call): Linear {
  if (!(offset > 0 && factor > 0)) throw onlySigmoids(call);
  const inside = affineView(view, -1, -Math.log(factor / offset), call.name);
  return linear(affineView(neuronsView(inside, call), numerator / offset, 0, ''));
}

function onlySigmoids({ where }: Call) {
  return badInput('an exponential is no part of a sigmoid', {
    where,
    found: 'another use of Exp',
    expected: '1 / (1 + exp(-x)), with any factors',
    help: onlySigmoid,
  });
}

function twoOperands(call: Call, apply: Numeric): Value {
  const [a, b] = call.inputs;
  if (a === undefined || b === undefined) throw unsupportedOperand(call, a === undefined ? 0 : 1);
  if (a.kind === 'constant' && b.kind === 'constant') return evaluate(a, b, call, apply);
  if (call.operator === 'Min' || call.operator === 'Max') return bounded(call);
  if (a.kind === 'linear' && b.kind === 'constant') return linear(withConstant(a.view, b, call, false));
  if (a.kind === 'constant' && b.kind === 'linear') return linear(withConstant(b.view, a, call, true));
  if (a.kind === 'exponential' && b.kind === 'constant') return exponentialWith(a, b, call, false);
  if (a.kind === 'constant' && b.kind === 'exponential') return exponentialWith(b, a, call, true);
  if (a.kind === 'noise' || b.kind === 'noise') return drawn(a, b, call);
  if (a.kind === 'exponential' && b.kind === 'exponential' && call.operator === 'Div') return quotient(a, b, call);
  if (a.kind === 'common' && (b.kind === 'common' || b.kind === 'constant' || isSingle(b))) return a;
  if (b.kind === 'common' && (a.kind === 'constant' || isSingle(a))) return b;
  if (b.kind === 'common' && (call.operator === 'Sub' || call.operator === 'Div' || call.operator === 'Add')) {
    if (a.kind === 'linear') return { kind: 'ranking', view: withoutNeurons(a.view), what: 'other' };
    if (a.kind === 'exponential') return { kind: 'ranking', view: a.view, what: 'other' };
    if (a.kind === 'ranking') return a;
  }
  if (b.kind === 'constant' && a.kind === 'ranking') return a;
  if (a.kind === 'linear' && b.kind === 'linear' && (call.operator === 'Add' || call.operator === 'Sub')) {
    return linear(sumOf(a.view, call.operator === 'Sub' ? affineView(b.view, -1, 0, '') : b.view, call));
  }
  if (call.operator === 'Mul' || call.operator === 'Div') throw product(call);
  throw unsupportedOperand(call, b.kind === 'linear' || b.kind === 'constant' ? 0 : 1);
}

const isSingle = (value: Value): boolean => value.kind === 'linear' && value.view.index.length === 1;

/** What a sigmoid behind the last layer is of, where only the order counts: it is the same. */
function withoutNeurons(view: View): View {
  const { stage, scale, shift, index } = view;
  const isUniform = typeof scale === 'number' && scale > 0 && typeof shift === 'number' && !index.includes(-1);
  return stage.kind === 'neurons' && isUniform ? { ...view, stage: stage.drive, scale: 1, shift: 0 } : view;
}

/** Random numbers below a probability are a spike. */
function drawn(a: Value, b: Value, call: Call): Value {
  const isBelow = ['Less', 'LessOrEqual'].includes(call.operator);
  const isAbove = ['Greater', 'GreaterOrEqual'].includes(call.operator);
  const probability = isBelow ? b : isAbove ? a : undefined;
  if (probability?.kind === 'linear') return spikesOf(probability.view, call);
  throw badInput(`${call.operator} of random numbers is not supported`, {
    where: call.where,
    found: 'noise inside the network',
    expected: 'torch.rand_like(p) < p or torch.bernoulli(p), where p is a sigmoid: then it is what the neurons do',
  });
}

/** Bernoulli: 1 with the probability of a sigmoid is what a neuron does, step by step. */
function bernoulli(call: Call): Value {
  call.attributes.ignore('dtype');
  call.attributes.ignore('seed');
  return spikesOf(viewAt(call, 0), call);
}

function spikesOf(view: View, call: Call): Value {
  const { stage, scale, shift } = view;
  const isPlain = (values: Float64Array | number, wanted: number) =>
    typeof values === 'number' ? values === wanted : values.every((value) => value === wanted);
  if (stage.kind === 'neurons' && isPlain(scale, 1) && isPlain(shift, 0)) {
    call.note('random spikes of a sigmoid in the file are what a neuron gives in every time step');
    return linear(view);
  }
  throw badInput('random numbers of this probability are none of the neurons', {
    where: call.where,
    found: stage.kind === 'neurons' ? 'a scaled or shifted sigmoid' : 'values that no sigmoid gave',
    expected: 'spikes with the probability of a sigmoid: torch.bernoulli(torch.sigmoid(x))',
  });
}

function noise(call: Call): Value {
  for (const name of ['dtype', 'seed', 'shape']) call.attributes.ignore(name);
  const [low, high] = [call.attributes.float('low', 0), call.attributes.float('high', 1)];
  if (low === 0 && high === 1) return { kind: 'noise' };
  throw badInput('random numbers are not supported', {
    where: call.where,
    found: `numbers of ${low} to ${high}`,
    expected: 'numbers of 0 to 1 that are compared with a sigmoid',
  });
}

function product({ where, operator }: Call) {
  return badInput(`a ${operator === 'Mul' ? 'product' : 'quotient'} of two values of the network is not supported`, {
    where,
    found: `${operator} of two computed values`,
    expected: 'a constant as one of the two',
    help: 'gates, attention and x * sigmoid(x) can not run on these neurons: train with torch.sigmoid between the layers',
  });
}

function evaluate(a: Constant, b: Constant, call: Call, apply: Numeric): Constant {
  const dims = broadcastDims(a.dims, b.dims);
  if (dims === undefined)
    throw mismatch(call.where, `[${a.dims.join(', ')}] and [${b.dims.join(', ')}]`, 'equal dimensions');
  const type = comparisons.has(call.operator) ? dataTypes.bool : a.type;
  const size = checkedVolume(dims, call.where);
  const [first, second] = [broadcast(a.dims, dims, call.where).gather, broadcast(b.dims, dims, call.where).gather];
  const whole = call.operator === 'Div' && !isFloat(a.type);
  const fmod = call.operator === 'Mod' && call.attributes.int('fmod', 0) === 1;
  const values = new Float64Array(size);
  for (let i = 0; i < size; i += 1) {
    const [x, y] = [a.values[first[i]!]!, b.values[second[i]!]!];
    const value = fmod ? x % y : apply(x, y);
    values[i] = whole ? Math.trunc(value) : value;
  }
  return constant(dims, values, type);
}

/** A view spread to the dimensions of both, and the constant's value for each of its elements. */
export function spread(view: View, other: Constant, call: Call): { view: View; of: Float64Array | number } {
  if (other.values.length === 1 && other.dims.length <= view.dims.length) return { view, of: other.values[0]! };
  const dims = broadcastDims(view.dims, other.dims);
  if (dims === undefined) {
    throw mismatch(call.where, `[${view.dims.join(', ')}] and [${other.dims.join(', ')}]`, 'equal dimensions');
  }
  const same = dims.length === view.dims.length && dims.every((dim, axis) => dim === view.dims[axis]);
  const own = same ? view : gatherView(view, dims, broadcast(view.dims, dims, call.where).gather, '');
  const { gather } = broadcast(other.dims, dims, call.where);
  return { view: own, of: Float64Array.from(gather, (from) => other.values[from]!) };
}

function withConstant(operand: View, other: Constant, call: Call, constantFirst: boolean): View {
  const { view, of } = spread(operand, other, call);
  const each = (apply: (value: number) => number) => (typeof of === 'number' ? apply(of) : of.map(apply));
  switch (call.operator) {
    case 'Add':
      return affineView(view, 1, of, call.name);
    case 'Sub':
      return constantFirst
        ? affineView(view, -1, of, call.name)
        : affineView(
            view,
            1,
            each((value) => -value),
            call.name,
          );
    case 'Mul':
      return affineView(view, of, 0, call.name);
    case 'Div': {
      if (constantFirst) break;
      if (typeof of === 'number' ? of === 0 : of.includes(0)) {
        throw badInput('a division by zero', { where: call.where, found: 'a divisor of 0' });
      }
      return affineView(
        view,
        each((value) => 1 / value),
        0,
        call.name,
      );
    }
    case 'Pow':
      if (!constantFirst && of === 1) return affineView(view, 1, 0, call.name);
  }
  throw badInput(`${call.operator} of a layer's values is not supported`, {
    where: call.where,
    found: constantFirst ? 'a constant and values of the network' : 'values of the network and a constant',
    expected: 'Add, Sub, Mul or Div by a constant',
    ...(comparisons.has(call.operator) ? { help: operand.stage.kind === 'input' ? blackAndWhite : onlySpikes } : {}),
  });
}

function exponentialWith(value: Exponential, other: Constant, call: Call, constantFirst: boolean): Value {
  const number = other.values[0]!;
  if (other.values.some((each) => each !== number)) throw onlySigmoids(call);
  switch (call.operator) {
    case 'Add':
      return { ...value, offset: value.offset + number };
    case 'Mul':
      return { ...value, offset: value.offset * number, factor: value.factor * number };
    case 'Div':
      return constantFirst
        ? reciprocal(value, number, call)
        : { ...value, offset: value.offset / number, factor: value.factor / number };
    case 'Pow':
      if (!constantFirst && number === -1) return reciprocal(value, 1, call);
  }
  throw onlySigmoids(call);
}

export function sumOf(a: View, b: View, call: Call): View {
  const dims = broadcastDims(a.dims, b.dims);
  if (dims === undefined)
    throw mismatch(call.where, `[${a.dims.join(', ')}] and [${b.dims.join(', ')}]`, 'equal dimensions');
  const wide = (view: View) =>
    view.dims.join() === dims.join() ? view : gatherView(view, dims, broadcast(view.dims, dims, call.where).gather, '');
  return sumViews([wide(a), wide(b)], call);
}

/** The least and the largest value that a view can have; undefined of potentials, which have no bounds. */
export function boundsOf(view: View): readonly [number, number] | undefined {
  if (view.stage.kind === 'potentials') return undefined;
  let [least, largest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < view.index.length; i += 1) {
    const shift = at(view.shift, i);
    const other = view.index[i]! < 0 ? shift : shift + at(view.scale, i);
    least = Math.min(least, shift, other);
    largest = Math.max(largest, shift, other);
  }
  return [least, largest];
}

/** Min, Max and Clip with constants, where they change nothing. */
export function clipped(view: View, low: number, high: number, call: Call): Value {
  const bounds = boundsOf(view);
  const slack = 1e-6;
  if (bounds !== undefined && bounds[0] >= low - slack && bounds[1] <= high + slack) {
    return linear(affineView(view, 1, 0, call.name));
  }
  const limits = high === Number.POSITIVE_INFINITY ? `at least ${low}` : `${low} to ${high}`;
  if (bounds === undefined) {
    throw badInput(`operator ${call.operator} is not supported`, {
      where: call.where,
      found: 'weighted sums, which have no bounds, cut off',
      expected: `a sigmoid, or values of ${limits}, which stay as they are`,
      help: onlySigmoid,
    });
  }
  throw badInput(`${call.operator} cuts values off, which these neurons do not`, {
    where: call.where,
    found: `values of ${bounds[0]} to ${bounds[1]}`,
    expected: `values of ${limits}, which stay as they are`,
    help: 'tell the range of the values that the network was trained with: --input-range LOW,HIGH',
  });
}

function bounded(call: Call): Value {
  const views = call.inputs.filter((value) => value?.kind === 'linear');
  if (views.length !== 1) throw unsupportedOperand(call);
  const limits = call.inputs.flatMap((value) => (value?.kind === 'constant' ? [...value.values] : []));
  const { view } = views[0]!;
  return call.operator === 'Min'
    ? clipped(
        view,
        Number.NEGATIVE_INFINITY,
        limits.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
        call,
      )
    : clipped(
        view,
        limits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
        Number.POSITIVE_INFINITY,
        call,
      );
}
