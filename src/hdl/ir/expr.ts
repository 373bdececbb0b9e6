/**
 * Expressions: 12 kinds of nodes over bit vectors. Operands of an operator have its width; growth, sign extension and
 * truncation are nodes of their own, so that a node means the same to the interpreter, the rules and the emitter.
 */

import { evaluate } from './evaluate.ts';
import type { ConstantIr, Entity, MemoryIr } from './module.ts';

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
  readonly entity: Entity;
}

export interface UnaryExpr {
  readonly kind: 'unary';
  readonly op: 'not' | 'reduceOr' | 'reduceAnd' | 'reduceXor';
  readonly width: number;
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
  readonly signed: boolean;
  readonly left: Expr;
  readonly right: Expr;
}

/** Shift by a signal; the width stays, zeros (or the sign, if arithmetic) come in. */
export interface ShiftExpr {
  readonly kind: 'shift';
  readonly op: 'left' | 'right';
  readonly arithmetic: boolean;
  readonly width: number;
  readonly operand: Expr;
  readonly amount: Expr;
}

export interface MuxExpr {
  readonly kind: 'mux';
  readonly width: number;
  readonly condition: Expr;
  readonly whenTrue: Expr;
  readonly whenFalse: Expr;
}

export interface SliceExpr {
  readonly kind: 'slice';
  readonly width: number;
  readonly operand: Expr;
  readonly high: number;
  readonly low: number;
}

/** The first part is the most significant. */
export interface ConcatExpr {
  readonly kind: 'concat';
  readonly width: number;
  readonly parts: readonly Expr[];
}

export interface ExtendExpr {
  readonly kind: 'extend';
  readonly width: number;
  readonly signed: boolean;
  readonly operand: Expr;
}

/** `values[index]`; the last value also stands for every index beyond it. */
export interface SelectExpr {
  readonly kind: 'select';
  readonly width: number;
  readonly index: Expr;
  readonly values: readonly Expr[];
}

/** Asynchronous read of a memory. */
export interface ReadExpr {
  readonly kind: 'read';
  readonly width: number;
  readonly memory: MemoryIr;
  readonly address: Expr;
}

export function mask(width: number): bigint {
  return (1n << BigInt(width)) - 1n;
}

export function constant(value: bigint, width: number): ConstExpr {
  return { kind: 'const', width, value: value & mask(width) };
}

export function reference(entity: Entity): RefExpr {
  return { kind: 'ref', width: entity.type.width, entity };
}

export function unary(op: UnaryExpr['op'], operand: Expr): Expr {
  if (op !== 'not' && operand.width === 1) return operand;
  return folded({ kind: 'unary', op, width: op === 'not' ? operand.width : 1, operand });
}

export function binary(op: BinaryExpr['op'], left: Expr, right: Expr, signed = false): Expr {
  const { width } = left;
  const zero = (e: Expr) => e.kind === 'const' && e.value === 0n;
  const ones = (e: Expr) => e.kind === 'const' && e.value === mask(width);
  if (op === 'and') {
    if (ones(left) || zero(right)) return right;
    if (ones(right) || zero(left)) return left;
  }
  if (op === 'or') {
    if (zero(left) || ones(right)) return right;
    if (zero(right) || ones(left)) return left;
  }
  if (op === 'add' || op === 'xor') {
    if (zero(left)) return right;
    if (zero(right)) return left;
  }
  return folded({ kind: 'binary', op, width, signed, left, right });
}

export function compare(op: CompareExpr['op'], left: Expr, right: Expr, signed = false): Expr {
  const least = signed ? mask(left.width - 1) + 1n : 0n;
  const greatest = signed ? mask(left.width - 1) : mask(left.width);
  const is = (expr: Expr, value: bigint) => expr.kind === 'const' && expr.value === value;
  // Nothing is less than the least number: linters of Verilog complain about such questions.
  if (op === 'lt' || op === 'ge') {
    if (is(right, least) || is(left, greatest)) return constant(op === 'lt' ? 0n : 1n, 1);
  }
  if (op === 'gt' || op === 'le') {
    if (is(right, greatest) || is(left, least)) return constant(op === 'gt' ? 0n : 1n, 1);
  }
  return folded({ kind: 'compare', op, width: 1, signed, left, right });
}

export function shift(op: ShiftExpr['op'], operand: Expr, amount: Expr, arithmetic = false): Expr {
  return folded({ kind: 'shift', op, arithmetic, width: operand.width, operand, amount });
}

export function multiplex(condition: Expr, whenTrue: Expr, whenFalse: Expr): Expr {
  if (condition.kind === 'const') return condition.value === 1n ? whenTrue : whenFalse;
  return { kind: 'mux', width: whenTrue.width, condition, whenTrue, whenFalse };
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
  return folded({ kind: 'slice', width, operand, high, low });
}

export function concatenate(parts: readonly Expr[]): Expr {
  const flat = parts.flatMap((part) => (part.kind === 'concat' ? part.parts : [part]));
  if (flat.length === 1) return flat[0]!;
  return folded({ kind: 'concat', width: flat.reduce((width, part) => width + part.width, 0), parts: flat });
}

export function extend(operand: Expr, width: number, signed: boolean): Expr {
  if (width === operand.width) return operand;
  if (operand.kind === 'extend' && operand.signed === signed) return extend(operand.operand, width, signed);
  return folded({ kind: 'extend', width, signed, operand });
}

export function select(index: Expr, values: readonly Expr[]): Expr {
  if (index.kind === 'const') return values[Number(index.value)] ?? values.at(-1)!;
  if (index.width === 1 && values.length === 2) return multiplex(index, values[1]!, values[0]!);
  return { kind: 'select', width: values[0]!.width, index, values };
}

export function readMemory(memory: MemoryIr, address: Expr): Expr {
  return { kind: 'read', width: memory.width, memory, address };
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

function folded(expr: Expr): Expr {
  const parts = operands(expr);
  if (!parts.every((part): part is ConstExpr => part.kind === 'const')) return expr;
  return constant(
    evaluate(
      expr,
      parts.map((part) => part.value),
    ),
    expr.width,
  );
}
