/** Networks in NIR, the Neuromorphic Intermediate Representation (neuroir.org): an HDF5 file of nodes and edges. */
import { badInput } from '../../errors/index.ts';
import {
  type ImportedModel,
  type InputOptions,
  importGraph,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValueInfo,
} from '../onnx/index.ts';
import { type NirGroup, readHdf5 } from './hdf5.ts';
import { array, node, translate } from './nodes.ts';

export { writeNir } from './write.ts';

/**
 * A network out of a NIR file: its nodes as operators of ONNX, then what every import does.
 *
 * @param path of the file
 * @param shown how errors name it; its stem names the network
 * @throws SpinfireError (badInput): no NIR, neurons with a state, or anything else that the hardware would not compute
 */
export async function readNir(path: string, shown: string, options: InputOptions = {}): Promise<ImportedModel> {
  const root = (await readHdf5(path, shown)).groups.get('node');
  const nodes = root?.groups.get('nodes');
  const names = root?.words.get('edges');
  if (root?.words.get('type')?.[0] !== 'NIRGraph' || nodes === undefined || names === undefined) {
    throw badInput('the HDF5 file holds no NIR graph', {
      where: shown,
      found: root === undefined ? 'no group /node' : `groups of /node: ${[...root.groups.keys()].join(', ') || 'none'}`,
      expected: 'a graph as nir.write makes it: /node with type NIRGraph, nodes and edges',
    });
  }
  const edges = Array.from({ length: names.length / 2 }, (_, i) => [names[2 * i]!, names[2 * i + 1]!] as const);
  const types = new Map([...nodes.groups].map(([name, group]) => [name, group.words.get('type')?.[0] ?? 'no type']));
  const lost = edges.flat().find((name) => !types.has(name));
  if (lost !== undefined) {
    throw badInput('an edge of the NIR graph leads to no node', {
      where: `${shown}: edges`,
      found: `'${lost}'`,
      expected: [...types.keys()].join(', '),
    });
  }
  const describe = ({ name }: OnnxNode) => `${shown}: node '${name}' (${types.get(name) ?? 'NIR'})`;
  return importGraph(
    {
      ir_version: 0,
      producer_name: 'nir',
      opset_import: [{ domain: '', version: 18 }],
      functions: [],
      graph: graphOf(nodes, edges, shown, types),
    },
    shown,
    options,
    describe,
  );
}

type Edge = readonly [from: string, to: string];

function graphOf(nodes: NirGroup, edges: readonly Edge[], shown: string, types: ReadonlyMap<string, string>) {
  const operators: OnnxNode[] = [];
  const initializer: OnnxTensor[] = [];
  const [input, output] = [onlyOne('Input', types, shown), onlyOne('Output', types, shown)];
  for (const [name, group] of nodes.groups) {
    if (name === input) continue;
    const type = types.get(name)!;
    const where = `${shown}: node '${name}' (${type})`;
    const sources = edges.filter(([, to]) => to === name).map(([from]) => from);
    const [first] = sources;
    if (first === undefined) {
      throw badInput('a node of the NIR graph has no input', { where, found: 'no edge to it', expected: 'an edge' });
    }
    // Several edges into a node: their sum.
    const drive = sources.slice(1).reduce((sum, source, i) => {
      const result = `${name}.sum${i}`;
      operators.push(node({ name, output: result }, 'Add', [sum, source]));
      return result;
    }, first);
    if (type === 'Output') {
      operators.push(node({ name, output: name }, 'Identity', [drive]));
      continue;
    }
    const translated = translate(group, { name, type, where, input: drive, output: name });
    for (const each of translated.nodes) operators.push(each);
    for (const each of translated.constants) initializer.push(each);
  }
  const ends = { input: [valueInfo(nodes, input, shown)], output: [valueInfo(nodes, output, shown)] };
  return { node: operators, name: 'nir', initializer, ...ends, sparse_initializer: [] };
}

function onlyOne(type: string, types: ReadonlyMap<string, string>, shown: string): string {
  const found = [...types].filter(([, each]) => each === type).map(([name]) => name);
  if (found.length === 1) return found[0]!;
  throw badInput(`the NIR graph must have one ${type}`, {
    where: shown,
    found: found.join(', ') || 'none',
    expected: 'one',
  });
}

function valueInfo(nodes: NirGroup, name: string, shown: string): OnnxValueInfo {
  const type = 'Input or Output';
  const { values } = array(nodes.groups.get(name)!, 'shape', { type, where: `${shown}: node '${name}'` });
  const dim = [{}, ...Array.from(values, (dim_value) => ({ dim_value }))];
  return { name, type: { tensor_type: { elem_type: 1, shape: { dim } } } };
}
