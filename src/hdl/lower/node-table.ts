/** Makes nodes: equal ones are one, and what constants decide is decided here. */
import { type BinaryOperator, type CompareOperator, evaluate } from '../ir/evaluate.ts';
import { mask } from '../ir/expr.ts';
import { isSigned } from '../ir/types.ts';
import type { LoweredMemory, Net } from './netlist.ts';
import { type ConstNode, type Node, operands, operationOf, type ShiftNode, type UnaryNode } from './nodes.ts';

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
