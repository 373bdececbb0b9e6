/** Many recipes from a seed. A core that is refused without a reason, or that differs, becomes as small as it can and is shown. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Plan } from '../../../src/plan/index.ts';
import { type Recipe, recipes } from './recipe.ts';
import { planOf } from './run.ts';

export interface Campaign {
  readonly seed: number;
  /** Cores, refused ones not counted. */
  readonly cores: number;
  readonly differs: (recipe: Recipe, plan: Plan) => Promise<string | undefined>;
}

/** What was run: cores by kind of neuron, and how often each reason of the table refused one. */
export interface Tally {
  readonly ran: Record<string, number>;
  readonly refused: Record<string, number>;
}

export async function runCampaign({ seed, cores, differs }: Campaign): Promise<Tally> {
  const tally: Tally = { ran: {}, refused: {} };
  let ran = 0;
  const property = fc.asyncProperty(recipes, async (recipe) => {
    const plan = planOf(recipe);
    if (typeof plan === 'string') {
      tally.refused[plan] = (tally.refused[plan] ?? 0) + 1;
      return;
    }
    if (ran >= cores) return;
    ran += 1;
    const kinds = [plan.neuron.kind, ...new Set(plan.layers.map(({ engine }) => engine.kind))];
    for (const kind of kinds) tally.ran[kind] = (tally.ran[kind] ?? 0) + 1;
    const difference = await differs(recipe, plan);
    if (difference !== undefined) throw new Error(difference);
  });
  await fc.assert(property, { seed, numRuns: 4 * cores });
  expect(ran).toBe(cores);
  return tally;
}
