/** Operators with a literal beside the signal. */
import { lit, mux } from '../../../../src/hdl/index.ts';
import { boolType, hardwareLiteral, numberOf, signed, stateNames, type Type, unsigned, wrapInto } from '../types.ts';
import { asBool, asEnum, asSigned, asUnsigned, clamp, type Operator, truth, upTo } from './operator.ts';

/** The literal that a number stands for beside a signal of this type. */
function beside(type: Type, n: number): bigint {
  return numberOf(type, n);
}

/** One operator over UInt and one over SInt with the literal as the right operand. */
function both(
  name:
    | 'addGrow'
    | 'addWrap'
    | 'addSaturate'
    | 'subGrow'
    | 'subWrap'
    | 'mulFull'
    | 'equals'
    | 'lessThan'
    | 'greaterOrEqual',
  type: (operand: Type) => Type | undefined,
  law: (a: bigint, b: bigint, type: Type) => bigint,
): Operator[] {
  return (['uint', 'sint'] as const).map((kind): Operator => {
    const literalFor = (width: number, n: number) => beside(kind === 'uint' ? unsigned(width) : signed(width), n);
    return {
      name: `${kind[0]}.${name} literal`,
      operands: [kind],
      type: ([a]) => type(a!),
      build: ([a], n) => {
        const literal = literalFor(a!.width, n);
        return kind === 'uint' ? asUnsigned(a)[name](literal) : asSigned(a)[name](literal);
      },
      law: ([a], [operand], n) => law(a!, literalFor(operand!.width, n), operand!),
    };
  });
}

const same = (type: Type): Type => type;
const grown = (type: Type): Type | undefined => upTo({ ...type, width: type.width + 1 });

export const literalOperators: readonly Operator[] = [
  ...both('addGrow', grown, (a, b) => a + b),
  ...both('addWrap', same, (a, b, type) => wrapInto(type, a + b)),
  ...both('addSaturate', same, (a, b, type) => clamp(type, a + b)),
  ...both(
    'subGrow',
    (type) => upTo(signed(type.width + 1)),
    (a, b) => a - b,
  ),
  ...both('subWrap', same, (a, b, type) => wrapInto(type, a - b)),
  ...both(
    'mulFull',
    (type) => upTo({ ...type, width: 2 * type.width }),
    (a, b) => a * b,
  ),
  ...both(
    'equals',
    () => boolType,
    (a, b) => truth(a === b),
  ),
  ...both(
    'lessThan',
    () => boolType,
    (a, b) => truth(a < b),
  ),
  ...both(
    'greaterOrEqual',
    () => boolType,
    (a, b) => truth(a >= b),
  ),
  {
    name: 'u.and literal',
    operands: ['uint'],
    type: ([a]) => a,
    build: ([a], n) => asUnsigned(a).and(beside(unsigned(a!.width), n)),
    law: ([a], [type], n) => a! & beside(type!, n),
  },
  {
    name: 'u.or literal',
    operands: ['uint'],
    type: ([a]) => a,
    build: ([a], n) => asUnsigned(a).or(beside(unsigned(a!.width), n)),
    law: ([a], [type], n) => a! | beside(type!, n),
  },
  {
    name: 'u.xor literal',
    operands: ['uint'],
    type: ([a]) => a,
    build: ([a], n) => asUnsigned(a).xor(beside(unsigned(a!.width), n)),
    law: ([a], [type], n) => a! ^ beside(type!, n),
  },
  {
    name: 'b.and literal',
    operands: ['bool'],
    type: () => boolType,
    build: ([a], n) => asBool(a).and(n % 2 === 1),
    law: ([a], _, n) => a! * BigInt(n % 2),
  },
  {
    name: 'b.xor literal',
    operands: ['bool'],
    type: () => boolType,
    build: ([a], n) => asBool(a).xor(n % 2),
    law: ([a], _, n) => (a! + BigInt(n % 2)) % 2n,
  },
  {
    name: 'e.equals literal',
    operands: ['enum'],
    type: () => boolType,
    build: ([a], n) => {
      const { states } = asEnum(a).type;
      return asEnum(a).equals(states[n % states.length]!);
    },
    law: ([a], [type], n) => truth(a === BigInt(n % type!.states)),
  },
  {
    name: 'mux literal',
    operands: ['bool', 'uint'],
    type: ([, a]) => a,
    build: ([c, a], n) => {
      const literal = beside(unsigned(a!.width), n);
      return n % 3 === 0 ? mux(asBool(c), literal, asUnsigned(a)) : mux(asBool(c), asUnsigned(a), literal);
    },
    law: ([c, a], [, type], n) => ((c === 1n) === (n % 3 === 0) ? beside(type!, n) : a!),
  },
  {
    name: 'lit',
    operands: ['any'],
    type: ([a]) => a,
    build: ([a], n) => {
      const { type } = a!;
      const own: Type = { kind: type.kind, width: type.width, states: type.kind === 'enum' ? type.states.length : 0 };
      const literal = hardwareLiteral(own, beside(own, n));
      switch (type.kind) {
        case 'uint':
          return lit(literal as bigint, type);
        case 'sint':
          return lit(literal as bigint, type);
        case 'bool':
          return lit(literal as boolean, type);
        case 'enum':
          return lit(stateNames(own)[Number(beside(own, n))]!, type);
      }
    },
    law: (_, [type], n) => beside(type!, n),
  },
];
