/**
 * What an operator of random circuits is: which operands it takes, which type it gives, and what it computes, as the laws of the
 * language state it. The laws are over mathematical integers, not over bit patterns.
 */
import { Bool, EnumValue, SInt, type Signal, UInt } from '../../../../src/hdl/index.ts';
import { range, type Type, widest, wrapInto } from '../types.ts';

/** `same`: the type of the first operand; `bits`: uint or bool. */
export type Wanted = 'uint' | 'sint' | 'bool' | 'enum' | 'any' | 'same' | 'bits';

export interface Operator {
  readonly name: string;
  readonly operands: readonly Wanted[] | ((n: number) => readonly Wanted[]);
  /** Undefined where the operator can't take these operands. */
  readonly type: (types: readonly Type[], n: number) => Type | undefined;
  readonly build: (operands: readonly Signal[], n: number) => Signal;
  readonly law: (values: readonly bigint[], types: readonly Type[], n: number) => bigint;
}

export const truth = (holds: boolean): bigint => (holds ? 1n : 0n);

export function asUnsigned(signal: Signal | undefined): UInt {
  if (signal instanceof UInt) return signal;
  throw new Error('not a UInt');
}
export function asSigned(signal: Signal | undefined): SInt {
  if (signal instanceof SInt) return signal;
  throw new Error('not an SInt');
}
export function asBool(signal: Signal | undefined): Bool {
  if (signal instanceof Bool) return signal;
  throw new Error('not a Bool');
}
export function asEnum(signal: Signal | undefined): EnumValue {
  if (signal instanceof EnumValue) return signal;
  throw new Error('not an EnumValue');
}

export type Law2 = (a: bigint, b: bigint) => bigint;

export function clamp(type: Type, value: bigint): bigint {
  const [low, high] = range(type);
  return value < low ? low : value > high ? high : value;
}

export const wider = (types: readonly Type[], by: number): number => Math.max(...types.map((type) => type.width)) + by;
export const upTo = (type: Type): Type | undefined => (type.width <= widest ? type : undefined);
export const power = (by: bigint | number): bigint => 2n ** BigInt(by);
export const floorDivide = (a: bigint, b: bigint): bigint => (a - (((a % b) + b) % b)) / b;
export const shiftDistance = (type: Type, by: bigint): bigint => (by > BigInt(type.width) ? BigInt(type.width) : by);

/** The result modulo 2^width of the first operand. */
export function wrapped(law: Law2): Operator['law'] {
  return ([a, b], [type]) => wrapInto(type!, law(a!, b!));
}
