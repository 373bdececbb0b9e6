/** Operands of operators: their types are checked here, and what is wrong is said in one wording. */
import { designError } from '../diagnostics.ts';
import * as ir from '../ir/expr.ts';
import { describeType, isSigned, type ScalarType, sameType, sint, uint } from '../ir/types.ts';
import { type Literal, literalExpr } from './literals.ts';

/** What all signals share. A signal is a value while building; it has no value that JavaScript could compare or test. */
export abstract class SignalBase<T extends ScalarType> {
  abstract readonly kind: T['kind'];

  /** Of the type's sign. */
  readonly expr: ir.Expr;

  constructor(
    expr: ir.Expr,
    readonly type: T,
  ) {
    this.expr = ir.signedAs(expr, isSigned(type));
  }

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
  protected same(operand: Operand, operation: string): ir.Expr {
    return exprOfType(operand, this.type, operation, this.expr);
  }
}

/** A signal as far as its type is concerned, or a literal. */
export type Operand = SignalBase<ScalarType> | Literal | boolean | string;

/** The expression of an operand that must have exactly `type`; `beside` is what it meets. */
export function exprOfType(operand: Operand, type: ScalarType, operation: string, beside?: ir.Expr): ir.Expr {
  if (!(operand instanceof SignalBase)) return literalExpr(operand, type);
  if (sameType(operand.type, type)) return operand.expr;
  const kinds = operand.type.kind !== type.kind || type.kind === 'enum';
  const help = kinds ? conversionHelp(operand.type, type) : resizeHelp(operand.type, type);
  throw clash(kinds ? 'HDL002' : 'HDL001', operation, operand, { type, expr: beside }, help);
}

/** The expression of a signal of kind `kind`, of any width. */
export function exprOfKind(
  operand: Side & { expr: ir.Expr },
  kind: 'uint' | 'sint',
  operation: string,
  beside: Side,
): ir.Expr {
  if (operand.type.kind === kind) return operand.expr;
  const wanted = kind === 'uint' ? uint(operand.type.width) : sint(operand.type.width);
  throw clash('HDL002', operation, operand, beside, conversionHelp(operand.type, wanted));
}

export function checkIndex(operation: string, index: number, type: ScalarType): void {
  if (Number.isInteger(index) && index >= 0 && index < type.width) return;
  throw designError({
    rule: 'HDL019',
    summary: `${operation}(${index}) reaches outside ${describeType(type)}, whose bits are ${type.width - 1}..0`,
    help: 'count bits from 0, the least significant',
  });
}

export function checkShift(operation: string, by: number, most: number, type: ScalarType): void {
  if (Number.isInteger(by) && by >= 0 && by <= most) return;
  const summary =
    by > most ? `${operation}(${by}) leaves no bit of ${describeType(type)}` : `${operation}(${by}) is no shift`;
  const help = most === Number.POSITIVE_INFINITY ? 'shift by a whole number from 0' : `shift by 0 to ${most}`;
  throw designError({ rule: 'HDL019', summary, help });
}

export function checkResize(operation: 'extend' | 'truncate' | 'saturate', width: number, type: ScalarType): void {
  const fits = operation === 'extend' ? width >= type.width : width >= 1 && width <= type.width;
  if (Number.isInteger(width) && fits) return;
  const other = operation === 'extend' ? 'truncate or saturate' : 'extend';
  throw designError({
    rule: 'HDL001',
    summary: `${operation}(${width}) of ${describeType(type)} goes the wrong way`,
    help: `use ${other}, or the width that the signal already has`,
  });
}

interface Side {
  readonly type: ScalarType;
  readonly expr?: ir.Expr | undefined;
}

/** Two things that don't suit each other, with their names and the origins of their declarations. */
function clash(rule: 'HDL001' | 'HDL002', operation: string, found: Side, wanted: Side, help: string) {
  const notes = [found, wanted].flatMap(({ expr }) =>
    expr?.kind === 'ref' ? [{ text: `'${expr.entity.name}' is declared`, origin: expr.entity.origin }] : [],
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

function conversionHelp(from: ScalarType, to: ScalarType): string {
  if (from.kind === 'uint' && to.kind === 'sint') {
    return 'toSInt() keeps the number (one bit wider), asSInt() keeps the bits';
  }
  if (from.kind === 'sint' && to.kind === 'uint')
    return 'toSInt() on the unsigned one keeps both numbers; asUInt() keeps the bits, of which a negative number makes a large one';
  if (to.kind === 'uint') return 'asUInt() keeps the bits';
  if (from.kind === 'uint' && to.kind === 'bool') return 'bit(0), reduceOr() or a comparison gives a bool';
  if (from.kind === 'enum') return "is('state') gives a bool, asUInt() the encoding";
  return `convert it to ${describeType(to)} first`;
}

function resizeHelp(from: ScalarType, to: ScalarType): string {
  return from.width < to.width
    ? `extend(${to.width}) makes the narrower one as wide`
    : `truncate(${to.width}) or saturate(${to.width}) makes the wider one as narrow`;
}
