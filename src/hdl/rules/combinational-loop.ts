/** HDL008: no signal depends on itself within a clock, through whatever modules the path runs. */
import type { Diagnostic } from '../diagnostics.ts';
import type { Design } from '../elaborate/design.ts';
import { type SignalNode, signalGraph } from '../elaborate/graph.ts';
import { formatOrigin } from '../origin.ts';

export function combinationalLoop(design: Design): Diagnostic[] {
  return loopsIn(signalGraph(design)).map((loop) => {
    const [first] = loop;
    const steps = [...loop, first!].map((node, index) => {
      return index === 0 ? node.path : `${node.path} (${formatOrigin(node.origin)})`;
    });
    return {
      rule: 'HDL008',
      summary: `'${first!.path}' depends on itself within one clock`,
      label: `'${first!.path}' gets its value here`,
      path: steps.join(' -> '),
      help: 'put a register into the path, or compute one of these from something else',
      origin: first!.origin,
    };
  });
}

/** One loop for each group of signals that depend on each other, in the direction in which values flow. */
function loopsIn(nodes: readonly SignalNode[]): SignalNode[][] {
  const loops: SignalNode[][] = [];
  const done = new Set<SignalNode>();
  for (const root of nodes) {
    const path: SignalNode[] = [];
    const onPath = new Map<SignalNode, number>();
    const iterators: Iterator<SignalNode>[] = [];
    const enter = (node: SignalNode) => {
      onPath.set(node, path.length);
      path.push(node);
      iterators.push(node.sources.values());
    };
    if (!done.has(root)) enter(root);
    while (path.length > 0) {
      const { done: finished, value } = iterators.at(-1)!.next();
      if (finished) {
        const node = path.pop()!;
        iterators.pop();
        onPath.delete(node);
        done.add(node);
      } else if (onPath.has(value)) {
        const loop = path.slice(onPath.get(value)).reverse();
        if (!loop.some((node) => loops.some((other) => other.includes(node))))
          loops.push(fromFirstDeclared(loop, nodes));
      } else if (!done.has(value)) {
        enter(value);
      }
    }
  }
  return loops;
}

/** The loop begins with the signal that was declared first, so that the message does not depend on the search. */
function fromFirstDeclared(loop: readonly SignalNode[], nodes: readonly SignalNode[]): SignalNode[] {
  const order = loop.map((node) => nodes.indexOf(node));
  const start = order.indexOf(Math.min(...order));
  return [...loop.slice(start), ...loop.slice(0, start)];
}
