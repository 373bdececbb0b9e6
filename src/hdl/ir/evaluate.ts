/** What each operator computes, over BigInt bit vectors. */
import { assertUnreachable } from '../../errors/index.ts';

interface Sized {
  readonly width: number;
}

/** What is evaluated: nodes of expressions and of netlists alike. */
export type Operation = { readonly width: number } & (
  | { readonly kind: 'const'; readonly value: bigint }
  | { readonly kind: 'unary'; readonly op: 'not' | 'reduceOr' | 'reduceAnd' | 'reduceXor'; readonly operand: Sized }
  | { readonly kind: 'binary'; readonly op: BinaryOperator }
  | { readonly kind: 'compare'; readonly op: CompareOperator; readonly arithmetic: boolean; readonly left: Sized }
  | { readonly kind: 'shift'; readonly op: 'left' | 'right'; readonly arithmetic: boolean }
  | { readonly kind: 'mux' }
  | { readonly kind: 'slice'; readonly low: number }
  | { readonly kind: 'concat'; readonly parts: readonly Sized[] }
  | { readonly kind: 'extend'; readonly arithmetic: boolean; readonly operand: Sized }
  | { readonly kind: 'select'; readonly values: readonly Sized[] }
);

export type BinaryOperator = 'add' | 'sub' | 'mul' | 'and' | 'or' | 'xor';
export type CompareOperator = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';

/** The value of one node from the values of its operands, in the order of `operands()`; all are 0 .. 2^width - 1. */
export function evaluate(expr: Operation, values: readonly bigint[]): bigint {
  const [a = 0n, b = 0n, c = 0n] = values;
  switch (expr.kind) {
    case 'const':
      return expr.value;
    case 'unary':
      return evaluateUnary(expr.op, a, expr.operand.width);
    case 'binary':
      return BigInt.asUintN(expr.width, evaluateBinary(expr.op, a, b));
    case 'compare': {
      const { width } = expr.left;
      const holds = expr.arithmetic
        ? evaluateCompare(expr.op, BigInt.asIntN(width, a), BigInt.asIntN(width, b))
        : evaluateCompare(expr.op, a, b);
      return holds ? 1n : 0n;
    }
    case 'shift':
      return evaluateShift(expr, a, b);
    case 'mux':
      return a === 1n ? b : c;
    case 'slice':
      return BigInt.asUintN(expr.width, a >> BigInt(expr.low));
    case 'concat':
      return expr.parts.reduce((bits, part, index) => (bits << BigInt(part.width)) | values[index]!, 0n);
    case 'extend':
      return expr.arithmetic ? BigInt.asUintN(expr.width, BigInt.asIntN(expr.operand.width, a)) : a;
    case 'select': {
      const last = expr.values.length - 1;
      return values[1 + (a > BigInt(last) ? last : Number(a))]!;
    }
    default:
      return assertUnreachable(expr);
  }
}

function evaluateUnary(op: 'not' | 'reduceOr' | 'reduceAnd' | 'reduceXor', a: bigint, width: number): bigint {
  switch (op) {
    case 'not':
      return BigInt.asUintN(width, ~a);
    case 'reduceOr':
      return a === 0n ? 0n : 1n;
    case 'reduceAnd':
      return BigInt.asUintN(width, ~a) === 0n ? 1n : 0n;
    case 'reduceXor': {
      let parity = 0n;
      for (let rest = a; rest !== 0n; rest >>= 1n) parity ^= rest & 1n;
      return parity;
    }
  }
}

function evaluateBinary(op: BinaryOperator, a: bigint, b: bigint): bigint {
  switch (op) {
    case 'add':
      return a + b;
    case 'sub':
      return a - b;
    case 'mul':
      return a * b;
    case 'and':
      return a & b;
    case 'or':
      return a | b;
    case 'xor':
      return a ^ b;
  }
}

function evaluateCompare(op: CompareOperator, a: bigint, b: bigint): boolean {
  switch (op) {
    case 'eq':
      return a === b;
    case 'ne':
      return a !== b;
    case 'lt':
      return a < b;
    case 'le':
      return a <= b;
    case 'gt':
      return a > b;
    case 'ge':
      return a >= b;
  }
}

function evaluateShift(expr: Extract<Operation, { kind: 'shift' }>, a: bigint, amount: bigint): bigint {
  const { width } = expr;
  const value = expr.arithmetic ? BigInt.asIntN(width, a) : a;
  // More than the width shifts everything out; clamping keeps BigInt from building huge numbers.
  const by = amount > BigInt(width) ? BigInt(width) : amount;
  return BigInt.asUintN(width, expr.op === 'left' ? value << by : value >> by);
}
