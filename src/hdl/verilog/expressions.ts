/** Expressions as Verilog text. Every width is explicit, and every signed operator gets operands that Verilog takes as signed. */
import { assertUnreachable } from '../../errors/index.ts';
import type { BinaryExpr, CompareExpr, Expr } from '../ir/expr.ts';
import { isSigned } from '../ir/types.ts';
import { type Doc, group, indent, join, line, softline } from './doc.ts';
import { constantText, literal } from './literals.ts';

/** Gives the name of the wire that holds an expression, for expressions that have one. */
export type WireOf = (expr: Expr) => { readonly name: string; readonly signed: boolean } | undefined;

/** What an operand is printed inside of; decides about parentheses. */
type Around = 'none' | 'unary' | 'ternary' | BinaryExpr['op'] | CompareExpr['op'] | 'shift';

const symbols: Record<BinaryExpr['op'] | CompareExpr['op'], string> = {
  add: '+',
  sub: '-',
  mul: '*',
  and: '&',
  or: '|',
  xor: '^',
  eq: '==',
  ne: '!=',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
};

const chainable: ReadonlySet<string> = new Set(['add', 'and', 'or', 'xor']);

export class ExpressionPrinter {
  readonly #wireOf: WireOf;

  constructor(wireOf: WireOf) {
    this.#wireOf = wireOf;
  }

  /** The expression where its own width and sign are what counts: right of an assignment, in an index, in a condition. */
  print(expr: Expr): Doc {
    return this.#operand(expr, 'none');
  }

  /** The expression as an index: Verilog takes a signed one for negative. */
  index(expr: Expr): Doc {
    return this.#unsigned(expr, 'none');
  }

  /** Does Verilog take the printed text as signed? */
  isSignedText(expr: Expr): boolean {
    const wire = this.#wireOf(expr);
    if (wire !== undefined) return wire.signed;
    switch (expr.kind) {
      case 'ref':
        return isSigned(expr.entity.type);
      case 'binary':
        return this.isSignedText(expr.left) && this.isSignedText(expr.right);
      case 'mux':
        return this.isSignedText(expr.whenTrue) && this.isSignedText(expr.whenFalse);
      case 'unary':
        return expr.op === 'not' && expr.width > 1 && this.isSignedText(expr.operand);
      case 'shift':
        return expr.arithmetic;
      case 'const':
      case 'compare':
      case 'slice':
      case 'concat':
      case 'extend':
      case 'select':
      case 'read':
        return false;
      default:
        return assertUnreachable(expr);
    }
  }

  #operand(expr: Expr, around: Around): Doc {
    const wire = this.#wireOf(expr);
    if (wire !== undefined) return wire.name;
    switch (expr.kind) {
      case 'const':
        return constantText(expr, false);
      case 'ref':
        return expr.entity.name;
      case 'unary':
        // `^~a` would be one operator, and Icarus takes no `!|a`.
        return parenthesised(this.#unary(expr), around === 'unary');
      case 'binary':
        return this.#binary(expr, around);
      case 'compare':
        return parenthesised(this.#compare(expr), around !== 'none');
      case 'shift':
        return this.#shift(expr, around);
      case 'mux': {
        const { condition, whenTrue, whenFalse } = expr;
        const text = [
          this.#operand(condition, 'ternary'),
          indent(line, '? ', this.#operand(whenTrue, 'ternary'), line, ': ', this.#operand(whenFalse, 'none')),
        ];
        return around === 'none' ? group(text) : ['(', group(text), ')'];
      }
      case 'slice': {
        const index = expr.high === expr.low ? `${expr.high}` : `${expr.high}:${expr.low}`;
        return [this.#identifier(expr.operand), `[${index}]`];
      }
      case 'concat':
        return braces(expr.parts.map((part) => this.print(part)));
      case 'extend':
        return this.#extend(expr);
      case 'read':
        return [expr.memory.name, '[', this.index(expr.address), ']'];
      case 'select':
        throw new Error('a select always has a wire of its own');
      default:
        return assertUnreachable(expr);
    }
  }

  /** An operand that Verilog must take as signed. */
  #signed(expr: Expr, around: Around): Doc {
    if (expr.kind === 'const' && this.#wireOf(expr) === undefined) return literal(expr.value, expr.width, true);
    if (this.isSignedText(expr)) return this.#operand(expr, around);
    return ['$signed(', this.print(expr), ')'];
  }

  #identifier(expr: Expr): Doc {
    const wire = this.#wireOf(expr);
    if (wire !== undefined) return wire.name;
    if (expr.kind === 'ref') return expr.entity.name;
    throw new Error(`bits of a ${expr.kind} without a wire`);
  }

  #unary(expr: Extract<Expr, { kind: 'unary' }>): Doc {
    const operator = { not: expr.width === 1 ? '!' : '~', reduceOr: '|', reduceAnd: '&', reduceXor: '^' }[expr.op];
    return [operator, this.#operand(expr.operand, 'unary')];
  }

  #binary(expr: BinaryExpr, around: Around): Doc {
    const { op, left, right, signed } = expr;
    if (op === 'sub' && left.kind === 'const' && left.value === 0n) {
      return parenthesised(['-', this.#operand(right, 'unary')], around !== 'none');
    }
    const logical = expr.width === 1 && (op === 'and' || op === 'or');
    const symbol = logical ? symbols[op].repeat(2) : symbols[op];
    if (op === 'mul') {
      const factor = (factorExpr: Expr) => (signed ? this.#signed(factorExpr, op) : this.#unsigned(factorExpr, op));
      return parenthesised([factor(left), ' * ', factor(right)], around !== 'none');
    }
    const terms = chainable.has(op) ? this.#chain(expr) : [left, right];
    const [first, ...rest] = terms.map((term) => this.#operand(term, op));
    const text = group(first!, indent(...rest.map((term) => [line, `${symbol} `, term])));
    return parenthesised(text, around !== 'none');
  }

  /** Terms of a + b + c, where none of the partial results has a wire of its own. */
  #chain(expr: BinaryExpr): Expr[] {
    const left = expr.left;
    const flat = left.kind === 'binary' && left.op === expr.op && this.#wireOf(left) === undefined;
    return [...(flat ? this.#chain(left) : [left]), expr.right];
  }

  #compare(expr: CompareExpr): Doc {
    const { op, left, right, signed } = expr;
    const ordered = op !== 'eq' && op !== 'ne';
    if (!ordered) return [this.#operand(left, op), ` ${symbols[op]} `, this.#operand(right, op)];
    if (signed) return [this.#signed(left, op), ` ${symbols[op]} `, this.#signed(right, op)];
    // Two signed texts would make Verilog compare as signed.
    const both = this.isSignedText(left) && this.isSignedText(right);
    return [both ? this.#unsigned(left, op) : this.#operand(left, op), ` ${symbols[op]} `, this.#operand(right, op)];
  }

  #unsigned(expr: Expr, around: Around): Doc {
    return this.isSignedText(expr) ? ['$unsigned(', this.print(expr), ')'] : this.#operand(expr, around);
  }

  #shift(expr: Extract<Expr, { kind: 'shift' }>, around: Around): Doc {
    const amount = this.#operand(expr.amount, 'shift');
    if (expr.op === 'right' && expr.arithmetic) {
      // $signed() around it all: beside an unsigned operand Verilog would shift zeros in.
      return ['$signed(', this.#signed(expr.operand, 'shift'), ' >>> ', amount, ')'];
    }
    const text = [this.#operand(expr.operand, 'shift'), expr.op === 'left' ? ' << ' : ' >> ', amount];
    return parenthesised(text, around !== 'none');
  }

  #extend(expr: Extract<Expr, { kind: 'extend' }>): Doc {
    const { operand, signed } = expr;
    const by = expr.width - operand.width;
    if (!signed) return braces([literal(0n, by), this.print(operand)]);
    const sign = this.#signBit(operand);
    const copies = by === 1 ? sign : [`{${by}{`, sign, '}}'];
    return braces([copies, this.print(operand)]);
  }

  #signBit(expr: Expr): Doc {
    if (expr.width === 1) return this.print(expr);
    if (expr.kind === 'slice' && this.#wireOf(expr) === undefined) {
      return [this.#identifier(expr.operand), `[${expr.high}]`];
    }
    return [this.#identifier(expr), `[${expr.width - 1}]`];
  }
}

function parenthesised(doc: Doc, needed: boolean): Doc {
  return needed ? ['(', doc, ')'] : doc;
}

function braces(parts: readonly Doc[]): Doc {
  return group('{', indent(softline, join(parts, [',', line])), softline, '}');
}
