/** All operators of random circuits, in one table. */
import { arithmetic } from './arithmetic.ts';
import { bitwise, shifts } from './bits.ts';
import { choices, comparisons } from './choices.ts';
import { kinds, parts, widths } from './conversions.ts';
import { literalOperators } from './literals.ts';
import type { Operator } from './operator.ts';
import { specialOperators } from './special.ts';

export type { Operator, Wanted } from './operator.ts';

export const operators: readonly Operator[] = [
  ...arithmetic,
  ...bitwise,
  ...shifts,
  ...comparisons,
  ...choices,
  ...parts,
  ...widths,
  ...kinds,
  ...literalOperators,
];

export function operatorNamed(name: string): Operator {
  const found = [...operators, ...specialOperators].find((operator) => operator.name === name);
  if (found === undefined) throw new Error(`no operator '${name}'`);
  return found;
}
