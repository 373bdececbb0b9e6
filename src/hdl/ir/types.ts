/** Hardware types: what a signal is made of. Plain data; widths are in bits. */
import { designError } from '../diagnostics.ts';

/** The type of an unsigned number of 1 or more bits. */
export interface UIntType {
  readonly kind: 'uint';
  readonly width: number;
}

/** The type of a signed number of 1 or more bits, in two's complement. */
export interface SIntType {
  readonly kind: 'sint';
  readonly width: number;
}

/** The type of a truth value: one bit, no number. */
export interface BoolType {
  readonly kind: 'bool';
  readonly width: 1;
}

/** Named states, encoded 0, 1, 2 ... in the order given. */
export interface EnumType<S extends string = string> {
  readonly kind: 'enum';
  readonly name: string;
  readonly states: readonly S[];
  readonly width: number;
}

/** What a wire or register can hold: a number of 1..65536 bits, a truth, or one of named states. */
export type ScalarType = UIntType | SIntType | BoolType | EnumType;

export const maxWidth = 65536;

/** Unsigned number of `width` bits, 1..65536. */
export function uint(width: number): UIntType {
  checkWidth('uint', width);
  return { kind: 'uint', width };
}

/** Two's complement number of `width` bits, 1..65536. */
export function sint(width: number): SIntType {
  checkWidth('sint', width);
  return { kind: 'sint', width };
}

/** True or false, one bit. */
export function bool(): BoolType {
  return { kind: 'bool', width: 1 };
}

/** Named states: `enumeration('state', ['idle', 'run'])`; in Verilog STATE_IDLE = 0, STATE_RUN = 1. @throws designError (HDL005) for none, or one that occurs twice */
export function enumeration<const S extends string>(name: string, states: readonly S[]): EnumType<S> {
  const repeated = states.find((state, index) => states.indexOf(state) !== index);
  if (states.length === 0 || repeated !== undefined) {
    throw designError({
      rule: 'HDL005',
      summary:
        repeated === undefined
          ? `enumeration '${name}' has no states`
          : `'${repeated}' occurs twice in enumeration '${name}'`,
      help: 'give at least one state, each with a name of its own',
    });
  }
  return { kind: 'enum', name, states, width: Math.max(1, (states.length - 1).toString(2).length) };
}

/** How messages name a type: `uint(8)`, `enumeration 'state'`. */
export function describeType(type: ScalarType): string {
  switch (type.kind) {
    case 'uint':
    case 'sint':
      return `${type.kind}(${type.width})`;
    case 'bool':
      return 'bool()';
    case 'enum':
      return `enumeration '${type.name}'`;
  }
}

/** Same kind, width and, for enumerations, same name and states. */
export function sameType(a: ScalarType, b: ScalarType): boolean {
  if (a.kind !== b.kind || a.width !== b.width) return false;
  if (a.kind === 'enum' && b.kind === 'enum') {
    return a.name === b.name && a.states.length === b.states.length && a.states.every((s, i) => s === b.states[i]);
  }
  return true;
}

export function isSigned(type: ScalarType): boolean {
  return type.kind === 'sint';
}

function checkWidth(kind: string, width: number): void {
  if (Number.isInteger(width) && width >= 1 && width <= maxWidth) return;
  throw designError({
    rule: 'HDL001',
    summary: `${kind}(${width}) is not a type: a width is a whole number of bits from 1 to ${maxWidth}`,
    help: 'check the expression that computes the width',
  });
}

/** The localparam of an enumeration's state. */
export function stateName(enumeration: string, state: string): string {
  return `${enumeration}_${state}`.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
}
