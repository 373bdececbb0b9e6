/**
 * What only the text of a design can tell: JavaScript operators that work on signals without an error. The
 * TypeScript compiler behind it takes a moment to load, so it is loaded on the first call.
 */
import type { Diagnostic } from '../diagnostics.ts';

/**
 * Finds JavaScript operators, conditions and comparisons on signals: `===`, `&&`, `!`, `? :`, `if`, `+` and their like, by the types
 * that the TypeScript compiler gives. They can't all be caught while the design runs: a signal is always true and equal to itself.
 *
 * @param files TypeScript files; what they import is checked too, except packages and spinfire itself
 * @returns one HDL015 for each, sorted by origin
 * @throws badInput when a file can't be read
 */
export async function checkSource(files: readonly string[]): Promise<Diagnostic[]> {
  const { checkOperators } = await import('./check.ts');
  return checkOperators(files);
}
