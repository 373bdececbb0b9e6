/** Types of random circuits, and which numbers they hold; written apart from those of the language under test. */
import { bool, enumeration, type ScalarType, sint, uint } from '../../../src/hdl/index.ts';

export interface Type {
  readonly kind: 'uint' | 'sint' | 'bool' | 'enum';
  readonly width: number;
  /** Of an enumeration. */
  readonly states: number;
}

/** Wider results are not made. */
export const widest = 200;

export const boolType: Type = { kind: 'bool', width: 1, states: 0 };

export function unsigned(width: number): Type {
  return { kind: 'uint', width, states: 0 };
}

export function signed(width: number): Type {
  return { kind: 'sint', width, states: 0 };
}

export function enumOf(states: number): Type {
  return { kind: 'enum', width: Math.max(1, Math.ceil(Math.log2(states))), states };
}

export function isSame(a: Type, b: Type): boolean {
  return a.kind === b.kind && a.width === b.width && a.states === b.states;
}

/** The least and the greatest number of a type; a bool is 0 or 1, a state its index. */
export function range(type: Type): readonly [bigint, bigint] {
  const size = 2n ** BigInt(type.width);
  if (type.kind === 'sint') return [-size / 2n, size / 2n - 1n];
  return [0n, type.kind === 'enum' ? BigInt(type.states) - 1n : size - 1n];
}

/** The number of the type that equals `value` modulo 2^width. */
export function wrapInto(type: Type, value: bigint): bigint {
  const size = 2n ** BigInt(type.width);
  const rest = ((value % size) + size) % size;
  return type.kind === 'sint' && rest >= size / 2n ? rest - size : rest;
}

/** The bits of a number of the type, as an unsigned number. */
export function bitsOf(type: Type, value: bigint): bigint {
  return wrapInto(unsigned(type.width), value);
}

export function stateNames(type: Type): string[] {
  return Array.from({ length: type.states }, (_, index) => `s${index}`);
}

/** The same type in the language under test. */
export function hardwareType(type: Type): ScalarType {
  switch (type.kind) {
    case 'uint':
      return uint(type.width);
    case 'sint':
      return sint(type.width);
    case 'bool':
      return bool();
    case 'enum':
      return enumeration(`state${type.states}`, stateNames(type));
  }
}

/** What stands for a constant of the type in the language under test. */
export function hardwareLiteral(type: Type, value: bigint): bigint | boolean | string {
  if (type.kind === 'enum') return stateNames(type)[Number(value)]!;
  return type.kind === 'bool' ? value === 1n : value;
}

/** A number of the type from an arbitrary one; the ends and small numbers come often. */
export function numberOf(type: Type, choice: number): bigint {
  const [low, high] = range(type);
  const count = high - low + 1n;
  const corners = [low, high, low + 1n, high - 1n, 0n, 1n, -1n];
  const corner = corners[choice % 16];
  if (corner !== undefined && corner >= low && corner <= high) return corner;
  // Spreads 32 bits over any width.
  let spread = 0n;
  for (let mixed = BigInt(choice) + 1n, bits = 0; bits < type.width + 32; bits += 32) {
    mixed = (mixed * 0x9e3779b97f4a7c15n + 0x7f4a7c15n) & 0xffff_ffff_ffff_ffffn;
    spread = (spread << 32n) | (mixed >> 32n);
  }
  return low + (spread % count);
}
