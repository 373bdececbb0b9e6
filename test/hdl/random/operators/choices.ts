/** Comparisons, and choices between values. */
import { Bool, concat, mux, select } from '../../../../src/hdl/index.ts';
import { boolType, isSame, unsigned } from '../types.ts';
import { asBool, asEnum, asSigned, asUnsigned, type Operator, power, truth, upTo } from './operator.ts';

type Comparison = 'equals' | 'notEquals' | 'lessThan' | 'lessOrEqual' | 'greaterThan' | 'greaterOrEqual';

function comparison(name: Comparison, holds: (a: bigint, b: bigint) => boolean): Operator[] {
  const common = { type: () => boolType, law: ([a, b]: readonly bigint[]) => truth(holds(a!, b!)) };
  return [
    { name: `u.${name}`, operands: ['uint', 'same'], build: ([a, b]) => asUnsigned(a)[name](asUnsigned(b)), ...common },
    { name: `s.${name}`, operands: ['sint', 'same'], build: ([a, b]) => asSigned(a)[name](asSigned(b)), ...common },
  ];
}

function equality(name: 'equals' | 'notEquals', holds: (a: bigint, b: bigint) => boolean): Operator[] {
  const common = { type: () => boolType, law: ([a, b]: readonly bigint[]) => truth(holds(a!, b!)) };
  return [
    { name: `b.${name}`, operands: ['bool', 'bool'], build: ([a, b]) => asBool(a)[name](asBool(b)), ...common },
    { name: `e.${name}`, operands: ['enum', 'same'], build: ([a, b]) => asEnum(a)[name](asEnum(b)), ...common },
  ];
}

export const comparisons: readonly Operator[] = [
  ...comparison('equals', (a, b) => a === b),
  ...comparison('notEquals', (a, b) => a !== b),
  ...comparison('lessThan', (a, b) => a < b),
  ...comparison('lessOrEqual', (a, b) => a <= b),
  ...comparison('greaterThan', (a, b) => a > b),
  ...comparison('greaterOrEqual', (a, b) => a >= b),
  ...equality('equals', (a, b) => a === b),
  ...equality('notEquals', (a, b) => a !== b),
  {
    name: 'e.is',
    operands: ['enum'],
    type: () => boolType,
    build: ([a], n) => {
      const state = asEnum(a);
      return state.is(state.type.states[n % state.type.states.length]!);
    },
    law: ([a], [type], n) => truth(a === BigInt(n % type!.states)),
  },
];

export const choices: readonly Operator[] = [
  {
    name: 'mux',
    operands: ['bool', 'any', 'same'],
    type: ([, a, b]) => (isSame(a!, b!) ? a : undefined),
    build: ([c, a, b]) => mux(asBool(c), a!, b!),
    law: ([c, a, b]) => (c === 1n ? a! : b!),
  },
  {
    name: 'concat',
    operands: (n) => Array.from({ length: 1 + (n % 4) }, () => 'bits' as const),
    type: (types) => upTo(unsigned(types.reduce((width, type) => width + type.width, 0))),
    build: (parts) => concat(...parts.map((part) => (part instanceof Bool ? part : asUnsigned(part)))),
    law: (values, types) => values.reduce((bits, value, index) => bits * power(types[index]!.width) + value, 0n),
  },
  {
    name: 'select',
    operands: (n) => ['uint', 'any', ...Array.from({ length: n % 5 }, () => 'same' as const)],
    type: ([index, first, ...rest]) => (2 ** index!.width >= rest.length + 1 ? first : undefined),
    build: ([index, ...values]) => select(asUnsigned(index), values),
    law: ([index, ...values]) => values[Number(index! < BigInt(values.length) ? index : values.length - 1)]!,
  },
];
