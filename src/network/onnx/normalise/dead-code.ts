import { badInput } from '../../../errors/index.ts';
import type { OnnxGraph, OnnxNode } from '../schema.ts';

/**
 * The graph without the nodes and tensors that no result needs.
 *
 * @throws SpinfireError (badInput) when two nodes give the same value
 */
export function withoutDeadCode(graph: OnnxGraph, at: (node: OnnxNode) => string): OnnxGraph {
  const maker = new Map<string, OnnxNode>();
  for (const node of graph.node) {
    for (const name of node.output) {
      if (name === '') continue;
      if (maker.has(name)) throw badInput('two nodes give the same value', { where: at(node), found: `'${name}'` });
      maker.set(name, node);
    }
  }
  const needed = new Set(graph.output.map(({ name }) => name));
  const live = new Set<unknown>();
  const open = [...needed];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const node = maker.get(name);
    if (node === undefined || live.has(node)) continue;
    live.add(node);
    for (const input of node.input) {
      if (input === '' || needed.has(input)) continue;
      needed.add(input);
      open.push(input);
    }
  }
  return {
    ...graph,
    node: graph.node.filter((node) => live.has(node)),
    initializer: graph.initializer.filter(({ name }) => needed.has(name)),
  };
}
