/** Which nodes get a wire of their own, and how it is called. */
import type { LoweredModule } from '../../lower/netlist.ts';
import { type Node, operands, visitNodes } from '../../lower/nodes.ts';
import type { Usage } from '../../lower/usage.ts';

/** Shared nodes that are made of more than this are computed once, in a wire. */
const sharedNodes = 3;

/** Nodes below `roots` that need a wire: Verilog can't take bits of them, or they are used more than once. */
export function spilledNodes(module: LoweredModule, roots: readonly Node[], usage: Usage): Set<Node> {
  const ports = module.memories.flatMap(({ reads, writes }) => [...reads, ...writes]);
  const spilled = new Set(ports.map(({ address }) => address).filter((address) => !keepsWidth(address)));
  visitNodes(roots, (node) => {
    if (node.kind === 'slice' && node.operand.kind !== 'net') spilled.add(node.operand);
    if (node.kind === 'extend' && node.operand.signed && !hasSignBit(node.operand)) spilled.add(uncast(node.operand));
    if (node.kind === 'select') spilled.add(node);
    if (node.kind === 'read' && !keepsWidth(node.address)) spilled.add(node.address);
    // A cast is as good as what it casts.
    if (node.kind !== 'cast' && (usage.uses.get(node) ?? 0) > 1 && size(node, sharedNodes + 1) > sharedNodes)
      spilled.add(node);
  });
  return spilled;
}

function uncast(node: Node): Node {
  return node.kind === 'cast' ? node.operand : node;
}

/** Icarus 11 computes an index without wrapping: `mem[a + b]` of two bits that are 1 is word 2 there, not word 0. */
function keepsWidth(node: Node): boolean {
  switch (node.kind) {
    case 'binary':
      return ['and', 'or', 'xor'].includes(node.op) && keepsWidth(node.left) && keepsWidth(node.right);
    case 'mux':
      return keepsWidth(node.whenTrue) && keepsWidth(node.whenFalse);
    case 'cast':
      return keepsWidth(node.operand);
    case 'unary':
      return node.width === 1;
    case 'shift':
      return false;
    default:
      return true;
  }
}

function hasSignBit(node: Node): boolean {
  const plain = uncast(node);
  if (plain.kind === 'concat') return hasSignBit(plain.parts[0]!);
  return plain.width === 1 || plain.kind === 'net' || (plain.kind === 'slice' && plain.operand.kind === 'net');
}

/** Number of nodes, counted up to `limit`. */
function size(node: Node, limit: number): number {
  let count = 0;
  const visit = (each: Node) => {
    count += 1;
    if (count >= limit) return;
    for (const operand of partsOf(each)) visit(operand);
  };
  visit(node);
  return count;
}

/** A negated signal is as simple as the signal. */
function partsOf(node: Node): readonly Node[] {
  const same = node.kind === 'cast' || (node.kind === 'unary' && node.op === 'not' && node.width === 1);
  return same ? partsOf(node.operand) : operands(node);
}

/** What a node is, as the last word of its wire's name. */
export function spillSuffix(node: Node): string {
  switch (node.kind) {
    case 'binary':
      return { add: 'sum', sub: 'difference', mul: 'product', and: 'and', or: 'or', xor: 'xor' }[node.op];
    case 'unary':
      return { not: 'inverse', reduceOr: 'any', reduceAnd: 'all', reduceXor: 'parity' }[node.op];
    case 'compare':
      return node.op === 'eq' || node.op === 'ne' ? 'match' : 'order';
    case 'shift':
      return 'shifted';
    case 'mux':
      return 'choice';
    case 'concat':
      return 'packed';
    case 'extend':
      return 'wide';
    case 'select':
      return 'selected';
    case 'read':
      return 'word';
    case 'slice':
      return 'part';
    case 'const':
      return 'constant';
    case 'cast':
    case 'net':
      return 'copy';
  }
}
