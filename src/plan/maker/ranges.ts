/** Numbers that a plan can hold. */
import { badInput } from '../../errors/index.ts';

/** Throws badInput unless `value` is a whole number from `low` to `high`. */
export function checkRange(what: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high)
    throw badInput(`${what} out of range`, { found: String(value), expected: `${low}..${high}` });
}
