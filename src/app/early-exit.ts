/** Early exit on the command line. */
import { badInput } from '../errors/index.ts';
import type { Plan } from '../plan/index.ts';

/** Throws badInput when the core has no early exit, or no score can lead by so much. */
export function checkMargin(plan: Plan, margin: number): void {
  if (plan.earlyExit === 'none')
    throw badInput('this core has no early exit', { where: '--margin', help: 'build it with --early-exit' });
  const never = 2 ** plan.readout.scoreBits - 1;
  if (margin > never)
    throw badInput('--margin is more than scores can differ by', {
      found: `${margin}`,
      expected: `at most ${never}, which answers none early`,
    });
}

/** Mean of some values, of which there is at least one. */
export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i]!;
  return sum / values.length;
}
