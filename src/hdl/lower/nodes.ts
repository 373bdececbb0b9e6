/**
 * The nodes of a netlist: expressions in which equal ones are one node, with an identity and a sign. The operands of an operator
 * agree in width and sign; where bits are read as a number of the other sign a cast says so.
 */
import { assertUnreachable } from '../../errors/index.ts';
import type { BinaryOperator, CompareOperator, Operation } from '../ir/evaluate.ts';
import type { ConstExpr } from '../ir/expr.ts';
import type { LoweredMemory, Net } from './netlist.ts';

interface Base {
  /** Unique in its module; operands have smaller ones. */
  readonly id: number;
  readonly width: number;
  readonly signed: boolean;
}

export type Node =
  | ConstNode
  | NetNode
  | CastNode
  | UnaryNode
  | BinaryNode
  | CompareNode
  | ShiftNode
  | MuxNode
  | SliceNode
  | ConcatNode
  | ExtendNode
  | SelectNode
  | ReadNode;

export interface ConstNode extends Base {
  readonly kind: 'const';
  /** The bits, 0 .. 2^width - 1. */
  readonly value: bigint;
  /** A state of an enumeration, or a constant with a name, prints by name. */
  readonly state: ConstExpr['state'] | undefined;
  readonly named: ConstExpr['named'] | undefined;
}
export interface NetNode extends Base {
  readonly kind: 'net';
  readonly net: Net;
}
/** The same bits as a number of the other sign. */
export interface CastNode extends Base {
  readonly kind: 'cast';
  readonly operand: Node;
}
/** `not` has the sign of its operand, reductions are one bit. */
export interface UnaryNode extends Base {
  readonly kind: 'unary';
  readonly op: 'not' | 'reduceOr' | 'reduceAnd' | 'reduceXor';
  readonly operand: Node;
}
export interface BinaryNode extends Base {
  readonly kind: 'binary';
  readonly op: BinaryOperator;
  readonly left: Node;
  readonly right: Node;
}
export interface CompareNode extends Base {
  readonly kind: 'compare';
  readonly op: CompareOperator;
  readonly left: Node;
  readonly right: Node;
}
/** By a signal; zeros come in, or the sign of a signed operand. */
export interface ShiftNode extends Base {
  readonly kind: 'shift';
  readonly op: 'left' | 'right';
  readonly operand: Node;
  readonly amount: Node;
}
export interface MuxNode extends Base {
  readonly kind: 'mux';
  readonly condition: Node;
  readonly whenTrue: Node;
  readonly whenFalse: Node;
}
/** Unsigned. */
export interface SliceNode extends Base {
  readonly kind: 'slice';
  readonly operand: Node;
  readonly low: number;
}
/** Unsigned; the first part is the most significant. */
export interface ConcatNode extends Base {
  readonly kind: 'concat';
  readonly parts: readonly Node[];
}
/** The same number in more bits. */
export interface ExtendNode extends Base {
  readonly kind: 'extend';
  readonly operand: Node;
}
/** `values[index]`; the last value also stands for every index beyond it. */
export interface SelectNode extends Base {
  readonly kind: 'select';
  readonly index: Node;
  readonly values: readonly Node[];
}
/** Asynchronous read of a memory. */
export interface ReadNode extends Base {
  readonly kind: 'read';
  readonly memory: LoweredMemory;
  readonly address: Node;
}

/** The nodes that a node is made of. */
export function operands(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'const':
    case 'net':
      return [];
    case 'cast':
    case 'unary':
    case 'slice':
    case 'extend':
      return [node.operand];
    case 'binary':
    case 'compare':
      return [node.left, node.right];
    case 'shift':
      return [node.operand, node.amount];
    case 'mux':
      return [node.condition, node.whenTrue, node.whenFalse];
    case 'concat':
      return node.parts;
    case 'select':
      return [node.index, ...node.values];
    case 'read':
      return [node.address];
    default:
      return assertUnreachable(node);
  }
}

/** Visits every node under `roots` once. */
export function visitNodes(roots: readonly Node[], visit: (node: Node) => void, seen: Set<Node> = new Set()): void {
  const pending = [...roots];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    visit(node);
    pending.push(...operands(node));
  }
}

/** What a node computes from its operands; undefined for nets, casts and memories. */
export function operationOf(node: Node): Operation | undefined {
  switch (node.kind) {
    case 'net':
    case 'read':
    case 'cast':
      return undefined;
    case 'compare':
      return { ...node, arithmetic: node.left.signed };
    case 'shift':
      return { ...node, arithmetic: node.operand.signed };
    case 'extend':
      return { ...node, arithmetic: node.operand.signed };
    default:
      return node;
  }
}
