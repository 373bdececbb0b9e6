/**
 * Typed values. The name of an operator tells its law: `addGrow` is one bit wider and never overflows, `addWrap` wants equal
 * widths and drops the carry, `addSaturate` stops at the ends. Kinds are distinct types, widths are checked as values are made.
 */
import { designError } from '../diagnostics.ts';
import * as ir from '../ir/expr.ts';
import {
  type BoolType,
  bool,
  describeType,
  type EnumType,
  type ScalarType,
  type SIntType,
  sameType,
  sint,
  type UIntType,
  uint,
} from '../ir/types.ts';
import { type Literal, literalExpr } from './literals.ts';

export type Signal = UInt | SInt | Bool | EnumValue;

/** What all signals share. A signal is a value while building; it has no value that JavaScript could compare or test. */
abstract class SignalBase<T extends ScalarType> {
  constructor(
    readonly expr: ir.Expr,
    readonly type: T,
  ) {}

  get width(): number {
    return this.type.width;
  }

  [Symbol.toPrimitive](): never {
    throw designError({
      rule: 'HDL015',
      summary: `JavaScript operator on a signal of type ${describeType(this.type)}`,
      help: 'use the methods of the signal: addWrap, equals, and, ... or mux and m.when for a choice',
    });
  }

  /** The expression of an operand with this signal's exact type. */
  protected same(operand: Signal | Literal | boolean | string, operation: string): ir.Expr {
    return operandExpr(operand, this.type, operation, this.expr);
  }
  /** The expression of an operand of kind `kind`, of any width. */
  protected ofKind(operand: Signal, kind: 'uint' | 'sint', operation: string): ir.Expr {
    if (operand.kind === kind) return operand.expr;
    const wanted = kind === 'uint' ? uint(operand.width) : sint(operand.width);
    throw clash(
      'HDL002',
      operation,
      operand,
      { type: this.type, expr: this.expr },
      conversionHelp(operand.type, wanted),
    );
  }
}

/** True or false. */
export class Bool extends SignalBase<BoolType> {
  readonly kind = 'bool';

  and(other: Bool | Literal | boolean): Bool {
    return new Bool(ir.binary('and', this.expr, this.same(other, 'and')), this.type);
  }
  or(other: Bool | Literal | boolean): Bool {
    return new Bool(ir.binary('or', this.expr, this.same(other, 'or')), this.type);
  }
  xor(other: Bool | Literal | boolean): Bool {
    return new Bool(ir.binary('xor', this.expr, this.same(other, 'xor')), this.type);
  }
  not(): Bool {
    return new Bool(ir.unary('not', this.expr), this.type);
  }
  equals(other: Bool | Literal | boolean): Bool {
    return new Bool(ir.compare('eq', this.expr, this.same(other, 'equals')), this.type);
  }
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

  is(state: S): Bool {
    return new Bool(ir.compare('eq', this.expr, literalExpr(state, this.type)), bool());
  }
  equals(other: EnumValue<S> | S): Bool {
    return new Bool(ir.compare('eq', this.expr, this.same(other, 'equals')), bool());
  }
  notEquals(other: EnumValue<S> | S): Bool {
    return new Bool(ir.compare('ne', this.expr, this.same(other, 'notEquals')), bool());
  }
  /** The encoding: the index of the state. */
  asUInt(): UInt {
    return new UInt(this.expr, uint(this.width));
  }
}

/** What unsigned and signed numbers share; N is the kind itself. */
abstract class NumberSignal<T extends UIntType | SIntType> extends SignalBase<T> {
  protected compare(op: ir.CompareExpr['op'], other: UInt | SInt | Literal, operation: string): Bool {
    return new Bool(ir.compare(op, this.expr, this.same(other, operation), this.type.kind === 'sint'), bool());
  }

  /** Bit `index`, 0 is the least significant. */
  bit(index: number): Bool {
    return new Bool(ir.slice(this.expr, this.index(index, 'bit'), index), bool());
  }
  /** Bits high..low, both included, as an unsigned number. */
  slice(high: number, low: number): UInt {
    this.index(high, 'slice');
    this.index(low, 'slice');
    if (high < low) {
      throw designError({
        rule: 'HDL019',
        summary: `slice(${high}, ${low}) is empty: the high bit comes first`,
        help: `slice(${low}, ${high})`,
      });
    }
    return new UInt(ir.slice(this.expr, high, low), uint(high - low + 1));
  }

  protected index(index: number, operation: string): number {
    if (Number.isInteger(index) && index >= 0 && index < this.width) return index;
    throw designError({
      rule: 'HDL019',
      summary: `${operation}(${index}) reaches outside ${describeType(this.type)}, whose bits are ${this.width - 1}..0`,
      help: 'count bits from 0, the least significant',
    });
  }
  protected rightShiftable(by: number): void {
    if (Number.isInteger(by) && by >= 0 && by < this.width) return;
    throw designError({
      rule: 'HDL019',
      summary: `shiftRight(${by}) leaves no bit of ${describeType(this.type)}`,
      help: `shift by 0 to ${this.width - 1}`,
    });
  }
  protected leftShiftable(by: number): void {
    if (Number.isInteger(by) && by >= 0) return;
    throw designError({ rule: 'HDL019', summary: `shiftLeft(${by}) is no shift`, help: 'shift by a whole number' });
  }
  protected resizable(width: number, operation: 'extend' | 'truncate' | 'saturate'): void {
    const fits = operation === 'extend' ? width >= this.width : width >= 1 && width <= this.width;
    if (Number.isInteger(width) && fits) return;
    const other = operation === 'extend' ? 'truncate or saturate' : 'extend';
    throw designError({
      rule: 'HDL001',
      summary: `${operation}(${width}) of ${describeType(this.type)} goes the wrong way`,
      help: `use ${other}, or the width that the signal already has`,
    });
  }
}

/** Unsigned number. */
export class UInt extends NumberSignal<UIntType> {
  readonly kind = 'uint';

  /** Exact sum, one bit wider than the wider operand. */
  addGrow(other: UInt | Literal): UInt {
    const [a, b, width] = this.grown(other, 'addGrow');
    return new UInt(ir.binary('add', a, b), uint(width));
  }
  /** Sum modulo 2^width; equal widths. */
  addWrap(other: UInt | Literal): UInt {
    return this.with(ir.binary('add', this.expr, this.same(other, 'addWrap')));
  }
  /** Sum, at most 2^width - 1; equal widths. */
  addSaturate(other: UInt | Literal): UInt {
    return this.addGrow(new UInt(this.same(other, 'addSaturate'), this.type)).saturate(this.width);
  }
  /** Exact difference, signed, one bit wider than the wider operand. */
  subGrow(other: UInt | Literal): SInt {
    const [a, b, width] = this.grown(other, 'subGrow');
    return new SInt(ir.binary('sub', a, b), sint(width));
  }
  /** Difference modulo 2^width; equal widths. */
  subWrap(other: UInt | Literal): UInt {
    return this.with(ir.binary('sub', this.expr, this.same(other, 'subWrap')));
  }
  /** Exact product, as wide as both operands together. */
  mulFull(other: UInt | Literal): UInt {
    const right = other instanceof UInt ? other : new UInt(this.same(other, 'mulFull'), this.type);
    const factor = this.ofKind(right, 'uint', 'mulFull');
    const width = this.width + factor.width;
    return new UInt(ir.binary('mul', ir.extend(this.expr, width, false), ir.extend(factor, width, false)), uint(width));
  }
  and(other: UInt | Literal): UInt {
    return this.with(ir.binary('and', this.expr, this.same(other, 'and')));
  }
  or(other: UInt | Literal): UInt {
    return this.with(ir.binary('or', this.expr, this.same(other, 'or')));
  }
  xor(other: UInt | Literal): UInt {
    return this.with(ir.binary('xor', this.expr, this.same(other, 'xor')));
  }
  not(): UInt {
    return this.with(ir.unary('not', this.expr));
  }
  /** Grows by `by` zeros on the right. */
  shiftLeft(by: number): UInt {
    this.leftShiftable(by);
    return new UInt(shiftedLeft(this.expr, by), uint(this.width + by));
  }
  /** Loses its `by` low bits. */
  shiftRight(by: number): UInt {
    this.rightShiftable(by);
    return new UInt(ir.slice(this.expr, this.width - 1, by), uint(this.width - by));
  }
  /** Same width; bits that leave on the left are lost. */
  shiftLeftBy(amount: UInt): UInt {
    return this.with(ir.shift('left', this.expr, this.ofKind(amount, 'uint', 'shiftLeftBy')));
  }
  /** Same width; zeros enter on the left. */
  shiftRightBy(amount: UInt): UInt {
    return this.with(ir.shift('right', this.expr, this.ofKind(amount, 'uint', 'shiftRightBy')));
  }
  equals(other: UInt | Literal): Bool {
    return this.compare('eq', other, 'equals');
  }
  notEquals(other: UInt | Literal): Bool {
    return this.compare('ne', other, 'notEquals');
  }
  lessThan(other: UInt | Literal): Bool {
    return this.compare('lt', other, 'lessThan');
  }
  lessOrEqual(other: UInt | Literal): Bool {
    return this.compare('le', other, 'lessOrEqual');
  }
  greaterThan(other: UInt | Literal): Bool {
    return this.compare('gt', other, 'greaterThan');
  }
  greaterOrEqual(other: UInt | Literal): Bool {
    return this.compare('ge', other, 'greaterOrEqual');
  }
  /** Zeros on the left up to `width`. */
  extend(width: number): UInt {
    this.resizable(width, 'extend');
    return new UInt(ir.extend(this.expr, width, false), uint(width));
  }
  /** The low `width` bits. */
  truncate(width: number): UInt {
    this.resizable(width, 'truncate');
    return new UInt(ir.slice(this.expr, width - 1, 0), uint(width));
  }
  /** The nearest number of `width` bits. */
  saturate(width: number): UInt {
    this.resizable(width, 'saturate');
    if (width === this.width) return this;
    const over = ir.unary('reduceOr', ir.slice(this.expr, this.width - 1, width));
    const top = ir.constant(ir.mask(width), width);
    return new UInt(ir.multiplex(over, top, ir.slice(this.expr, width - 1, 0)), uint(width));
  }
  /** The same bits, read as two's complement. */
  asSInt(): SInt {
    return new SInt(this.expr, sint(this.width));
  }
  /** The same number as a signed one, one bit wider. */
  toSInt(): SInt {
    return new SInt(ir.extend(this.expr, this.width + 1, false), sint(this.width + 1));
  }
  reduceOr(): Bool {
    return new Bool(ir.unary('reduceOr', this.expr), bool());
  }
  reduceAnd(): Bool {
    return new Bool(ir.unary('reduceAnd', this.expr), bool());
  }
  /** Parity. */
  reduceXor(): Bool {
    return new Bool(ir.unary('reduceXor', this.expr), bool());
  }

  private with(expr: ir.Expr): UInt {
    return new UInt(expr, this.type);
  }
  private grown(other: UInt | Literal, operation: string): [ir.Expr, ir.Expr, number] {
    const right = typeof other === 'object' ? this.ofKind(other, 'uint', operation) : literalExpr(other, this.type);
    const width = Math.max(this.width, right.width) + 1;
    return [ir.extend(this.expr, width, false), ir.extend(right, width, false), width];
  }
}

/** Two's complement number. */
export class SInt extends NumberSignal<SIntType> {
  readonly kind = 'sint';

  /** Exact sum, one bit wider than the wider operand. */
  addGrow(other: SInt | Literal): SInt {
    return this.grown('add', other, 'addGrow');
  }
  /** Sum modulo 2^width; equal widths. */
  addWrap(other: SInt | Literal): SInt {
    return this.with(ir.binary('add', this.expr, this.same(other, 'addWrap'), true));
  }
  /** Sum, kept between -2^(width-1) and 2^(width-1) - 1; equal widths. */
  addSaturate(other: SInt | Literal): SInt {
    return this.addGrow(new SInt(this.same(other, 'addSaturate'), this.type)).saturate(this.width);
  }
  /** Exact difference, one bit wider than the wider operand. */
  subGrow(other: SInt | Literal): SInt {
    return this.grown('sub', other, 'subGrow');
  }
  /** Difference modulo 2^width; equal widths. */
  subWrap(other: SInt | Literal): SInt {
    return this.with(ir.binary('sub', this.expr, this.same(other, 'subWrap'), true));
  }
  /** Exact product, as wide as both operands together. */
  mulFull(other: SInt | Literal): SInt {
    const right = typeof other === 'object' ? this.ofKind(other, 'sint', 'mulFull') : this.same(other, 'mulFull');
    const width = this.width + right.width;
    const product = ir.binary('mul', ir.extend(this.expr, width, true), ir.extend(right, width, true), true);
    return new SInt(product, sint(width));
  }
  /** Exact negative, one bit wider. */
  negateGrow(): SInt {
    const width = this.width + 1;
    return new SInt(ir.binary('sub', ir.constant(0n, width), ir.extend(this.expr, width, true), true), sint(width));
  }
  /** Grows by `by` zeros on the right. */
  shiftLeft(by: number): SInt {
    this.leftShiftable(by);
    return new SInt(shiftedLeft(this.expr, by), sint(this.width + by));
  }
  /** Loses its `by` low bits: floor(value / 2^by). */
  shiftRight(by: number): SInt {
    this.rightShiftable(by);
    return new SInt(ir.slice(this.expr, this.width - 1, by), sint(this.width - by));
  }
  /** Same width; bits that leave on the left are lost. */
  shiftLeftBy(amount: UInt): SInt {
    return this.with(ir.shift('left', this.expr, this.ofKind(amount, 'uint', 'shiftLeftBy')));
  }
  /** Same width; copies of the sign enter on the left. */
  shiftRightBy(amount: UInt): SInt {
    return this.with(ir.shift('right', this.expr, this.ofKind(amount, 'uint', 'shiftRightBy'), true));
  }
  equals(other: SInt | Literal): Bool {
    return this.compare('eq', other, 'equals');
  }
  notEquals(other: SInt | Literal): Bool {
    return this.compare('ne', other, 'notEquals');
  }
  lessThan(other: SInt | Literal): Bool {
    return this.compare('lt', other, 'lessThan');
  }
  lessOrEqual(other: SInt | Literal): Bool {
    return this.compare('le', other, 'lessOrEqual');
  }
  greaterThan(other: SInt | Literal): Bool {
    return this.compare('gt', other, 'greaterThan');
  }
  greaterOrEqual(other: SInt | Literal): Bool {
    return this.compare('ge', other, 'greaterOrEqual');
  }
  /** Copies of the sign on the left up to `width`. */
  extend(width: number): SInt {
    this.resizable(width, 'extend');
    return new SInt(ir.extend(this.expr, width, true), sint(width));
  }
  /** The low `width` bits. */
  truncate(width: number): SInt {
    this.resizable(width, 'truncate');
    return new SInt(ir.slice(this.expr, width - 1, 0), sint(width));
  }
  /** The nearest number of `width` bits. */
  saturate(width: number): SInt {
    this.resizable(width, 'saturate');
    if (width === this.width) return this;
    const low = ir.constant(1n << BigInt(width - 1), width);
    const high = ir.constant(ir.mask(width - 1), width);
    const above = ir.compare('gt', this.expr, ir.extend(high, this.width, true), true);
    const below = ir.compare('lt', this.expr, ir.extend(low, this.width, true), true);
    const inside = ir.slice(this.expr, width - 1, 0);
    return new SInt(ir.multiplex(above, high, ir.multiplex(below, low, inside)), sint(width));
  }
  /** The same bits, read as an unsigned number. */
  asUInt(): UInt {
    return new UInt(this.expr, uint(this.width));
  }
  isNegative(): Bool {
    return this.bit(this.width - 1);
  }

  private with(expr: ir.Expr): SInt {
    return new SInt(expr, this.type);
  }
  private grown(op: 'add' | 'sub', other: SInt | Literal, operation: string): SInt {
    const right = typeof other === 'object' ? this.ofKind(other, 'sint', operation) : literalExpr(other, this.type);
    const width = Math.max(this.width, right.width) + 1;
    return new SInt(ir.binary(op, ir.extend(this.expr, width, true), ir.extend(right, width, true), true), sint(width));
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

/** The expression of a signal or literal that must have exactly `type`; `beside` is what it meets. */
export function operandExpr(
  operand: Signal | Literal | boolean | string,
  type: ScalarType,
  operation: string,
  beside?: ir.Expr,
): ir.Expr {
  if (!isSignal(operand)) return literalExpr(operand, type);
  if (sameType(operand.type, type)) return operand.expr;
  const kinds = operand.type.kind !== type.kind || type.kind === 'enum';
  const help = kinds ? conversionHelp(operand.type, type) : resizeHelp(operand.type, type);
  throw clash(kinds ? 'HDL002' : 'HDL001', operation, operand, { type, expr: beside }, help);
}

interface Side {
  readonly type: ScalarType;
  readonly expr?: ir.Expr | undefined;
}

/** Two things that don't suit each other, with their names and the places of their declarations. */
function clash(rule: 'HDL001' | 'HDL002', operation: string, found: Side, wanted: Side, help: string) {
  const notes = [found, wanted].flatMap(({ expr }) =>
    expr?.kind === 'ref' ? [{ text: `'${expr.entity.name}' is declared`, place: expr.entity.place }] : [],
  );
  return designError({
    rule,
    summary: `${operation}: ${describeSide(found)} meets ${describeSide(wanted)}`,
    notes,
    help,
  });
}

function describeSide({ type, expr }: Side): string {
  return expr?.kind === 'ref' ? `'${expr.entity.name}' (${describeType(type)})` : describeType(type);
}

export function conversionHelp(from: ScalarType, to: ScalarType): string {
  if (from.kind === 'uint' && to.kind === 'sint')
    return 'toSInt() keeps the number (one bit wider), asSInt() keeps the bits';
  if (to.kind === 'uint') return 'asUInt() keeps the bits';
  if (from.kind === 'uint' && to.kind === 'bool') return 'bit(0), reduceOr() or a comparison gives a bool';
  return `convert it to ${describeType(to)} first`;
}

export function resizeHelp(from: ScalarType, to: ScalarType): string {
  return from.width < to.width
    ? `extend(${to.width}) makes the narrower one as wide`
    : `truncate(${to.width}) or saturate(${to.width}) makes the wider one as narrow`;
}

function shiftedLeft(expr: ir.Expr, by: number): ir.Expr {
  return by === 0 ? expr : ir.concatenate([expr, ir.constant(0n, by)]);
}
