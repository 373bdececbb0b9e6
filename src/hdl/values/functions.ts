/** Operators with many operands. */
import { designError } from '../diagnostics.ts';
import * as ir from '../ir/expr.ts';
import {
  type BoolType,
  describeType,
  type EnumType,
  type ScalarType,
  type SIntType,
  type UIntType,
  uint,
} from '../ir/types.ts';
import { type Literal, literalExpr } from './literals.ts';
import { Bool, type EnumValue, isSignal, operandExpr, type SInt, type Signal, UInt, wrap } from './signals.ts';

/** A constant of a type: `lit(-3, sint(8))`, `lit('idle', stateType)`. */
export function lit(value: Literal, type: UIntType): UInt;
export function lit(value: Literal, type: SIntType): SInt;
export function lit(value: Literal | boolean, type: BoolType): Bool;
export function lit<S extends string>(value: S, type: EnumType<S>): EnumValue<S>;
export function lit(value: Literal | boolean | string, type: ScalarType): Signal {
  return wrap(literalExpr(value, type), type);
}

/** `whenTrue` where the condition holds, otherwise `whenFalse`; both have one type. @throws designError (HDL002) for two literals */
export function mux<T extends Signal>(condition: Bool, whenTrue: T, whenFalse: T): T;
export function mux<T extends Signal>(condition: Bool, whenTrue: T, whenFalse: Literal): T;
export function mux<T extends Signal>(condition: Bool, whenTrue: Literal, whenFalse: T): T;
export function mux(condition: Bool, whenTrue: Signal | Literal, whenFalse: Signal | Literal): Signal {
  checkCondition(condition, 'mux');
  const typed = isSignal(whenTrue) ? whenTrue : whenFalse;
  if (!isSignal(typed)) {
    throw designError({
      rule: 'HDL002',
      summary: 'mux: two literals have no type',
      help: 'give one of them a type: lit(value, type)',
    });
  }
  const [a, b] = [operandExpr(whenTrue, typed.type, 'mux'), operandExpr(whenFalse, typed.type, 'mux')];
  return wrap(ir.multiplex(condition.expr, a, b), typed.type);
}

/** The parts side by side, the first one most significant. @throws designError (HDL002) for no parts, or one that is neither uint nor bool */
export function concat(...parts: readonly (UInt | Bool)[]): UInt {
  const odd = parts.find((part) => !(part instanceof UInt || part instanceof Bool));
  if (parts.length === 0 || odd !== undefined) {
    const what = odd === undefined ? 'no parts' : isSignal(odd) ? describeType((odd as Signal).type) : typeof odd;
    throw designError({
      rule: 'HDL002',
      summary: `concat: ${what}`,
      help: 'parts are uint or bool signals; asUInt() converts, lit(value, uint(width)) gives a literal its width',
    });
  }
  const expr = ir.concatenate(parts.map((part) => part.expr));
  return new UInt(expr, uint(expr.width));
}

/** Exact sum of all terms as a balanced tree; as many bits wider as the tree has levels. @throws designError (HDL019) for none */
export function sum(terms: readonly UInt[]): UInt;
export function sum(terms: readonly SInt[]): SInt;
export function sum(terms: readonly UInt[] | readonly SInt[]): UInt | SInt {
  const [first] = terms;
  if (first === undefined) throw designError({ rule: 'HDL019', summary: 'sum of no terms', help: 'give at least one' });
  return first instanceof UInt
    ? tree(terms as readonly UInt[], (a, b) => a.addGrow(b))
    : tree(terms as readonly SInt[], (a, b) => a.addGrow(b));
}

/** `values[index]`; the last value also stands for the indices beyond it. @throws designError (HDL019) for none, or more than the index can tell apart */
export function select<T extends Signal>(index: UInt, values: readonly T[]): T {
  const [first] = values;
  if (first === undefined || values.length > 2 ** index.width) {
    throw designError({
      rule: 'HDL019',
      summary: `select: an index of ${index.width} bits can't pick from ${values.length} values`,
      help: 'from 1 up to 2^width values',
    });
  }
  const exprs = values.map((value) => operandExpr(value, first.type, 'select'));
  if (exprs.length === 1) return first;
  return wrap(ir.select(index.expr, exprs), first.type) as T;
}

/** Refuses anything but a Bool where a condition is wanted. */
export function checkCondition(condition: Bool, operation: string): ir.Expr {
  if (condition instanceof Bool) return condition.expr;
  const found: unknown = condition;
  throw designError({
    rule: 'HDL002',
    summary: `${operation}: the condition is ${isSignal(found) ? describeType(found.type) : `a JavaScript ${typeof found}`}, not a bool signal`,
    help: isSignal(found) ? conversionHint(found) : 'a condition known while building wants a plain `if`',
  });
}

function conversionHint(signal: Signal): string {
  return signal.kind === 'enum' ? "is('state') gives a bool" : 'notEquals(0) or bit(i) gives a bool';
}

function tree<T>(terms: readonly T[], add: (a: T, b: T) => T): T {
  if (terms.length === 1) return terms[0]!;
  const half = Math.ceil(terms.length / 2);
  return add(tree(terms.slice(0, half), add), tree(terms.slice(half), add));
}
