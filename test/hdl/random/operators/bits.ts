/** Operators on bits: logic and shifts. */

import { boolType, signed, type Type, unsigned, wrapInto } from '../types.ts';
import {
  asBool,
  asSigned,
  asUnsigned,
  floorDivide,
  type Law2,
  type Operator,
  power,
  shiftDistance,
  truth,
  upTo,
} from './operator.ts';

function logic(name: 'and' | 'or' | 'xor', law: Law2): Operator[] {
  const common = { type: ([a]: readonly Type[]) => a, law: ([a, b]: readonly bigint[]) => law(a!, b!) };
  return [
    { name: `u.${name}`, operands: ['uint', 'same'], build: ([a, b]) => asUnsigned(a)[name](asUnsigned(b)), ...common },
    { name: `b.${name}`, operands: ['bool', 'bool'], build: ([a, b]) => asBool(a)[name](asBool(b)), ...common },
  ];
}

export const bitwise: readonly Operator[] = [
  ...logic('and', (a, b) => a & b),
  ...logic('or', (a, b) => a | b),
  ...logic('xor', (a, b) => a ^ b),
  {
    name: 'u.not',
    operands: ['uint'],
    type: ([a]) => a,
    build: ([a]) => asUnsigned(a).not(),
    law: ([a], [type]) => power(type!.width) - 1n - a!,
  },
  { name: 'b.not', operands: ['bool'], type: () => boolType, build: ([a]) => asBool(a).not(), law: ([a]) => 1n - a! },
  {
    name: 'u.reduceOr',
    operands: ['uint'],
    type: () => boolType,
    build: ([a]) => asUnsigned(a).reduceOr(),
    law: ([a]) => truth(a !== 0n),
  },
  {
    name: 'u.reduceAnd',
    operands: ['uint'],
    type: () => boolType,
    build: ([a]) => asUnsigned(a).reduceAnd(),
    law: ([a], [type]) => truth(a === power(type!.width) - 1n),
  },
  {
    name: 'u.reduceXor',
    operands: ['uint'],
    type: () => boolType,
    build: ([a]) => asUnsigned(a).reduceXor(),
    law: ([a]) => BigInt(a!.toString(2).replaceAll('0', '').length % 2),
  },
];

export const shifts: readonly Operator[] = [
  {
    name: 'u.shiftLeft',
    operands: ['uint'],
    type: ([a], n) => upTo(unsigned(a!.width + (n % 7))),
    build: ([a], n) => asUnsigned(a).shiftLeft(n % 7),
    law: ([a], _, n) => a! * power(n % 7),
  },
  {
    name: 's.shiftLeft',
    operands: ['sint'],
    type: ([a], n) => upTo(signed(a!.width + (n % 7))),
    build: ([a], n) => asSigned(a).shiftLeft(n % 7),
    law: ([a], _, n) => a! * power(n % 7),
  },
  {
    name: 'u.shiftRight',
    operands: ['uint'],
    type: ([a], n) => unsigned(a!.width - (n % a!.width)),
    build: ([a], n) => asUnsigned(a).shiftRight(n % a!.width),
    law: ([a], [type], n) => floorDivide(a!, power(n % type!.width)),
  },
  {
    name: 's.shiftRight',
    operands: ['sint'],
    type: ([a], n) => signed(a!.width - (n % a!.width)),
    build: ([a], n) => asSigned(a).shiftRight(n % a!.width),
    law: ([a], [type], n) => floorDivide(a!, power(n % type!.width)),
  },
  {
    name: 'u.shiftLeftBy',
    operands: ['uint', 'uint'],
    type: ([a]) => a,
    build: ([a, b]) => asUnsigned(a).shiftLeftBy(asUnsigned(b)),
    law: ([a, b], [type]) => wrapInto(type!, a! * power(shiftDistance(type!, b!))),
  },
  {
    name: 's.shiftLeftBy',
    operands: ['sint', 'uint'],
    type: ([a]) => a,
    build: ([a, b]) => asSigned(a).shiftLeftBy(asUnsigned(b)),
    law: ([a, b], [type]) => wrapInto(type!, a! * power(shiftDistance(type!, b!))),
  },
  {
    name: 'u.shiftRightBy',
    operands: ['uint', 'uint'],
    type: ([a]) => a,
    build: ([a, b]) => asUnsigned(a).shiftRightBy(asUnsigned(b)),
    law: ([a, b], [type]) => floorDivide(a!, power(shiftDistance(type!, b!))),
  },
  {
    name: 's.shiftRightBy',
    operands: ['sint', 'uint'],
    type: ([a]) => a,
    build: ([a, b]) => asSigned(a).shiftRightBy(asUnsigned(b)),
    law: ([a, b], [type]) => floorDivide(a!, power(shiftDistance(type!, b!))),
  },
];
