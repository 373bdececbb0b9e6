import { badInput, ownValue, SpinfireError } from '../../errors/index.ts';
import { affineView, type InputStage, type View } from '../lower/index.ts';
import { Attributes } from './attributes.ts';
import { type Call, operatorHelps, operators } from './operators/index.ts';
import type { OnnxGraph, OnnxNode } from './schema.ts';
import { type ExternalData, readTensor } from './tensors.ts';
import type { Value } from './values.ts';

/** What a graph is run with. */
export interface Run {
  readonly fileName: string;
  readonly opset: number;
  readonly external: ExternalData | undefined;
  /** The batch that the file fixes. */
  readonly batch: number | undefined;
  /** The network's input, by name. */
  readonly input: { readonly name: string; readonly view: View; readonly stage: InputStage };
  readonly note: (text: string) => void;
}

/** Operators of other domains than the standard's that we know. */
const domains: Readonly<Record<string, ReadonlySet<string> | undefined>> = {
  'ai.onnx.ml': new Set(['Scaler', 'LinearClassifier', 'LinearRegressor', 'Normalizer', 'ArrayFeatureExtractor']),
  'com.microsoft': new Set([
    ...['QuantizeLinear', 'DequantizeLinear', 'QLinearSigmoid', 'QGemm', 'QLinearAdd'],
    ...['QLinearAveragePool', 'QLinearGlobalAveragePool', 'QLinearConcat', 'QLinearSoftmax'],
  ]),
  'qonnx.custom_op.general': new Set(['Quant', 'IntQuant', 'BipolarQuant']),
  'onnx.brevitas': new Set(['Quant', 'IntQuant', 'BipolarQuant']),
};
/** Operators that look up the names of classes. */
const naming: ReadonlySet<string> = new Set(['LabelEncoder', 'CategoryMapper']);
const passing: ReadonlySet<string> = new Set(['ZipMap']);
/** Operators that leave one number for all classes what it is. */
const arranging: ReadonlySet<string> = new Set([
  'Reshape',
  'Squeeze',
  'Unsqueeze',
  'Flatten',
  'Identity',
  'Expand',
  'Tile',
]);

/** `node '/conv/Conv' (Conv)` with the file in front. */
export function describeNode(node: OnnxNode, index: number, fileName: string): string {
  const name = node.name === '' ? `node ${index}` : `node '${node.name}'`;
  return `${fileName}: ${name} (${node.op_type})`;
}

/**
 * Computes every value of a graph as far as it can be known: constants as numbers, what depends on the input as a linear
 * function of the last row of neurons.
 *
 * @param graph ordered, without functions and dead code
 * @returns values by name
 * @throws SpinfireError (badInput) at the first node that the hardware would not compute
 */
export function interpret(graph: OnnxGraph, at: (node: OnnxNode) => string, run: Run): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>([[run.input.name, { kind: 'linear', view: run.input.view }]]);
  for (const tensor of graph.initializer) {
    const where = `${run.fileName}: initializer '${tensor.name}'`;
    values.set(tensor.name, tensor.data_type === 8 ? { kind: 'names' } : readTensor(tensor, where, run.external));
  }
  for (const node of graph.node) {
    const results = apply(node, at(node), values, run);
    for (const [i, name] of node.output.entries()) {
      const value = results[i];
      if (name !== '' && value !== undefined) values.set(name, value.kind === 'constant' ? { ...value, name } : value);
    }
  }
  return values;
}

function apply(node: OnnxNode, where: string, values: ReadonlyMap<string, Value>, run: Run): readonly Value[] {
  const inputs = node.input.map((name) => {
    if (name === '') return undefined;
    const value = values.get(name);
    if (value !== undefined) return value;
    throw badInput('a node uses a value that nothing gives', {
      where,
      found: `input '${name}'`,
      expected: 'the result of another node, or a constant of the file',
    });
  });
  const standard = node.domain === '' || node.domain === 'ai.onnx';
  if (passing.has(node.op_type)) return inputs.slice(0, 1) as Value[];
  if (naming.has(node.op_type) || inputs.some((value) => value?.kind === 'names')) {
    return node.output.map((): Value => ({ kind: 'names' }));
  }
  if (inputs[0]?.kind === 'common' && arranging.has(node.op_type)) return [inputs[0]];
  const known = standard || ownValue(domains, node.domain)?.has(node.op_type) === true;
  const operator = known ? operators.get(node.op_type) : undefined;
  if (operator === undefined) throw unknownOperator(node, where, standard);
  const attributes = new Attributes(node, where, run.external);
  const call: Call = {
    operator: node.op_type,
    name: node.name === '' ? node.op_type : `${node.op_type} ${node.name}`,
    ...{ where, inputs, attributes, opset: run.opset, batch: run.batch, note: run.note },
    outputs: node.output.filter((name) => name !== '').length,
  };
  try {
    const result = operator(call);
    attributes.done();
    return Array.isArray(result) ? result : [result as Value];
  } catch (error) {
    if (error instanceof SpinfireError) throw error;
    throw badInput(
      'a node is damaged',
      { where, found: error instanceof Error ? error.message : String(error) },
      error,
    );
  }
}

function unknownOperator(node: OnnxNode, where: string, standard: boolean) {
  const help = standard || node.domain === 'ai.onnx.ml' ? ownValue(operatorHelps, node.op_type) : undefined;
  return badInput(`operator ${standard ? '' : `${node.domain}.`}${node.op_type} is not supported`, {
    where,
    found: node.op_type,
    expected:
      'operators that are linear, sigmoids, and what only moves values (docs/does-my-network-run.md lists them)',
    ...(help === undefined ? {} : { help }),
  });
}

/** How the values of 0 to 1 that the hardware takes become the network's. */
export interface InputScaling {
  /** Values of a black and of a full pixel: one for all, one for each channel, or one for each value of a vector. */
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** Subtracted, then divided by, in the network's units. */
  readonly mean?: readonly number[] | undefined;
  readonly deviation?: readonly number[] | undefined;
}

/** @param channel number of the channel, or of the value, that an element belongs to */
export function scaledInput(view: View, scaling: InputScaling, channel: (element: number) => number): View {
  const { low, high, mean = [0], deviation = [1] } = scaling;
  const pick = (list: readonly number[], i: number) => list[list.length === 1 ? 0 : channel(i)]!;
  const single = [low, high, mean, deviation].every((list) => list.length === 1);
  const scale = (i: number) => (pick(high, i) - pick(low, i)) / pick(deviation, i);
  const shift = (i: number) => (pick(low, i) - pick(mean, i)) / pick(deviation, i);
  if (single && scale(0) === 1 && shift(0) === 0) return view;
  if (single) return affineView(view, scale(0), shift(0), 'input range');
  const each = (of: (i: number) => number) => Float64Array.from(view.index, (_, i) => of(i));
  return affineView(view, each(scale), each(shift), 'input range');
}
