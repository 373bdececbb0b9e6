/**
 * The nodes of a netlist: expressions in which equal ones are one node, with an identity and a sign. The operands of an operator
 * agree in width and sign; where bits are read as a number of the other sign a cast says so.
 */
import { assertUnreachable } from '../../errors/index.ts';
import { type BinaryOperator, type CompareOperator, evaluate, type Operation } from '../ir/evaluate.ts';
import { type ConstExpr, mask } from '../ir/expr.ts';
import { isSigned } from '../ir/types.ts';
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

/** Makes the nodes of one module, each only once. */
export class NodeTable {
  readonly nodes: Node[] = [];
  readonly #known = new Map<string, Node>();

  constant(value: bigint, width: number, signed: boolean, from?: Pick<ConstNode, 'state' | 'named'>): Node {
    const { state, named } = from ?? {};
    const name = state === undefined ? named?.name : `${state.enumeration}.${state.state}`;
    const bits = value & mask(width);
    return this.#node(`const ${bits} ${width} ${signed} ${name ?? ''}`, {
      kind: 'const',
      width,
      signed,
      value: bits,
      state,
      named,
    });
  }

  net(net: Net): Node {
    const { width } = net.type;
    return this.#node(`net ${net.id}`, { kind: 'net', width, signed: isSigned(net.type), net });
  }

  /** The node as a number of the wanted sign. */
  signedAs(node: Node, signed: boolean): Node {
    if (node.signed === signed) return node;
    if (node.kind === 'cast') return node.operand;
    if (node.kind === 'const') return this.constant(node.value, node.width, signed, node);
    return this.#node(`cast ${node.id}`, { kind: 'cast', width: node.width, signed, operand: node });
  }

  unary(op: UnaryNode['op'], operand: Node): Node {
    const negates = op === 'not';
    if (negates && operand.kind === 'unary' && operand.op === 'not') return operand.operand;
    return this.#folded(`${op} ${operand.id}`, {
      kind: 'unary',
      op,
      width: negates ? operand.width : 1,
      signed: negates && operand.signed,
      operand,
    });
  }

  binary(op: BinaryOperator, left: Node, right: Node): Node {
    const { width, signed } = left;
    return this.#folded(`${op} ${left.id} ${right.id}`, { kind: 'binary', op, width, signed, left, right });
  }

  compare(op: CompareOperator, left: Node, right: Node): Node {
    return this.#folded(`${op} ${left.id} ${right.id}`, { kind: 'compare', op, width: 1, signed: false, left, right });
  }

  shift(op: ShiftNode['op'], operand: Node, amount: Node): Node {
    const { width, signed } = operand;
    const key = `shift ${op} ${operand.id} ${amount.id}`;
    return this.#folded(key, { kind: 'shift', op, width, signed, operand, amount });
  }

  mux(condition: Node, whenTrue: Node, whenFalse: Node): Node {
    if (whenTrue === whenFalse) return whenTrue;
    const { width, signed } = whenTrue;
    const key = `mux ${condition.id} ${whenTrue.id} ${whenFalse.id}`;
    return this.#node(key, { kind: 'mux', width, signed, condition, whenTrue, whenFalse });
  }

  slice(operand: Node, low: number, width: number): Node {
    const bits = this.signedAs(operand, false);
    if (width === bits.width) return bits;
    const plain = operand.kind === 'cast' ? operand.operand : operand;
    const whole = plain.kind === 'concat' ? wholeParts(plain.parts, low, width) : undefined;
    if (whole !== undefined) return this.concat(whole);
    return this.#folded(`slice ${plain.id} ${low} ${width}`, {
      kind: 'slice',
      width,
      signed: false,
      operand: plain,
      low,
    });
  }

  concat(parts: readonly Node[]): Node {
    const plain = parts.reduce<Node[]>((before, part) => this.#append(before, part), []);
    if (plain.length === 1) return this.signedAs(plain[0]!, false);
    const width = plain.reduce((sum, part) => sum + part.width, 0);
    const key = `concat ${plain.map(({ id }) => id).join(' ')}`;
    return this.#folded(key, { kind: 'concat', width, signed: false, parts: plain });
  }

  /** A part of a concatenation; neighbouring bits of one node are one slice. */
  #append(before: Node[], given: Node): Node[] {
    const part = given.kind === 'cast' ? given.operand : given;
    const last = before.at(-1);
    if (last?.kind === 'slice' && part.kind === 'slice' && last.operand === part.operand) {
      if (part.low + part.width === last.low) {
        before[before.length - 1] = this.slice(part.operand, part.low, last.width + part.width);
        return before;
      }
    }
    before.push(part);
    return before;
  }

  /** Goes into a choice between plain signals: what is chosen is wide enough then, and the choice needs no name. */
  extend(operand: Node, width: number): Node {
    if (width === operand.width) return operand;
    if (operand.kind === 'mux' && [operand.whenTrue, operand.whenFalse].every(isLeaf)) {
      const { condition, whenTrue, whenFalse } = operand;
      return this.mux(condition, this.extend(whenTrue, width), this.extend(whenFalse, width));
    }
    const { signed } = operand;
    return this.#folded(`extend ${operand.id} ${width}`, { kind: 'extend', width, signed, operand });
  }

  select(index: Node, values: readonly Node[]): Node {
    const { width, signed } = values[0]!;
    const key = `select ${index.id} ${values.map(({ id }) => id).join(' ')}`;
    return this.#node(key, { kind: 'select', width, signed, index, values });
  }

  read(memory: LoweredMemory, address: Node): Node {
    const { type } = memory;
    const key = `read ${memory.name} ${address.id}`;
    return this.#node(key, { kind: 'read', width: type.width, signed: isSigned(type), memory, address });
  }

  #folded(key: string, node: Unnumbered): Node {
    const parts = operands(node as Node);
    const values = parts.flatMap((part) => (part.kind === 'const' ? [part.value] : []));
    const operation = operationOf(node as Node);
    if (values.length < parts.length || operation === undefined) return this.#node(key, node);
    return this.constant(evaluate(operation, values), node.width, node.signed);
  }

  #node(key: string, node: Unnumbered): Node {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = { id: this.nodes.length, ...node } as Node;
    this.nodes.push(made);
    this.#known.set(key, made);
    return made;
  }
}

type Unnumbered = Node extends infer N ? (N extends Node ? Omit<N, 'id'> : never) : never;

function isLeaf(node: Node): boolean {
  return node.kind === 'net' || node.kind === 'const' || (node.kind === 'slice' && node.operand.kind === 'net');
}

/** The parts that are bits low to low + width - 1 of a concatenation, if these are whole parts. */
function wholeParts(parts: readonly Node[], low: number, width: number): Node[] | undefined {
  const found: Node[] = [];
  let from = 0;
  for (const part of [...parts].reverse()) {
    if (from >= low && from + part.width <= low + width) found.unshift(part);
    from += part.width;
  }
  return found.reduce((bits, part) => bits + part.width, 0) === width ? found : undefined;
}
