/** Nodes as Verilog expressions. Every width is explicit, and where the sign of a text matters it is what the node says. */
import { assertUnreachable } from '../../../errors/index.ts';
import { isSigned, stateName } from '../../ir/types.ts';
import type { Net } from '../../lower/netlist.ts';
import type { BinaryNode, CompareNode, ConstNode, ExtendNode, Node } from '../../lower/nodes.ts';
import type { LiteralExpr, VExpr } from '../syntax.ts';

/** Gives the wire that holds a node, for nodes that have one. */
export type WireOf = (node: Node) => { readonly name: string; readonly signed: boolean } | undefined;
/** The net that stands for one. */
export type AliasOf = (net: Net) => Net;

const operators = {
  ...{ add: '+', sub: '-', mul: '*', and: '&', or: '|', xor: '^' },
  ...{ eq: '==', ne: '!=', lt: '<', le: '<=', gt: '>', ge: '>=' },
} as const;
const opposites = { eq: 'ne', ne: 'eq', lt: 'ge', ge: 'lt', gt: 'le', le: 'gt' } as const;
const chainable: ReadonlySet<string> = new Set(['add', 'and', 'or', 'xor']);

export function literal(value: bigint, width: number, signed = false): LiteralExpr {
  return { kind: 'literal', width, value: BigInt.asUintN(width, value), signed };
}

export class ExpressionWriter {
  readonly #wireOf: WireOf;
  readonly #aliasOf: AliasOf;
  /** Bits of each named constant's localparam. */
  readonly #constantWidth: (name: string) => number;

  constructor(wireOf: WireOf, aliasOf: AliasOf, constantWidth: (name: string) => number) {
    this.#wireOf = wireOf;
    this.#aliasOf = aliasOf;
    this.#constantWidth = constantWidth;
  }

  /** The node where the sign of the text does not matter: operands of equal width, right of an assignment, a condition. */
  write(node: Node): VExpr {
    const wire = this.#wireOf(node);
    if (wire !== undefined) return { kind: 'name', ...wire };
    switch (node.kind) {
      case 'const':
        return this.#constant(node);
      case 'net':
        return { kind: 'name', name: this.#aliasOf(node.net).name, signed: isSigned(node.net.type) };
      case 'cast':
        return this.write(node.operand);
      case 'unary': {
        const { operand: inner } = node;
        if (node.op === 'not' && inner.kind === 'compare' && this.#wireOf(inner) === undefined)
          return this.#compare({ ...inner, op: opposites[inner.op] });
        const operator = { not: node.width === 1 ? '!' : '~', reduceOr: '|', reduceAnd: '&', reduceXor: '^' }[node.op];
        const operand = this.write(node.operand);
        return { kind: 'unary', operator, operand, signed: node.op === 'not' && node.width > 1 && operand.signed };
      }
      case 'binary':
        return this.#binary(node);
      case 'compare':
        return this.#compare(node);
      case 'shift': {
        const amount = this.write(node.amount);
        const arithmetic = node.op === 'right' && node.operand.signed;
        const operator = node.op === 'left' ? '<<' : arithmetic ? '>>>' : '>>';
        const operand = arithmetic ? this.as(node.operand, true) : this.write(node.operand);
        const shifted: VExpr = { kind: 'binary', operator, terms: [operand, amount], signed: operand.signed };
        // Cast whole: beside an unsigned operand Verilog would shift zeros in.
        return arithmetic ? { kind: 'cast', operand: shifted, signed: true } : shifted;
      }
      case 'mux': {
        const [condition, whenTrue, whenFalse] = [node.condition, node.whenTrue, node.whenFalse].map((each) =>
          this.write(each),
        );
        const signed = whenTrue!.signed && whenFalse!.signed;
        return { kind: 'choice', condition: condition!, whenTrue: whenTrue!, whenFalse: whenFalse!, signed };
      }
      case 'slice':
        return this.#slice(node.operand, node.low + node.width - 1, node.low);
      case 'concat':
        return concatenation(node.parts.map((part) => this.write(part)));
      case 'extend':
        return this.#extend(node);
      case 'read':
        return {
          kind: 'word',
          memory: node.memory.name,
          index: this.index(node.address),
          signed: isSigned(node.memory.type),
        };
      case 'select':
        throw new Error('a select always has a wire of its own');
      default:
        return assertUnreachable(node);
    }
  }

  /** The node as text that Verilog takes for a number of this sign. */
  as(node: Node, signed: boolean): VExpr {
    const text = this.write(node);
    return text.signed === signed ? text : { kind: 'cast', operand: text, signed };
  }

  /** An index: Verilog takes a signed one for negative. */
  index(node: Node): VExpr {
    return this.as(node, false);
  }

  #constant({ width, value, signed, state, named }: ConstNode): VExpr {
    if (state !== undefined) return { kind: 'name', name: stateName(state.enumeration, state.state), signed: false };
    if (named === undefined) return literal(value, width, signed);
    const declared = this.#constantWidth(named.name);
    if (declared === width) return { kind: 'name', name: named.name, signed: false };
    return { kind: 'slice', name: named.name, high: width - 1, low: 0, signed: false };
  }

  #compare({ op, left, right }: Pick<CompareNode, 'op' | 'left' | 'right'>): VExpr {
    const ordered = op !== 'eq' && op !== 'ne';
    const terms = [left, right].map((operand) => (ordered ? this.as(operand, operand.signed) : this.write(operand)));
    return { kind: 'binary', operator: operators[op], terms, signed: false };
  }

  #binary(node: BinaryNode): VExpr {
    const { op, left, right } = node;
    if (op === 'sub' && left.kind === 'const' && left.value === 0n) {
      const operand = this.write(right);
      return { kind: 'unary', operator: '-', operand, signed: operand.signed };
    }
    const logical = node.width === 1 && (op === 'and' || op === 'or');
    const operator = logical ? operators[op].repeat(2) : operators[op];
    const terms = (chainable.has(op) ? this.#chain(node) : [left, right]).map((term) => this.write(term));
    return { kind: 'binary', operator, terms, signed: !logical && terms.every((term) => term.signed) };
  }

  /** Terms of a + b + c, where none of the partial results has a wire of its own. */
  #chain({ op, left, right }: BinaryNode): Node[] {
    const flat = left.kind === 'binary' && left.op === op && this.#wireOf(left) === undefined;
    return [...(flat ? this.#chain(left) : [left]), right];
  }

  #extend({ operand, width }: ExtendNode): VExpr {
    const by = width - operand.width;
    if (!operand.signed) return concatenation([literal(0n, by), ...partsOf(this.write(operand))]);
    const sign = this.#signBit(operand);
    const rest = this.write(operand);
    const copies: VExpr = { kind: 'replicate', count: by, part: sign, signed: false };
    return concatenation([copies, ...partsOf(rest)]);
  }

  #signBit(node: Node): VExpr {
    if (node.width === 1) return this.write(node);
    const plain = node.kind === 'cast' && this.#wireOf(node) === undefined ? node.operand : node;
    if (plain.kind === 'concat' && this.#wireOf(plain) === undefined) return this.#signBit(plain.parts[0]!);
    if (plain.kind === 'slice' && this.#wireOf(plain) === undefined) {
      const high = plain.low + plain.width - 1;
      return this.#slice(plain.operand, high, high);
    }
    return this.#slice(plain, plain.width - 1, plain.width - 1);
  }

  #slice(node: Node, high: number, low: number): VExpr {
    const name = this.#wireOf(node)?.name ?? (node.kind === 'net' ? this.#aliasOf(node.net).name : undefined);
    if (name === undefined) throw new Error(`bits of a ${node.kind} without a wire`);
    if (node.width === 1) return { kind: 'name', name, signed: false };
    return { kind: 'slice', name, high, low, signed: false };
  }
}

/** What stands side by side. */
function partsOf(expr: VExpr): readonly VExpr[] {
  return expr.kind === 'concat' ? expr.parts : [expr];
}

/** Equal parts side by side become one that is repeated. */
function concatenation(parts: readonly VExpr[]): VExpr {
  const texts = parts.map((part) =>
    JSON.stringify(part, (_, value) => (typeof value === 'bigint' ? `${value}` : value)),
  );
  const groups: { part: VExpr; count: number; text: string }[] = [];
  parts.forEach((part, index) => {
    const last = groups.at(-1);
    if (last !== undefined && last.text === texts[index]) last.count += 1;
    else groups.push({ part, count: 1, text: texts[index]! });
  });
  const merged = groups.flatMap(({ part, count }): VExpr[] => {
    if (part.kind === 'literal' && part.value === 0n && typeof part.width === 'number')
      return [literal(0n, count * part.width)];
    return count < 3 ? Array.from({ length: count }, () => part) : [{ kind: 'replicate', count, part, signed: false }];
  });
  return merged.length === 1 ? merged[0]! : { kind: 'concat', parts: merged, signed: false };
}
