/** What of a module is read: which named values are alive, which bits of a net, how often a node. */
import { mask } from '../ir/expr.ts';
import type { LoweredModule, Net, Statement } from './netlist.ts';
import { type Node, operands } from './nodes.ts';

export interface Usage {
  /** Bits of each net that something reads. */
  readonly bits: ReadonlyMap<Net, bigint>;
  /** Bits of each node that something reads (for those that get a wire of their own). */
  readonly nodeBits: ReadonlyMap<Node, bigint>;
  /** How often a node is used. */
  readonly uses: ReadonlyMap<Node, number>;
  /** Nodes of the named values that are alive. */
  readonly named: ReadonlySet<Node>;
}

/**
 * The nodes a module is made of; named values are reached through their uses.
 *
 * @param statements instead of all those of the module's body
 */
export function rootsOf(module: LoweredModule, statements: readonly Statement[] = module.statements): Node[] {
  const roots: Node[] = [];
  for (const statement of statements) statementRoots(statement, roots);
  for (const { inputs } of module.instances) roots.push(...inputs.values());
  for (const memory of module.memories) {
    for (const read of memory.reads) roots.push(read.address, ...(read.enable ? [read.enable] : []));
    for (const write of memory.writes) roots.push(write.address, write.data, write.enable);
  }
  return roots;
}

export function statementRoots(statement: Statement, into: Node[] = []): Node[] {
  switch (statement.kind) {
    case 'assign':
      into.push(statement.value);
      break;
    case 'if':
      for (const branch of statement.branches) {
        into.push(branch.condition);
        for (const inner of branch.body) statementRoots(inner, into);
      }
      for (const inner of statement.otherwise ?? []) statementRoots(inner, into);
      break;
    case 'switch':
      into.push(statement.subject);
      for (const { value, body } of statement.cases) {
        into.push(value);
        for (const inner of body) statementRoots(inner, into);
      }
      for (const inner of statement.otherwise ?? []) statementRoots(inner, into);
      break;
    case 'comment':
      break;
  }
  return into;
}

export function usageOf(module: LoweredModule, roots: readonly Node[] = rootsOf(module)): Usage {
  const bits = new Map<Net, bigint>();
  const nodeBits = new Map<Node, bigint>();
  const uses = new Map<Node, number>();
  const named = new Set<Node>();
  const pending: Node[] = [];

  const use = (node: Node, read: bigint) => {
    nodeBits.set(node, (nodeBits.get(node) ?? 0n) | read);
    if (node.kind === 'net') useNet(node.net, read);
    const count = uses.get(node) ?? 0;
    uses.set(node, count + 1);
    if (count === 0) pending.push(node);
  };
  const useNet = (net: Net, read: bigint) => {
    const before = bits.get(net);
    bits.set(net, (before ?? 0n) | read);
    if (before !== undefined || net.role !== 'named') return;
    named.add(net.value);
    // The name is a use of the node, but which of its bits are read is up to those who use the name.
    use(net.value, net.value.kind === 'net' ? mask(net.type.width) : 0n);
  };

  for (const root of roots) use(root, mask(root.width));
  for (const net of module.nets) {
    if (net.role === 'register' && net.reset !== undefined) useNet(net.reset.signal, 1n);
  }
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    for (const operand of operands(node)) {
      use(operand, node.kind === 'slice' ? mask(node.width) << BigInt(node.low) : mask(operand.width));
    }
  }
  return { bits, nodeBits, uses, named };
}
