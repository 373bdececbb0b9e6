/**
 * Expressions as the builder writes them: 12 kinds of nodes over bit vectors. Operands of an operator have its width; growth, sign
 * extension and truncation are nodes of their own. `signed` says whether a node's value is a two's complement number; the netlist
 * (src/hdl/lower) makes nodes of them that are shared and whose operands agree in sign.
 */

import { assertUnreachable } from '../../errors/index.ts';
import { evaluate } from './evaluate.ts';
import type { ConstantIr, Entity, MemoryIr } from './module.ts';
import { isSigned } from './types.ts';

export type Expr =
  | ConstExpr
  | RefExpr
  | UnaryExpr
  | BinaryExpr
  | CompareExpr
  | ShiftExpr
  | MuxExpr
  | SliceExpr
  | ConcatExpr
  | ExtendExpr
  | SelectExpr
  | ReadExpr;

export interface ConstExpr {
  readonly kind: 'const';
  readonly width: number;
  readonly signed: boolean;
  /** The bits, 0 .. 2^width - 1. */
  readonly value: bigint;
  /** A state of an enumeration prints by name. */
  readonly state?: { readonly enumeration: string; readonly state: string };
  /** A constant with a name prints by it. */
  readonly named?: ConstantIr;
}

export interface RefExpr {
  readonly kind: 'ref';
  readonly width: number;
  readonly signed: boolean;
  readonly entity: Entity;
}

export interface UnaryExpr {
  readonly kind: 'unary';
  readonly op: 'not' | 'reduceOr' | 'reduceAnd' | 'reduceXor';
  readonly width: number;
  readonly signed: boolean;
  readonly operand: Expr;
}

export interface BinaryExpr {
  readonly kind: 'binary';
  readonly op: 'add' | 'sub' | 'mul' | 'and' | 'or' | 'xor';
  readonly width: number;
  readonly signed: boolean;
  readonly left: Expr;
  readonly right: Expr;
}

export interface CompareExpr {
  readonly kind: 'compare';
  readonly op: 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';
  readonly width: 1;
  readonly signed: false;
  /** Compares two's complement numbers. */
  readonly arithmetic: boolean;
  readonly left: Expr;
  readonly right: Expr;
}

/** Shift by a signal; the width stays, zeros (or the sign, if arithmetic) come in. */
export interface ShiftExpr {
  readonly kind: 'shift';
  readonly op: 'left' | 'right';
  readonly arithmetic: boolean;
  readonly width: number;
  readonly signed: boolean;
  readonly operand: Expr;
  readonly amount: Expr;
}

export interface MuxExpr {
  readonly kind: 'mux';
  readonly width: number;
  readonly signed: boolean;
  readonly condition: Expr;
  readonly whenTrue: Expr;
  readonly whenFalse: Expr;
}

export interface SliceExpr {
  readonly kind: 'slice';
  readonly width: number;
  readonly signed: boolean;
  readonly operand: Expr;
  readonly high: number;
  readonly low: number;
}

/** The first part is the most significant. */
export interface ConcatExpr {
  readonly kind: 'concat';
  readonly width: number;
  readonly signed: boolean;
  readonly parts: readonly Expr[];
}

export interface ExtendExpr {
  readonly kind: 'extend';
  readonly width: number;
  readonly signed: boolean;
  /** Copies of the sign come in, not zeros. */
  readonly arithmetic: boolean;
  readonly operand: Expr;
}

/** `values[index]`; the last value also stands for every index beyond it. */
export interface SelectExpr {
  readonly kind: 'select';
  readonly width: number;
  readonly signed: boolean;
  readonly index: Expr;
  readonly values: readonly Expr[];
}

/** Asynchronous read of a memory. */
export interface ReadExpr {
  readonly kind: 'read';
  readonly width: number;
  readonly signed: boolean;
  readonly memory: MemoryIr;
  readonly address: Expr;
}

export function mask(width: number): bigint {
  return (1n << BigInt(width)) - 1n;
}

export function constant(value: bigint, width: number, signed = false): ConstExpr {
  return { kind: 'const', width, signed, value: value & mask(width) };
}

export function reference(entity: Entity): RefExpr {
  return { kind: 'ref', width: entity.type.width, signed: isSigned(entity.type), entity };
}

/** The same bits as a number of the wanted sign. */
export function signedAs(expr: Expr, signed: boolean): Expr {
  if (expr.signed === signed) return expr;
  switch (expr.kind) {
    case 'mux': {
      const { condition, whenTrue, whenFalse } = expr;
      return multiplex(condition, signedAs(whenTrue, signed), signedAs(whenFalse, signed));
    }
    case 'select':
      return { ...expr, signed, values: expr.values.map((value) => signedAs(value, signed)) };
    case 'const':
    case 'binary':
    case 'unary':
    case 'slice':
    case 'concat':
    case 'extend':
    case 'shift':
    case 'ref':
    case 'read':
      return { ...expr, signed };
    case 'compare':
      // One bit: the number 0 or -1.
      return concatenate([expr], signed);
    default:
      return assertUnreachable(expr);
  }
}

export function unary(op: UnaryExpr['op'], operand: Expr): Expr {
  if (op !== 'not' && operand.width === 1) return signedAs(operand, false);
  const negates = op === 'not';
  const width = negates ? operand.width : 1;
  return folded({ kind: 'unary', op, width, signed: negates && operand.signed, operand });
}

export function binary(op: BinaryExpr['op'], left: Expr, right: Expr, signed = false): Expr {
  const { width } = left;
  const zero = (e: Expr) => e.kind === 'const' && e.value === 0n;
  const ones = (e: Expr) => e.kind === 'const' && e.value === mask(width);
  const only = (e: Expr) => signedAs(e, signed);
  if (op === 'and') {
    if (ones(left) || zero(right)) return only(right);
    if (ones(right) || zero(left)) return only(left);
  }
  if (op === 'or') {
    if (zero(left) || ones(right)) return only(right);
    if (zero(right) || ones(left)) return only(left);
  }
  if (op === 'add' || op === 'xor') {
    if (zero(left)) return only(right);
    if (zero(right)) return only(left);
  }
  return folded({ kind: 'binary', op, width, signed, left, right });
}

export function compare(op: CompareExpr['op'], left: Expr, right: Expr, arithmetic = false): Expr {
  const least = arithmetic ? mask(left.width - 1) + 1n : 0n;
  const greatest = arithmetic ? mask(left.width - 1) : mask(left.width);
  const is = (expr: Expr, value: bigint) => expr.kind === 'const' && expr.value === value;
  // Nothing is less than the least number: linters of Verilog complain about such questions.
  if (op === 'lt' || op === 'ge') {
    if (is(right, least) || is(left, greatest)) return constant(op === 'lt' ? 0n : 1n, 1);
  }
  if (op === 'gt' || op === 'le') {
    if (is(right, greatest) || is(left, least)) return constant(op === 'gt' ? 0n : 1n, 1);
  }
  return folded({ kind: 'compare', op, width: 1, signed: false, arithmetic, left, right });
}

export function shift(op: ShiftExpr['op'], operand: Expr, amount: Expr, arithmetic = false): Expr {
  const { width, signed } = operand;
  return folded({ kind: 'shift', op, arithmetic, width, signed, operand, amount });
}

export function multiplex(condition: Expr, whenTrue: Expr, whenFalse: Expr): Expr {
  if (condition.kind === 'const') return condition.value === 1n ? whenTrue : whenFalse;
  const signed = whenTrue.signed && whenFalse.signed;
  return { kind: 'mux', width: whenTrue.width, signed, condition, whenTrue, whenFalse };
}

export function slice(operand: Expr, high: number, low: number): Expr {
  const width = high - low + 1;
  if (width === operand.width) return operand;
  if (operand.kind === 'slice') return slice(operand.operand, operand.low + high, operand.low + low);
  if (operand.kind === 'extend' && high < operand.operand.width) return slice(operand.operand, high, low);
  if (operand.kind === 'concat') {
    let offset = operand.width;
    for (const part of operand.parts) {
      offset -= part.width;
      if (low >= offset && high < offset + part.width) return slice(part, high - offset, low - offset);
    }
  }
  return folded({ kind: 'slice', width, signed: false, operand, high, low });
}

export function concatenate(parts: readonly Expr[], signed = false): Expr {
  const flat = parts.flatMap((part) => (part.kind === 'concat' ? part.parts : [part]));
  if (flat.length === 1 && flat[0]!.kind !== 'compare') return signedAs(flat[0]!, signed);
  if (flat.length === 1 && !signed) return flat[0]!;
  return folded({ kind: 'concat', width: flat.reduce((width, part) => width + part.width, 0), signed, parts: flat });
}

/** @param arithmetic copies of the sign come in, not zeros; the result is signed then */
export function extend(operand: Expr, width: number, arithmetic: boolean): Expr {
  if (width === operand.width) return operand;
  // A number that has grown by zeros has no sign to copy.
  if (operand.kind === 'extend' && (operand.arithmetic === arithmetic || !operand.arithmetic)) {
    return signedAs(extend(operand.operand, width, operand.arithmetic), arithmetic);
  }
  return folded({ kind: 'extend', width, signed: arithmetic, arithmetic, operand });
}

export function select(index: Expr, values: readonly Expr[]): Expr {
  if (index.kind === 'const') return values[Number(index.value)] ?? values.at(-1)!;
  if (index.width === 1 && values.length === 2) return multiplex(index, values[1]!, values[0]!);
  return { kind: 'select', width: values[0]!.width, signed: values.every((value) => value.signed), index, values };
}

export function readMemory(memory: MemoryIr, address: Expr): Expr {
  return { kind: 'read', width: memory.width, signed: isSigned(memory.type), memory, address };
}

/** The nodes that a node is made of. */
export function operands(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'const':
    case 'ref':
      return [];
    case 'unary':
    case 'slice':
    case 'extend':
      return [expr.operand];
    case 'binary':
    case 'compare':
      return [expr.left, expr.right];
    case 'shift':
      return [expr.operand, expr.amount];
    case 'mux':
      return [expr.condition, expr.whenTrue, expr.whenFalse];
    case 'concat':
      return expr.parts;
    case 'select':
      return [expr.index, ...expr.values];
    case 'read':
      return [expr.address];
  }
}

/** Visits every node under `roots` once. */
export function visitExprs(roots: readonly Expr[], visit: (expr: Expr) => void, seen: Set<Expr> = new Set()): void {
  const pending = [...roots];
  for (let expr = pending.pop(); expr !== undefined; expr = pending.pop()) {
    if (seen.has(expr)) continue;
    seen.add(expr);
    visit(expr);
    pending.push(...operands(expr));
  }
}

function folded(expr: Exclude<Expr, RefExpr | ReadExpr>): Expr {
  const parts = operands(expr);
  if (!parts.every((part): part is ConstExpr => part.kind === 'const')) return expr;
  return constant(
    evaluate(
      expr,
      parts.map((part) => part.value),
    ),
    expr.width,
    expr.signed,
  );
}
