/** Constants and ranges as Verilog writes them. */
import type { ConstExpr } from '../ir/expr.ts';
import type { Entity } from '../ir/module.ts';
import { isSigned, type ScalarType, stateName } from '../ir/types.ts';

/** Largest value that is printed in decimal. */
const decimalMax = 9999n;

/** A sized literal; signed ones carry the `s` that makes Verilog compare them as such. */
export function literal(value: bigint, width: number, signed = false): string {
  if (signed) {
    const number = BigInt.asIntN(width, value);
    if (number === -(1n << BigInt(width - 1))) return `${width}'sh${value.toString(16)}`;
    return number < 0n ? `-${width}'sd${-number}` : `${width}'sd${number}`;
  }
  if (width === 1) return `1'b${value}`;
  return value <= decimalMax ? `${width}'d${value}` : `${width}'h${value.toString(16)}`;
}

export function constantText(expr: ConstExpr, signed: boolean): string {
  if (expr.state !== undefined) return stateName(expr.state.enumeration, expr.state.state);
  return literal(expr.value, expr.width, signed);
}

/** `signed [7:0]`, `[7:0]`, or nothing for one bit. */
export function rangeText(type: ScalarType): string {
  const range = type.width === 1 ? '' : `[${type.width - 1}:0]`;
  return isSigned(type) ? `signed ${range}`.trimEnd() : range;
}

/** The start of a declaration: `reg signed [7:0]`. */
export function declared(net: string, type: ScalarType): string {
  return `${net} ${rangeText(type)}`.trimEnd();
}

/** A constant of an entity's type: states by name, numbers by value. */
export function valueText({ type }: Pick<Entity, 'type'>, value: bigint): string {
  if (type.kind === 'enum') {
    const state = type.states[Number(value)];
    if (state !== undefined)
      return constantText({ kind: 'const', width: type.width, value, state: { enumeration: type.name, state } }, false);
  }
  return literal(value, type.width, isSigned(type));
}
