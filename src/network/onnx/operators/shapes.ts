import { badInput } from '../../../errors/index.ts';
import { checkedVolume, volume } from '../../lower/index.ts';
import type { Attributes } from '../attributes.ts';
import { type Constant, constant, dataTypes, integersOf, isFloat, typeName } from '../tensors.ts';
import type { Value } from '../values.ts';
import {
  allConstant,
  type Call,
  constantAt,
  type Operator,
  optionalConstant,
  unsupportedOperand,
  viewAt,
} from './call.ts';
import { clipped } from './elementwise.ts';
import { dimsAt } from './moving.ts';

/** Constants, shapes, and casts between types. */
export const shapes: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['Constant', (call) => constantOf(call.attributes)],
  ['ConstantOfShape', constantOfShape],
  ['Shape', shape],
  ['Size', (call) => constant([], [volume(dimsAt(call, 0))], dataTypes.int64)],
  ['Range', range],
  ['Cast', (call) => cast(call, call.attributes.int('to', 1))],
  ['CastLike', castLike],
  ['Clip', clip],
  [
    'Relu',
    (call) =>
      allConstant(call)
        ? mapped(call, (value) => Math.max(0, value))
        : clipped(viewAt(call, 0), 0, Number.POSITIVE_INFINITY, call),
  ],
  ['Softmax', (call) => ending(call, 'softmax')],
  ['LogSoftmax', (call) => ending(call, 'logSoftmax')],
  ['ArgMax', (call) => ending(call, 'argMax')],
  ['Normalizer', norm],
  ['LpNormalization', norm],
]);

function mapped(call: Call, apply: (value: number) => number): Value {
  const { dims, values, type } = constantAt(call, 0, 'the operand');
  return constant(dims, values.map(apply), type);
}

function constantOf(attributes: Attributes): Constant {
  const tensor = attributes.tensor('value');
  if (tensor !== undefined) return tensor;
  const ints = attributes.ints('value_ints');
  if (attributes.has('value_ints') && ints) return constant([ints.length], ints, dataTypes.int64);
  const floats = attributes.floats('value_floats');
  if (attributes.has('value_floats') && floats) return constant([floats.length], floats, dataTypes.float);
  if (attributes.has('value_int')) return constant([], [attributes.int('value_int', 0)], dataTypes.int64);
  if (attributes.has('value_float')) return constant([], [attributes.float('value_float', 0)], dataTypes.float);
  throw badInput('a Constant has no value that is supported', {
    where: attributes.where,
    expected: 'value, value_int, value_ints, value_float or value_floats',
  });
}

function constantOfShape(call: Call): Value {
  const dims = integersOf(constantAt(call, 0, 'the shape'));
  const fill = call.attributes.tensor('value');
  const size = checkedVolume(dims, call.where);
  return constant(dims, new Float64Array(size).fill(fill?.values[0] ?? 0), fill?.type ?? dataTypes.float);
}

function shape(call: Call): Value {
  const dims = dimsAt(call, 0);
  const from = (value: number) => Math.min(Math.max(value < 0 ? value + dims.length : value, 0), dims.length);
  const start = from(call.attributes.int('start', 0));
  const end = from(call.attributes.int('end', dims.length));
  const part = dims.slice(start, end);
  return constant([part.length], part, dataTypes.int64);
}

function range(call: Call): Value {
  const [start, limit, step] = ['start', 'limit', 'step'].map(
    (what, i) => constantAt(call, i, `the ${what}`).values[0]!,
  ) as [number, number, number];
  const count = Math.max(0, Math.ceil((limit - start) / step));
  checkedVolume([count], call.where);
  return constant(
    [count],
    Array.from({ length: count }, (_, i) => start + i * step),
    constantAt(call, 0, 'the start').type,
  );
}

function cast(call: Call, type: number): Value {
  call.attributes.ignore('saturate');
  call.attributes.ignore('round_mode');
  const value = call.inputs[0];
  if (value?.kind === 'constant') {
    if (type === 8) return { kind: 'names' };
    const apply =
      type === dataTypes.bool
        ? (each: number) => Number(each !== 0)
        : isFloat(type)
          ? (each: number) => each
          : Math.trunc;
    return { ...value, type, values: value.values.map(apply) };
  }
  if (value === undefined) throw unsupportedOperand(call, 0);
  if (isFloat(type) || value.kind === 'ranking' || value.kind === 'common' || value.kind === 'names') return value;
  // Whether a sum over the classes is 0.
  if (type === dataTypes.bool && value.kind === 'linear' && value.view.index.length === 1) return { kind: 'common' };
  throw badInput('values of the network are cut to whole numbers', {
    where: call.where,
    found: `a Cast to ${typeName(type)}`,
    expected: 'a Cast to a floating-point type',
  });
}

function castLike(call: Call): Value {
  const like = call.inputs[1];
  return cast({ ...call, inputs: call.inputs.slice(0, 1) }, like?.kind === 'constant' ? like.type : dataTypes.float);
}

function clip(call: Call): Value {
  const { attributes } = call;
  const low = attributes.has('min')
    ? attributes.float('min', 0)
    : (optionalConstant(call, 1, 'the minimum')?.values[0] ?? Number.NEGATIVE_INFINITY);
  const high = attributes.has('max')
    ? attributes.float('max', 0)
    : (optionalConstant(call, 2, 'the maximum')?.values[0] ?? Number.POSITIVE_INFINITY);
  if (allConstant(call)) return mapped(call, (value) => Math.min(Math.max(value, low), high));
  return clipped(viewAt(call, 0), low, high, call);
}

/** Divided by their own norm, the classes keep their order; anywhere else it is no weight. */
function norm(call: Call): Value {
  call.attributes.ignore('p');
  const [value] = call.inputs;
  if (value?.kind !== 'linear' || value.view.stage.kind !== 'input') return ending(call, 'other');
  throw badInput(`${call.operator} in front of the layers is not supported`, {
    where: call.where,
    found: 'every image is divided by its own norm, which no weights do',
    expected: 'layers, or a scaling with constants: StandardScaler, MinMaxScaler, MaxAbsScaler',
    help: 'normalise the images before they come (sklearn.preprocessing.normalize) and export the network without it',
  });
}

/** What stands behind the last layer and keeps the order of its classes. */
function ending(call: Call, what: 'softmax' | 'logSoftmax' | 'argMax' | 'other'): Value {
  for (const name of ['axis', 'keepdims', 'select_last_index', 'norm']) call.attributes.ignore(name);
  const value = call.inputs[0];
  if (value?.kind === 'ranking') return what === 'argMax' ? { ...value, what } : value;
  return { kind: 'ranking', view: viewAt(call, 0), what };
}
