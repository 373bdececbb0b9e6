import { badInput, ownValue, type SpinfireError } from '../../errors/index.ts';
import type { OnnxAttribute, OnnxNode, OnnxTensor } from '../onnx/index.ts';
import type { NirArray, NirGroup } from './hdf5.ts';

/** A node of a NIR graph as nodes of ONNX that compute the same, with a batch in front of every shape. */
export interface Translated {
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxTensor[];
}

interface Place {
  readonly name: string;
  readonly type: string;
  readonly where: string;
  readonly input: string;
  readonly output: string;
}

/** Text in the metadata of a node that says which neuron is meant. */
export const neuronKey = 'spinfire';
export const sigmoidNeuron = 'sigmoid';

const stateHelp = `write the neurons as Threshold nodes with the metadata ${neuronKey} = '${sigmoidNeuron}' and train the weights again for them (training/README.md)`;

/** What a neuron or node with a state keeps. */
const stateful: Readonly<Record<string, string>> = {
  LIF: 'a membrane that leaks and is reset (tau, v_threshold)',
  IF: 'a membrane that sums up and is reset (v_threshold)',
  CubaLIF: 'a synaptic current and a membrane (tau_syn, tau_mem, v_threshold)',
  CubaLI: 'a synaptic current and a membrane (tau_syn, tau_mem)',
  LI: 'a membrane that leaks (tau)',
  I: 'an integral of its input (r)',
  Delay: 'its input of earlier times (delay)',
};

/**
 * What a node computes.
 *
 * @throws SpinfireError (badInput): a node with a state, a step without noise, or a field that is missing or wrong
 */
export function translate(group: NirGroup, place: Place): Translated {
  const make = ownValue(makers, place.type);
  if (make !== undefined) return make(group, place);
  const state = ownValue(stateful, place.type);
  if (state !== undefined) {
    throw badInput(`NIR's ${place.type} has a state, and a stochastic MTJ neuron has none`, {
      where: place.where,
      found: `${place.type}: ${state}, kept from one time step to the next`,
      expected: 'neurons whose spike depends on the inputs of this time step alone',
      help: stateHelp,
    });
  }
  throw badInput(`node ${place.type} of NIR is not supported`, {
    where: place.where,
    found: place.type,
    expected: Object.keys(makers).join(', '),
    ...(place.type === 'NIRGraph' ? { help: 'write its nodes into the outer graph' } : {}),
  });
}

const makers: Readonly<Record<string, (group: NirGroup, place: Place) => Translated>> = {
  Affine: (group, place) => dense(group, place, vector(group, 'bias', place)),
  Linear: (group, place) => dense(group, place, undefined),
  Conv1d: (group, place) => convolution(group, place, 1),
  Conv2d: (group, place) => convolution(group, place, 2),
  SumPool2d: (group, place) => pool(group, place, true),
  AvgPool2d: (group, place) => pool(group, place, false),
  Scale: (group, place) => {
    const scale = array(group, 'scale', place);
    return {
      nodes: [node(place, 'Mul', [place.input, `${place.name}.scale`])],
      constants: [tensor(`${place.name}.scale`, scale)],
    };
  },
  Flatten: flatten,
  Threshold: threshold,
};

function dense(group: NirGroup, place: Place, bias: NirArray | undefined): Translated {
  const weight = array(group, 'weight', place);
  if (weight.dims.length !== 2) throw wrong(place, 'weight', show(weight), 'two dimensions: outputs, inputs');
  const names = [`${place.name}.weight`, `${place.name}.bias`];
  const flat = `${place.name}.flat`;
  return {
    nodes: [
      node({ ...place, output: flat }, 'Flatten', [place.input], [integer('axis', 1)]),
      node(place, 'Gemm', [flat, ...names.slice(0, bias ? 2 : 1)], [integer('transB', 1)]),
    ],
    constants: [tensor(names[0]!, weight), ...(bias ? [tensor(names[1]!, bias)] : [])],
  };
}

function convolution(group: NirGroup, place: Place, rank: number): Translated {
  const weight = array(group, 'weight', place);
  if (weight.dims.length !== rank + 2) throw wrong(place, 'weight', show(weight), `${rank + 2} dimensions`);
  const kernel = weight.dims.slice(2);
  const strides = sizes(group, 'stride', place, rank, 1);
  const dilations = sizes(group, 'dilation', place, rank, 1);
  const [groups] = sizes(group, 'groups', place, 1, 1);
  const word = group.words.get('padding')?.[0];
  const totals = kernel.map((size, i) => (size - 1) * dilations[i]!);
  if (word === 'same' && strides.some((stride) => stride !== 1)) {
    throw wrong(place, 'padding', `'same' with stride ${strides.join(', ')}`, "'same' with stride 1");
  }
  if (word !== undefined && word !== 'same' && word !== 'valid') {
    throw wrong(place, 'padding', `'${word}'`, "numbers, 'same' or 'valid'");
  }
  const before =
    word === 'same'
      ? totals.map((total) => Math.floor(total / 2))
      : word === 'valid'
        ? totals.map(() => 0)
        : sizes(group, 'padding', place, rank, 0);
  const after = word === 'same' ? totals.map((total, i) => total - before[i]!) : before;
  const names = [`${place.name}.weight`, `${place.name}.bias`];
  return {
    nodes: [
      node(
        place,
        'Conv',
        [place.input, ...names],
        [
          ...[integers('kernel_shape', kernel), integers('strides', strides), integers('dilations', dilations)],
          ...[integers('pads', [...before, ...after]), integer('group', groups!)],
        ],
      ),
    ],
    constants: [tensor(names[0]!, weight), tensor(names[1]!, vector(group, 'bias', place))],
  };
}

function pool(group: NirGroup, place: Place, isSum: boolean): Translated {
  const kernel = sizes(group, 'kernel_size', place, 2, 1);
  const padding = sizes(group, 'padding', place, 2, 0);
  const attributes = [
    ...[integers('kernel_shape', kernel), integers('strides', sizes(group, 'stride', place, 2, 1))],
    ...[integers('pads', [...padding, ...padding]), integer('count_include_pad', 1)],
  ];
  if (!isSum) return { nodes: [node(place, 'AveragePool', [place.input], attributes)], constants: [] };
  const mean = `${place.name}.mean`;
  const count = `${place.name}.count`;
  return {
    nodes: [
      node({ ...place, output: mean }, 'AveragePool', [place.input], attributes),
      node(place, 'Mul', [mean, count]),
    ],
    constants: [tensor(count, { dims: [], values: Float64Array.of(kernel[0]! * kernel[1]!) })],
  };
}

/** Dimensions of NIR have no batch: its dimension 0 is ours 1. */
function flatten(group: NirGroup, place: Place): Translated {
  const rank = group.arrays.get('input_type')?.values.length;
  const [start, end] = [scalar(group, 'start_dim', place), scalar(group, 'end_dim', place)];
  const first = start < 0 && rank !== undefined ? start + rank : start;
  if (first < 0 || !(end === -1 || (rank !== undefined && end === rank - 1))) {
    throw wrong(place, 'start_dim, end_dim', `${start}, ${end}`, 'dimensions up to the last: end_dim = -1');
  }
  // 0 keeps a dimension.
  const dims = [...new Array<number>(first + 1).fill(0), -1];
  const name = `${place.name}.shape`;
  const shape: OnnxTensor = {
    ...tensor(name, { dims: [dims.length], values: Float64Array.of() }),
    data_type: 7,
    int64_data: dims,
  };
  return { nodes: [node(place, 'Reshape', [place.input, name])], constants: [shape] };
}

/** With logistic noise on its threshold it fires with the probability sigmoid(input - threshold): a neuron of ours. */
function threshold(group: NirGroup, place: Place): Translated {
  const meaning = group.groups.get('metadata')?.words.get(neuronKey)?.[0];
  if (meaning !== sigmoidNeuron) {
    throw badInput("NIR's Threshold is a step without noise, and an MTJ neuron is a sigmoid", {
      where: place.where,
      found: meaning === undefined ? `no metadata ${neuronKey}` : `metadata ${neuronKey} = '${meaning}'`,
      expected: `metadata ${neuronKey} = '${sigmoidNeuron}': a spike with the probability sigmoid(input - threshold)`,
      help: 'where the network was trained with sigmoids, add that; else train it again with them (training/README.md)',
    });
  }
  const level = array(group, 'threshold', place);
  const drive = `${place.name}.drive`;
  const name = `${place.name}.threshold`;
  if (level.values.every((value) => value === 0))
    return { nodes: [node(place, 'Sigmoid', [place.input])], constants: [] };
  return {
    nodes: [node({ ...place, output: drive }, 'Sub', [place.input, name]), node(place, 'Sigmoid', [drive])],
    constants: [tensor(name, level)],
  };
}

/** Numbers of a field. */
export function array(group: NirGroup, field: string, place: Pick<Place, 'type' | 'where'>): NirArray {
  const found = group.arrays.get(field);
  if (found !== undefined) return found;
  throw wrong(place, field, group.words.has(field) ? 'text' : 'nothing', 'numbers');
}

function vector(group: NirGroup, field: string, place: Place): NirArray {
  const found = array(group, field, place);
  if (found.dims.length === 1) return found;
  throw wrong(place, field, show(found), 'one number for each output');
}

function scalar(group: NirGroup, field: string, place: Place): number {
  const { values } = array(group, field, place);
  if (values.length === 1 && Number.isSafeInteger(values[0])) return values[0]!;
  throw wrong(place, field, `[${values.join(', ')}]`, 'a whole number');
}

/** A whole number for each side; one stands for all. */
function sizes(group: NirGroup, field: string, place: Place, count: number, least: number): number[] {
  const values = Array.from(array(group, field, place).values);
  const all = values.length === 1 ? new Array<number>(count).fill(values[0]!) : values;
  if (all.length === count && all.every((value) => Number.isSafeInteger(value) && value >= least)) return all;
  throw wrong(place, field, `[${values.join(', ')}]`, `${count} whole numbers of at least ${least}`);
}

const show = ({ dims }: NirArray) => `dimensions [${dims.join(', ')}]`;

function wrong(
  { type, where }: Pick<Place, 'type' | 'where'>,
  field: string,
  found: string,
  expected: string,
): SpinfireError {
  return badInput(`a field of a NIR node is missing or wrong`, {
    where,
    found: `${type}.${field}: ${found}`,
    expected,
  });
}

export function node(
  { name, output }: Pick<Place, 'name' | 'output'>,
  op_type: string,
  input: readonly string[],
  attribute: readonly OnnxAttribute[] = [],
): OnnxNode {
  return { input, output: [output], name, op_type, attribute, domain: '' };
}

function tensor(name: string, { dims, values }: NirArray): OnnxTensor {
  const none = { float_data: [], int32_data: [], int64_data: [], uint64_data: [], external_data: [] };
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { ...none, name, dims, data_type: 11, raw_data: raw, double_data: [], data_location: 0 };
}

const noAttribute = { f: 0, i: 0, s: new Uint8Array(0), floats: [], ints: [], strings: [], ref_attr_name: '' };
const integer = (name: string, i: number): OnnxAttribute => ({ ...noAttribute, name, i, type: 2 });
const integers = (name: string, ints: readonly number[]): OnnxAttribute => ({ ...noAttribute, name, ints, type: 7 });
