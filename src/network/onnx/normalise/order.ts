import { badInput } from '../../../errors/index.ts';
import type { OnnxGraph, OnnxNode } from '../schema.ts';

/**
 * The graph with every node behind those whose results it uses, as the standard wants it and most writers do it.
 *
 * @throws SpinfireError (badInput): a loop
 */
export function inOrder(graph: OnnxGraph, at: (node: OnnxNode) => string): OnnxGraph {
  const maker = new Map<string, OnnxNode>();
  for (const node of graph.node) {
    for (const name of node.output) maker.set(name, node);
  }
  if (isOrdered(graph, maker)) return graph;
  const waiting = new Map<OnnxNode, number>();
  const users = new Map<OnnxNode, OnnxNode[]>();
  for (const node of graph.node) {
    const needs = new Set(node.input.flatMap((name) => maker.get(name) ?? []));
    waiting.set(node, needs.size);
    for (const need of needs) {
      const list = users.get(need) ?? [];
      list.push(node);
      users.set(need, list);
    }
  }
  const ready = graph.node.filter((node) => waiting.get(node) === 0);
  for (let next = 0; next < ready.length; next += 1) {
    for (const user of users.get(ready[next]!) ?? []) {
      const left = waiting.get(user)! - 1;
      waiting.set(user, left);
      if (left === 0) ready.push(user);
    }
  }
  const stuck = graph.node.find((node) => waiting.get(node)! > 0);
  if (stuck === undefined) return { ...graph, node: ready };
  throw badInput('the graph has a loop', { where: at(stuck), found: `'${stuck.output[0]}' depends on itself` });
}

function isOrdered(graph: OnnxGraph, maker: ReadonlyMap<string, OnnxNode>): boolean {
  const done = new Set<OnnxNode>();
  for (const node of graph.node) {
    for (const name of node.input) {
      const needed = maker.get(name);
      if (needed !== undefined && !done.has(needed)) return false;
    }
    done.add(node);
  }
  return true;
}
