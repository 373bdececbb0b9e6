/** Nodes as closures over the values of a module's nets. */
import { evaluate } from '../ir/evaluate.ts';
import type { LoweredMemory, LoweredModule, Net } from '../lower/netlist.ts';
import { type Node, operands, operationOf, visitNodes } from '../lower/nodes.ts';
import { rootsOf } from '../lower/usage.ts';

/** Values by slot; all are 0 .. 2^width - 1. */
export type Values = bigint[];
export type Compute = (values: Values) => bigint;

/** The instance that nodes are compiled for. */
export interface Surroundings {
  slot(net: Net): number;
  /** A word of a memory as it is now. */
  word(memory: LoweredMemory, address: bigint): bigint;
  /** Has a node computed into a slot before all that reads it. */
  share(node: Node, compute: Compute): number;
}

export class ExpressionCompiler {
  readonly #surroundings: Surroundings;
  readonly #uses: ReadonlyMap<Node, number>;
  readonly #computed = new Map<Node, Compute>();
  readonly #shared = new Map<Node, number>();

  constructor(module: LoweredModule, surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.#uses = usesIn(module);
  }

  /** A closure for a node. Shared ones are computed once into a slot, or a chain of them would take exponential time. */
  compute(node: Node): Compute {
    const known = this.#computed.get(node);
    if (known !== undefined) return known;
    let compute = this.#closure(node);
    if ((this.#uses.get(node) ?? 0) > 1 && node.kind !== 'net' && node.kind !== 'const') {
      const slot = this.#surroundings.share(node, compute);
      compute = (values) => values[slot]!;
      this.#shared.set(node, slot);
    }
    this.#computed.set(node, compute);
    return compute;
  }

  /** Slots that nodes depend on, those of shared parts included. */
  reads(roots: readonly Node[]): Set<number> {
    const reads = new Set<number>();
    visitNodes(roots, (node) => {
      if (node.kind === 'net') reads.add(this.#surroundings.slot(node.net));
      const shared = this.#shared.get(node);
      if (shared !== undefined) reads.add(shared);
    });
    return reads;
  }

  #closure(node: Node): Compute {
    switch (node.kind) {
      case 'const': {
        const { value } = node;
        return () => value;
      }
      case 'net': {
        const slot = this.#surroundings.slot(node.net);
        return (values) => values[slot]!;
      }
      case 'cast':
        return this.compute(node.operand);
      case 'read': {
        const address = this.compute(node.address);
        return (values) => this.#surroundings.word(node.memory, address(values));
      }
      case 'mux': {
        const condition = this.compute(node.condition);
        const whenTrue = this.compute(node.whenTrue);
        const whenFalse = this.compute(node.whenFalse);
        return (values) => (condition(values) === 1n ? whenTrue(values) : whenFalse(values));
      }
      default: {
        const operation = operationOf(node)!;
        const parts = operands(node).map((operand) => this.compute(operand));
        const [a, b] = parts;
        if (parts.length === 1) return (values) => evaluate(operation, [a!(values)]);
        if (parts.length === 2) return (values) => evaluate(operation, [a!(values), b!(values)]);
        return (values) => {
          const found = parts.map((part) => part(values));
          return evaluate(operation, found);
        };
      }
    }
  }
}

/** How often each node of a module is used. */
function usesIn(module: LoweredModule): Map<Node, number> {
  const uses = new Map<Node, number>();
  const count = (node: Node) => uses.set(node, (uses.get(node) ?? 0) + 1);
  const roots = [...rootsOf(module), ...module.nets.flatMap((net) => (net.role === 'named' ? [net.value] : []))];
  for (const root of roots) count(root);
  visitNodes(roots, (node) => {
    for (const operand of operands(node)) count(operand);
  });
  return uses;
}
