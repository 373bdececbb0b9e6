/**
 * Typed values. The name of an operator tells its law: `addGrow` is one bit wider and never overflows, `addWrap` wants equal
 * widths and drops the carry, `addSaturate` stops at the ends. Kinds are distinct types, widths are checked as values are made.
 */
import { designError } from '../diagnostics.ts';
import * as ir from '../ir/expr.ts';
import {
  type BoolType,
  bool,
  type EnumType,
  type ScalarType,
  type SIntType,
  sint,
  type UIntType,
  uint,
} from '../ir/types.ts';
import { type Literal, literalExpr } from './literals.ts';
import { checkIndex, checkResize, checkShift, exprOfKind, exprOfType, SignalBase } from './operands.ts';

/** Any value of hardware. */
export type Signal = UInt | SInt | Bool | EnumValue;

/** True or false. */
export class Bool extends SignalBase<BoolType> {
  readonly kind = 'bool';

  /** True where both are. */
  and(other: Bool | Literal | boolean): Bool {
    return new Bool(ir.binary('and', this.expr, this.same(other, 'and')), this.type);
  }
  /** True where either is. */
  or(other: Bool | Literal | boolean): Bool {
    return new Bool(ir.binary('or', this.expr, this.same(other, 'or')), this.type);
  }
  /** True where exactly one is. */
  xor(other: Bool | Literal | boolean): Bool {
    return new Bool(ir.binary('xor', this.expr, this.same(other, 'xor')), this.type);
  }
  /** True where this is false. */
  not(): Bool {
    return new Bool(ir.unary('not', this.expr), this.type);
  }
  /** True where both are the same. */
  equals(other: Bool | Literal | boolean): Bool {
    return new Bool(ir.compare('eq', this.expr, this.same(other, 'equals')), this.type);
  }
  /** True where they differ, as `xor`. */
  notEquals(other: Bool | Literal | boolean): Bool {
    return new Bool(ir.compare('ne', this.expr, this.same(other, 'notEquals')), this.type);
  }
  /** One bit wide. */
  asUInt(): UInt {
    return new UInt(this.expr, uint(1));
  }
}

/** One of the named states. */
export class EnumValue<S extends string = string> extends SignalBase<EnumType<S>> {
  readonly kind = 'enum';

  /** True in this state; the compiler knows the names. */
  is(state: S): Bool {
    return new Bool(ir.compare('eq', this.expr, literalExpr(state, this.type)), bool());
  }
  /** True where both are in the same state. */
  equals(other: EnumValue<S> | S): Bool {
    return new Bool(ir.compare('eq', this.expr, this.same(other, 'equals')), bool());
  }
  /** True where they are in different states. */
  notEquals(other: EnumValue<S> | S): Bool {
    return new Bool(ir.compare('ne', this.expr, this.same(other, 'notEquals')), bool());
  }
  /** The encoding: the index of the state. */
  asUInt(): UInt {
    return new UInt(this.expr, uint(this.width));
  }
}

/** What unsigned and signed numbers share. `Self` is the kind itself: numbers of different kinds don't mix. */
abstract class NumberSignal<T extends UIntType | SIntType, Self extends UInt | SInt> extends SignalBase<T> {
  /** A number of this kind over an expression, as wide as it. */
  protected abstract make(expr: ir.Expr): Self;
  /** The nearest number of `width` bits. */
  abstract saturate(width: number): Self;

  protected get signed(): boolean {
    return this.type.kind === 'sint';
  }

  /** Exact sum, one bit wider than the wider operand. */
  addGrow(other: Self | Literal): Self {
    return this.make(ir.binary('add', ...this.grown(other, 'addGrow'), this.signed));
  }
  /** Sum modulo 2^width; equal widths. */
  addWrap(other: Self | Literal): Self {
    return this.make(ir.binary('add', this.expr, this.same(other, 'addWrap'), this.signed));
  }
  /** Sum, kept between the least and the greatest number of this width; equal widths. */
  addSaturate(other: Self | Literal): Self {
    const sum = this.addGrow(this.make(this.same(other, 'addSaturate')));
    return sum.saturate(this.width) as Self;
  }
  /** Difference modulo 2^width; equal widths. */
  subWrap(other: Self | Literal): Self {
    return this.make(ir.binary('sub', this.expr, this.same(other, 'subWrap'), this.signed));
  }
  /** Exact product, as wide as both operands together. */
  mulFull(other: Self | Literal): Self {
    const right = this.operand(other, 'mulFull');
    const width = this.width + right.width;
    const [a, b] = [ir.extend(this.expr, width, this.signed), ir.extend(right, width, this.signed)];
    return this.make(ir.binary('mul', a, b, this.signed));
  }

  /** Grows by `by` zeros on the right. */
  shiftLeft(by: number): Self {
    checkShift('shiftLeft', by, Number.POSITIVE_INFINITY, this.type);
    return this.make(by === 0 ? this.expr : ir.concatenate([this.expr, ir.constant(0n, by)]));
  }
  /** Loses its `by` low bits: floor(value / 2^by). */
  shiftRight(by: number): Self {
    checkShift('shiftRight', by, this.width - 1, this.type);
    return this.make(ir.slice(this.expr, this.width - 1, by));
  }
  /** Same width; bits that leave on the left are lost. */
  shiftLeftBy(amount: UInt): Self {
    return this.make(ir.shift('left', this.expr, exprOfKind(amount, 'uint', 'shiftLeftBy', this)));
  }
  /** Same width; zeros, or copies of the sign of a signed number, enter on the left. */
  shiftRightBy(amount: UInt): Self {
    return this.make(ir.shift('right', this.expr, exprOfKind(amount, 'uint', 'shiftRightBy', this), this.signed));
  }

  equals(other: Self | Literal): Bool {
    return this.compare('eq', other, 'equals');
  }
  notEquals(other: Self | Literal): Bool {
    return this.compare('ne', other, 'notEquals');
  }
  lessThan(other: Self | Literal): Bool {
    return this.compare('lt', other, 'lessThan');
  }
  lessOrEqual(other: Self | Literal): Bool {
    return this.compare('le', other, 'lessOrEqual');
  }
  greaterThan(other: Self | Literal): Bool {
    return this.compare('gt', other, 'greaterThan');
  }
  greaterOrEqual(other: Self | Literal): Bool {
    return this.compare('ge', other, 'greaterOrEqual');
  }

  /** Bit `index`, 0 is the least significant. */
  bit(index: number): Bool {
    checkIndex('bit', index, this.type);
    return new Bool(ir.slice(this.expr, index, index), bool());
  }
  /** Bits high..low, both included, as an unsigned number. */
  slice(high: number, low: number): UInt {
    checkIndex('slice', high, this.type);
    checkIndex('slice', low, this.type);
    if (high < low) {
      const summary = `slice(${high}, ${low}) is empty: the high bit comes first`;
      throw designError({ rule: 'HDL019', summary, help: `slice(${low}, ${high})` });
    }
    return new UInt(ir.slice(this.expr, high, low), uint(high - low + 1));
  }
  /** The same number in `width` bits, at least as many: zeros, or copies of the sign, on the left. */
  extend(width: number): Self {
    checkResize('extend', width, this.type);
    return this.make(ir.extend(this.expr, width, this.signed));
  }
  /** The low `width` bits. */
  truncate(width: number): Self {
    checkResize('truncate', width, this.type);
    return this.make(ir.slice(this.expr, width - 1, 0));
  }

  /** An operand of this kind and any width; a literal takes this signal's width. */
  protected operand(other: Self | Literal, operation: string): ir.Expr {
    return other instanceof SignalBase
      ? exprOfKind(other, this.type.kind, operation, this)
      : literalExpr(other, this.type);
  }
  /** Both operands one bit wider than the wider one. */
  protected grown(other: Self | Literal, operation: string): [ir.Expr, ir.Expr] {
    const right = this.operand(other, operation);
    const width = Math.max(this.width, right.width) + 1;
    return [ir.extend(this.expr, width, this.signed), ir.extend(right, width, this.signed)];
  }
  private compare(op: ir.CompareExpr['op'], other: Self | Literal, operation: string): Bool {
    return new Bool(ir.compare(op, this.expr, this.same(other, operation), this.signed), bool());
  }
}

/** Unsigned number. */
export class UInt extends NumberSignal<UIntType, UInt> {
  readonly kind = 'uint';

  protected make(expr: ir.Expr): UInt {
    return new UInt(expr, uint(expr.width));
  }

  /** Exact difference, signed, one bit wider than the wider operand. */
  subGrow(other: UInt | Literal): SInt {
    const [a, b] = this.grown(other, 'subGrow');
    return new SInt(ir.binary('sub', a, b), sint(a.width));
  }
  /** Bit by bit, of equal widths. */
  and(other: UInt | Literal): UInt {
    return this.make(ir.binary('and', this.expr, this.same(other, 'and')));
  }
  /** Bit by bit, of equal widths. */
  or(other: UInt | Literal): UInt {
    return this.make(ir.binary('or', this.expr, this.same(other, 'or')));
  }
  /** Bit by bit, of equal widths. */
  xor(other: UInt | Literal): UInt {
    return this.make(ir.binary('xor', this.expr, this.same(other, 'xor')));
  }
  /** All bits turned round. */
  not(): UInt {
    return this.make(ir.unary('not', this.expr));
  }
  /** The nearest number of `width` bits: at most 2^width - 1. */
  saturate(width: number): UInt {
    checkResize('saturate', width, this.type);
    if (width === this.width) return this;
    const over = ir.unary('reduceOr', ir.slice(this.expr, this.width - 1, width));
    const top = ir.constant(ir.mask(width), width);
    return this.make(ir.multiplex(over, top, ir.slice(this.expr, width - 1, 0)));
  }
  /** The same bits, read as two's complement. */
  asSInt(): SInt {
    return new SInt(this.expr, sint(this.width));
  }
  /** The same number as a signed one, one bit wider. */
  toSInt(): SInt {
    return new SInt(ir.extend(this.expr, this.width + 1, false), sint(this.width + 1));
  }
  /** True where any bit is 1. */
  reduceOr(): Bool {
    return new Bool(ir.unary('reduceOr', this.expr), bool());
  }
  /** True where all bits are 1. */
  reduceAnd(): Bool {
    return new Bool(ir.unary('reduceAnd', this.expr), bool());
  }
  /** Parity. */
  reduceXor(): Bool {
    return new Bool(ir.unary('reduceXor', this.expr), bool());
  }
}

/** Two's complement number. */
export class SInt extends NumberSignal<SIntType, SInt> {
  readonly kind = 'sint';

  protected make(expr: ir.Expr): SInt {
    return new SInt(expr, sint(expr.width));
  }

  /** Exact difference, one bit wider than the wider operand. */
  subGrow(other: SInt | Literal): SInt {
    return this.make(ir.binary('sub', ...this.grown(other, 'subGrow'), true));
  }
  /** Exact negative, one bit wider. */
  negateGrow(): SInt {
    const width = this.width + 1;
    return this.make(ir.binary('sub', ir.constant(0n, width), ir.extend(this.expr, width, true), true));
  }
  /** The nearest number of `width` bits: -2^(width-1) to 2^(width-1) - 1. */
  saturate(width: number): SInt {
    checkResize('saturate', width, this.type);
    if (width === this.width) return this;
    const low = ir.constant(1n << BigInt(width - 1), width);
    const high = ir.constant(ir.mask(width - 1), width);
    const above = ir.compare('gt', this.expr, ir.extend(high, this.width, true), true);
    const below = ir.compare('lt', this.expr, ir.extend(low, this.width, true), true);
    const inside = ir.slice(this.expr, width - 1, 0);
    return this.make(ir.multiplex(above, high, ir.multiplex(below, low, inside)));
  }
  /** The same bits, read as an unsigned number. */
  asUInt(): UInt {
    return new UInt(this.expr, uint(this.width));
  }
  /** The sign bit: true below 0. */
  isNegative(): Bool {
    return this.bit(this.width - 1);
  }
}

export function isSignal(value: unknown): value is Signal {
  return value instanceof SignalBase;
}

/** A signal of the given type over an expression. */
export function wrap(expr: ir.Expr, type: ScalarType): Signal {
  switch (type.kind) {
    case 'uint':
      return new UInt(expr, type);
    case 'sint':
      return new SInt(expr, type);
    case 'bool':
      return new Bool(expr, type);
    case 'enum':
      return new EnumValue(expr, type);
  }
}

/** The expression of a signal or literal that must have exactly `type`. */
export function operandExpr(
  operand: Signal | Literal | boolean | string,
  type: ScalarType,
  operation: string,
): ir.Expr {
  return exprOfType(operand, type, operation);
}
