/** Literals beside signals: a number takes the kind and width of what it meets, if it fits. */
import { designError } from '../diagnostics.ts';
import { type ConstExpr, constant, mask } from '../ir/expr.ts';
import type { ConstantIr } from '../ir/module.ts';
import { describeType, type EnumType, isSigned, type ScalarType } from '../ir/types.ts';

/** A number with a name in one module, from `m.constant`. */
export class NamedConstant {
  constructor(readonly ir: ConstantIr) {}

  /** The number, for arithmetic while building. */
  get value(): number {
    return Number(this.ir.value);
  }
}

/** A constant operand: a number that must fit the other side, or a named constant. */
export type Literal = number | bigint | NamedConstant;

/** Anything that can stand for a value of type `type` without being a signal. */
export function literalExpr(value: Literal | boolean | string, type: ScalarType): ConstExpr {
  if (typeof value === 'string') {
    if (type.kind === 'enum') return stateExpr(value, type);
    throw designError({
      rule: 'HDL002',
      summary: `'${value}' is a text, but a value of ${describeType(type)} is wanted`,
      help: 'only values of an enumeration are written as texts',
    });
  }
  if (type.kind === 'enum') {
    throw designError({
      rule: 'HDL002',
      summary: `${value instanceof NamedConstant ? value.ir.name : value} is a number, but a state of ${describeType(type)} is wanted`,
      help: `one of ${type.states.map((state) => `'${state}'`).join(', ')}`,
    });
  }
  const expr = constant(
    checkedLiteral(typeof value === 'boolean' ? Number(value) : value, type),
    type.width,
    isSigned(type),
  );
  return value instanceof NamedConstant ? { ...expr, named: value.ir } : expr;
}

function stateExpr(state: string, type: EnumType): ConstExpr {
  const index = type.states.indexOf(state);
  if (index < 0) {
    throw designError({
      rule: 'HDL003',
      summary: `'${state}' is not a state of ${describeType(type)}`,
      help: `one of ${type.states.map((name) => `'${name}'`).join(', ')}`,
    });
  }
  return { ...constant(BigInt(index), type.width), state: { enumeration: type.name, state } };
}

/** The literal as a BigInt, after a check that the type can hold it. */
export function checkedLiteral(value: Literal, type: ScalarType): bigint {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw designError({
      rule: 'HDL003',
      summary: `${value} is not a whole number that JavaScript holds exactly`,
      help: 'write large values as bigint, e.g. 0xffff_ffff_ffffn',
    });
  }
  const exact = value instanceof NamedConstant ? value.ir.value : BigInt(value);
  const [low, high] =
    type.kind === 'sint' ? [-(1n << BigInt(type.width - 1)), mask(type.width - 1)] : [0n, mask(type.width)];
  if (exact >= low && exact <= high) return exact;
  throw designError({
    rule: 'HDL003',
    summary: `${exact} does not fit ${describeType(type)}, which holds ${low} to ${high}`,
    help: 'widen the signal beside it with extend(width), or use a literal that fits',
  });
}
