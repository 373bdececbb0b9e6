/** How many clock cycles an image takes, counted in the golden model. */
import type { Plan } from '../../plan/index.ts';
import { goldenResults } from '../../sim/index.ts';

/** Cycles between two results in steady state: images arrive without gaps, results are taken at once. */
export function countCyclesPerImage(plan: Plan, images: Uint8Array): number {
  const results = goldenResults(plan, { pixels: images, timeSteps: plan.timeSteps.default });
  const cycles = results.map(({ resultCycle }) => resultCycle);
  const { length: count } = cycles;
  // The first results come while the pipeline still fills.
  const [from, to] = [cycles[count > 2 ? 1 : 0]!, cycles.at(-1)!];
  return count > 1 ? Math.round((to - from) / (count > 2 ? count - 2 : 1)) : to;
}
