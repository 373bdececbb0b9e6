import { badInput } from '../../errors/index.ts';
import { Attributes } from './attributes.ts';
import type { OnnxGraph, OnnxNode, OnnxValueInfo } from './schema.ts';
import { type Constant, readTensor, typeName } from './tensors.ts';

/** What a node works on: the values that come from the network's input, a constant, or nothing (left out). */
export type Operand = 'values' | Constant | undefined;

/** One node of the chain from the network's input to its output. */
export interface Step {
  readonly operator: string;
  readonly operands: readonly Operand[];
  readonly attributes: Attributes;
  /** File, name and operator of the node. */
  readonly where: string;
}

export interface Chain {
  /** Dimensions of the input, the batch first; undefined where the file leaves one open. */
  readonly inputDims: readonly (number | undefined)[];
  /** Dimensions that the file declares for its output, when it does. */
  readonly outputDims: readonly (number | undefined)[] | undefined;
  readonly steps: readonly Step[];
}

/**
 * Puts the nodes in a chain from the one input to the one output.
 *
 * @param supported operators that may stand in the chain; every other one is refused by name, with the help given here
 * @throws SpinfireError (badInput): unknown operator, branch, dead end, several inputs or outputs
 */
export function readChain(
  graph: OnnxGraph,
  fileName: string,
  supported: ReadonlySet<string>,
  helps: Readonly<Record<string, string>>,
): Chain {
  const places = new Map(graph.node.map((node, index) => [node, describe(node, index, fileName)]));
  const at = (node: OnnxNode): string => places.get(node)!;
  for (const node of graph.node) refuseUnknown(node, at(node), supported, helps);
  const constants = readConstants(graph, fileName, at);
  const input = onlyInput(graph, constants, fileName);
  const output = onlyOutput(graph, fileName);
  const nodes = graph.node.filter((node) => !node.output.some((name) => constants.has(name)));
  const steps: Step[] = [];
  const visited = new Set<OnnxNode>();
  let value = input.name;
  while (value !== output.name) {
    const node = onlyConsumer(value, nodes, at, fileName);
    if (visited.has(node)) throw badInput('the graph has a loop', { where: at(node), found: `value '${value}' again` });
    visited.add(node);
    steps.push(stepOf(node, value, constants, at(node)));
    value = node.output[0]!;
  }
  const stray = nodes.find((node) => !visited.has(node));
  if (stray !== undefined) throw branch(at(stray), 'a node beside the way from the input to the output');
  return { inputDims: dimensions(input) ?? [], outputDims: dimensions(output), steps };
}

function describe(node: OnnxNode, index: number, fileName: string): string {
  const name = node.name === '' ? `node ${index}` : `node '${node.name}'`;
  return `${fileName}: ${name} (${node.op_type})`;
}

function refuseUnknown(
  node: OnnxNode,
  where: string,
  supported: ReadonlySet<string>,
  helps: Readonly<Record<string, string>>,
): void {
  const standard = node.domain === '' || node.domain === 'ai.onnx';
  if (standard && (supported.has(node.op_type) || node.op_type === 'Constant')) {
    if (node.output.length === 1) return;
    throw badInput('a node has several results', { where, found: `${node.output.length} outputs`, expected: '1' });
  }
  const help = standard ? helps[node.op_type] : undefined;
  throw badInput(`operator ${standard ? '' : `${node.domain}.`}${node.op_type} is not supported`, {
    where,
    found: node.op_type,
    expected: [...supported, 'Constant'].sort().join(', '),
    ...(help === undefined ? {} : { help }),
  });
}

/** Initializers, Constant nodes, and Identity nodes of those. */
function readConstants(
  graph: OnnxGraph,
  fileName: string,
  at: (node: OnnxNode) => string,
): ReadonlyMap<string, Constant> {
  if (graph.sparse_initializer.length > 0) {
    const found = `${graph.sparse_initializer.length} sparse initializers`;
    throw badInput('sparse weights are not supported', { where: fileName, found, expected: 'dense initializers' });
  }
  const constants = new Map<string, Constant>();
  for (const tensor of graph.initializer) {
    constants.set(tensor.name, readTensor(tensor, `${fileName}: initializer '${tensor.name}'`));
  }
  for (const node of graph.node) {
    const name = node.output[0]!;
    if (node.op_type === 'Constant') constants.set(name, { ...constantOf(node, at(node)), name });
    const source = node.op_type === 'Identity' ? constants.get(node.input[0] ?? '') : undefined;
    if (source !== undefined) constants.set(name, source);
  }
  return constants;
}

function constantOf(node: OnnxNode, where: string): Constant {
  const attributes = new Attributes(node, where);
  const tensor = attributes.tensor('value');
  if (tensor !== undefined) return tensor;
  const name = '';
  const ints = attributes.ints('value_ints');
  const floats = attributes.floats('value_floats');
  if (attributes.has('value_ints') && ints !== undefined) {
    return { name, dims: [ints.length], isFloat: false, values: Float64Array.from(ints) };
  }
  if (attributes.has('value_floats') && floats !== undefined) {
    return { name, dims: [floats.length], isFloat: true, values: Float64Array.from(floats) };
  }
  if (attributes.has('value_int')) {
    return { name, dims: [], isFloat: false, values: Float64Array.of(attributes.int('value_int', 0)) };
  }
  if (attributes.has('value_float')) {
    return { name, dims: [], isFloat: true, values: Float64Array.of(attributes.float('value_float', 0)) };
  }
  throw badInput('a Constant has no value that is supported', {
    where,
    found: node.attribute.map((attribute) => attribute.name).join(', ') || 'no attribute',
    expected: 'value, value_int, value_ints, value_float or value_floats',
  });
}

function onlyInput(graph: OnnxGraph, constants: ReadonlyMap<string, Constant>, fileName: string): OnnxValueInfo {
  // Before IR version 4 initializers were listed as inputs too.
  const inputs = graph.input.filter((input) => !constants.has(input.name));
  const [input] = inputs;
  if (input === undefined || inputs.length > 1) {
    const found = inputs.map((each) => `'${each.name}'`).join(', ') || 'none';
    throw badInput('the network must have one input', { where: fileName, found, expected: 'one image' });
  }
  const type = input.type?.tensor_type;
  if (type && (type.elem_type === 1 || type.elem_type === 11 || type.elem_type === 0)) return input;
  throw badInput('the input has a type that is not supported', {
    where: `${fileName}: input '${input.name}'`,
    found: type ? typeName(type.elem_type) : 'no tensor type',
    expected: 'float32 pixels, 0.0 to 1.0',
  });
}

function onlyOutput(graph: OnnxGraph, fileName: string): OnnxValueInfo {
  const [output] = graph.output;
  if (output !== undefined && graph.output.length === 1) return output;
  const found = graph.output.map((each) => `'${each.name}'`).join(', ') || 'none';
  throw badInput('the network must have one output', { where: fileName, found, expected: 'one vector of classes' });
}

function onlyConsumer(
  value: string,
  nodes: readonly OnnxNode[],
  at: (node: OnnxNode) => string,
  fileName: string,
): OnnxNode {
  const consumers = nodes.filter((node) => node.input.includes(value));
  const [first, second] = consumers;
  if (first === undefined) {
    throw badInput('the way from the input to the output is broken', {
      where: fileName,
      found: `nothing uses value '${value}'`,
      expected: 'a chain of layers',
    });
  }
  if (second !== undefined) throw branch(at(second), `value '${value}' is used by ${consumers.length} nodes`);
  return first;
}

function branch(where: string, found: string) {
  return badInput('the network is not a plain chain of layers', {
    where,
    found,
    expected: 'each layer works on the one before it; branches and skip connections are not supported',
  });
}

function stepOf(node: OnnxNode, value: string, constants: ReadonlyMap<string, Constant>, where: string): Step {
  const operands = node.input.map((name): Operand => {
    if (name === '') return undefined;
    if (name === value) return 'values';
    const constant = constants.get(name);
    if (constant !== undefined) return constant;
    throw badInput('a node uses a value that nothing gives', {
      where,
      found: `input '${name}'`,
      expected: 'the result of the node before it, or a constant of the file',
    });
  });
  return { operator: node.op_type, operands, attributes: new Attributes(node, where), where };
}

function dimensions(value: OnnxValueInfo): readonly (number | undefined)[] | undefined {
  return value.type?.tensor_type?.shape?.dim.map((dim) => dim.dim_value);
}
