import { badInput } from '../../../errors/index.ts';
import type { OnnxAttribute, OnnxFunction, OnnxGraph, OnnxModel, OnnxNode } from '../schema.ts';

/** Calls inside of calls; a function must not call itself, so no honest model comes near. */
const deepest = 16;
const mostNodes = 100_000;

/** The graph with the model's own functions put in the places where they are called. */
export function inlineFunctions({ graph, functions }: OnnxModel, fileName: string): OnnxGraph {
  if (functions.length === 0) return graph;
  const known = new Map(functions.map((each) => [`${each.domain}.${each.name}`, each]));
  let count = 0;
  const expand = (nodes: readonly OnnxNode[], prefix: string, depth: number): OnnxNode[] =>
    nodes.flatMap((node, i) => {
      const called = known.get(`${node.domain}.${node.op_type}`);
      count += 1;
      if (depth > deepest || count > mostNodes) {
        throw badInput('a function of the model calls itself', { where: `${fileName}: ${node.name || node.op_type}` });
      }
      return called === undefined
        ? [node]
        : expand(callOf(called, node, `${prefix}${i}/`), `${prefix}${i}/`, depth + 1);
    });
  return { ...graph, node: expand(graph.node, '', 0) };
}

/** The nodes of one call: inside names get a prefix, arguments and results the caller's names. */
function callOf(called: OnnxFunction, node: OnnxNode, prefix: string): OnnxNode[] {
  const names = new Map<string, string>([['', '']]);
  for (const [i, name] of called.input.entries()) names.set(name, node.input[i] ?? '');
  for (const [i, name] of called.output.entries()) {
    const outer = node.output[i];
    if (outer) names.set(name, outer);
  }
  const rename = (name: string) => names.get(name) ?? `${prefix}${name}`;
  const given = new Map<string, OnnxAttribute>();
  for (const attribute of [...called.attribute_proto, ...node.attribute]) given.set(attribute.name, attribute);
  return called.node.map((inner) => ({
    ...inner,
    name: inner.name === '' ? node.name : `${node.name}/${inner.name}`,
    input: inner.input.map(rename),
    output: inner.output.map(rename),
    attribute: inner.attribute.flatMap((attribute) => {
      if (attribute.ref_attr_name === '') return [attribute];
      const value = given.get(attribute.ref_attr_name);
      return value === undefined ? [] : [{ ...value, name: attribute.name }];
    }),
  }));
}
