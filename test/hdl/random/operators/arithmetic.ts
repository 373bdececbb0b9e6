/** Sums, differences, products. */
import { sum } from '../../../../src/hdl/index.ts';
import { signed, type Type, unsigned } from '../types.ts';
import { asSigned, asUnsigned, clamp, type Law2, type Operator, upTo, wider, wrapped } from './operator.ts';

/** Operands and result of one type, the result wrapped. */
function wrapping(name: 'addWrap' | 'subWrap', law: Law2): Operator[] {
  const common = { type: ([a]: readonly Type[]) => a, law: wrapped(law) };
  return [
    { name: `u.${name}`, operands: ['uint', 'same'], build: ([a, b]) => asUnsigned(a)[name](asUnsigned(b)), ...common },
    { name: `s.${name}`, operands: ['sint', 'same'], build: ([a, b]) => asSigned(a)[name](asSigned(b)), ...common },
  ];
}

export const arithmetic: readonly Operator[] = [
  ...wrapping('addWrap', (a, b) => a + b),
  ...wrapping('subWrap', (a, b) => a - b),
  {
    name: 'u.addGrow',
    operands: ['uint', 'uint'],
    type: (types) => upTo(unsigned(wider(types, 1))),
    build: ([a, b]) => asUnsigned(a).addGrow(asUnsigned(b)),
    law: ([a, b]) => a! + b!,
  },
  {
    name: 's.addGrow',
    operands: ['sint', 'sint'],
    type: (types) => upTo(signed(wider(types, 1))),
    build: ([a, b]) => asSigned(a).addGrow(asSigned(b)),
    law: ([a, b]) => a! + b!,
  },
  {
    name: 'u.subGrow',
    operands: ['uint', 'uint'],
    type: (types) => upTo(signed(wider(types, 1))),
    build: ([a, b]) => asUnsigned(a).subGrow(asUnsigned(b)),
    law: ([a, b]) => a! - b!,
  },
  {
    name: 's.subGrow',
    operands: ['sint', 'sint'],
    type: (types) => upTo(signed(wider(types, 1))),
    build: ([a, b]) => asSigned(a).subGrow(asSigned(b)),
    law: ([a, b]) => a! - b!,
  },
  {
    name: 'u.addSaturate',
    operands: ['uint', 'same'],
    type: ([a]) => a,
    build: ([a, b]) => asUnsigned(a).addSaturate(asUnsigned(b)),
    law: ([a, b], [type]) => clamp(type!, a! + b!),
  },
  {
    name: 's.addSaturate',
    operands: ['sint', 'same'],
    type: ([a]) => a,
    build: ([a, b]) => asSigned(a).addSaturate(asSigned(b)),
    law: ([a, b], [type]) => clamp(type!, a! + b!),
  },
  {
    name: 'u.mulFull',
    operands: ['uint', 'uint'],
    type: ([a, b]) => upTo(unsigned(a!.width + b!.width)),
    build: ([a, b]) => asUnsigned(a).mulFull(asUnsigned(b)),
    law: ([a, b]) => a! * b!,
  },
  {
    name: 's.mulFull',
    operands: ['sint', 'sint'],
    type: ([a, b]) => upTo(signed(a!.width + b!.width)),
    build: ([a, b]) => asSigned(a).mulFull(asSigned(b)),
    law: ([a, b]) => a! * b!,
  },
  {
    name: 's.negateGrow',
    operands: ['sint'],
    type: ([a]) => upTo(signed(a!.width + 1)),
    build: ([a]) => asSigned(a).negateGrow(),
    law: ([a]) => -a!,
  },
  {
    name: 'u.sum',
    operands: (n) => Array.from({ length: 1 + (n % 5) }, () => 'uint' as const),
    type: (types) => upTo(unsigned(sumWidth(types))),
    build: (terms) => sum(terms.map(asUnsigned)),
    law: (values) => values.reduce((a, b) => a + b),
  },
  {
    name: 's.sum',
    operands: (n) => Array.from({ length: 1 + (n % 5) }, () => 'sint' as const),
    type: (types) => upTo(signed(sumWidth(types))),
    build: (terms) => sum(terms.map(asSigned)),
    law: (values) => values.reduce((a, b) => a + b),
  },
];

/** Of a balanced tree whose left half is the larger one: every level is one bit wider than its wider half. */
function sumWidth(types: readonly Type[]): number {
  if (types.length === 1) return types[0]!.width;
  const half = Math.ceil(types.length / 2);
  return Math.max(sumWidth(types.slice(0, half)), sumWidth(types.slice(half))) + 1;
}
