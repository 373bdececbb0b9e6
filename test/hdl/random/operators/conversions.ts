/** Parts of a value, other widths, other kinds. */
import { boolType, signed, unsigned, wrapInto } from '../types.ts';
import {
  asBool,
  asEnum,
  asSigned,
  asUnsigned,
  clamp,
  floorDivide,
  type Operator,
  power,
  truth,
  upTo,
} from './operator.ts';

const bitOf = (value: bigint, index: number): bigint => wrapInto(boolType, floorDivide(value, power(index)));

/** Bits high..low from one number, both inside `width`. */
export function sliceOf(width: number, n: number): { readonly high: number; readonly low: number } {
  const [a, b] = [n % width, Math.floor(n / width) % width];
  return { high: Math.max(a, b), low: Math.min(a, b) };
}

function slicedBy(value: bigint, width: number, n: number): bigint {
  const { high, low } = sliceOf(width, n);
  return wrapInto(unsigned(high - low + 1), floorDivide(value, power(low)));
}

function sliceWidth(width: number, n: number): number {
  const { high, low } = sliceOf(width, n);
  return high - low + 1;
}

export const parts: readonly Operator[] = [
  {
    name: 'u.bit',
    operands: ['uint'],
    type: () => boolType,
    build: ([a], n) => asUnsigned(a).bit(n % a!.width),
    law: ([a], [type], n) => bitOf(a!, n % type!.width),
  },
  {
    name: 's.bit',
    operands: ['sint'],
    type: () => boolType,
    build: ([a], n) => asSigned(a).bit(n % a!.width),
    law: ([a], [type], n) => bitOf(a!, n % type!.width),
  },
  {
    name: 'u.slice',
    operands: ['uint'],
    type: ([a], n) => unsigned(sliceWidth(a!.width, n)),
    build: ([a], n) => asUnsigned(a).slice(sliceOf(a!.width, n).high, sliceOf(a!.width, n).low),
    law: ([a], [type], n) => slicedBy(a!, type!.width, n),
  },
  {
    name: 's.slice',
    operands: ['sint'],
    type: ([a], n) => unsigned(sliceWidth(a!.width, n)),
    build: ([a], n) => asSigned(a).slice(sliceOf(a!.width, n).high, sliceOf(a!.width, n).low),
    law: ([a], [type], n) => slicedBy(a!, type!.width, n),
  },
];

const narrower = (width: number, n: number): number => width - (n % width);

export const widths: readonly Operator[] = [
  {
    name: 'u.extend',
    operands: ['uint'],
    type: ([a], n) => upTo(unsigned(a!.width + (n % 9))),
    build: ([a], n) => asUnsigned(a).extend(a!.width + (n % 9)),
    law: ([a]) => a!,
  },
  {
    name: 's.extend',
    operands: ['sint'],
    type: ([a], n) => upTo(signed(a!.width + (n % 9))),
    build: ([a], n) => asSigned(a).extend(a!.width + (n % 9)),
    law: ([a]) => a!,
  },
  {
    name: 'u.truncate',
    operands: ['uint'],
    type: ([a], n) => unsigned(narrower(a!.width, n)),
    build: ([a], n) => asUnsigned(a).truncate(narrower(a!.width, n)),
    law: ([a], [type], n) => wrapInto(unsigned(narrower(type!.width, n)), a!),
  },
  {
    name: 's.truncate',
    operands: ['sint'],
    type: ([a], n) => signed(narrower(a!.width, n)),
    build: ([a], n) => asSigned(a).truncate(narrower(a!.width, n)),
    law: ([a], [type], n) => wrapInto(signed(narrower(type!.width, n)), a!),
  },
  {
    name: 'u.saturate',
    operands: ['uint'],
    type: ([a], n) => unsigned(narrower(a!.width, n)),
    build: ([a], n) => asUnsigned(a).saturate(narrower(a!.width, n)),
    law: ([a], [type], n) => clamp(unsigned(narrower(type!.width, n)), a!),
  },
  {
    name: 's.saturate',
    operands: ['sint'],
    type: ([a], n) => signed(narrower(a!.width, n)),
    build: ([a], n) => asSigned(a).saturate(narrower(a!.width, n)),
    law: ([a], [type], n) => clamp(signed(narrower(type!.width, n)), a!),
  },
];

export const kinds: readonly Operator[] = [
  {
    name: 'u.asSInt',
    operands: ['uint'],
    type: ([a]) => signed(a!.width),
    build: ([a]) => asUnsigned(a).asSInt(),
    law: ([a], [type]) => wrapInto(signed(type!.width), a!),
  },
  {
    name: 'u.toSInt',
    operands: ['uint'],
    type: ([a]) => upTo(signed(a!.width + 1)),
    build: ([a]) => asUnsigned(a).toSInt(),
    law: ([a]) => a!,
  },
  {
    name: 's.asUInt',
    operands: ['sint'],
    type: ([a]) => unsigned(a!.width),
    build: ([a]) => asSigned(a).asUInt(),
    law: ([a], [type]) => wrapInto(unsigned(type!.width), a!),
  },
  {
    name: 's.isNegative',
    operands: ['sint'],
    type: () => boolType,
    build: ([a]) => asSigned(a).isNegative(),
    law: ([a]) => truth(a! < 0n),
  },
  {
    name: 'b.asUInt',
    operands: ['bool'],
    type: () => unsigned(1),
    build: ([a]) => asBool(a).asUInt(),
    law: ([a]) => a!,
  },
  {
    name: 'e.asUInt',
    operands: ['enum'],
    type: ([a]) => unsigned(a!.width),
    build: ([a]) => asEnum(a).asUInt(),
    law: ([a]) => a!,
  },
];
