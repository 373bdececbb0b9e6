/** Measured cores beside what the cost model says of them. */

import { costModels, type Term, type Terms, wholeCoreParts } from '../../src/core/index.ts';
import { layerFacts, placeMemories, turnMemories } from '../../src/plan/planner/index.ts';
import type { Sample } from './fit.ts';
import { isHeldOut } from './grid.ts';
import type { Measured } from './measure.ts';
import { recipeFolds, recipeNetwork } from './recipe.ts';

export interface MeasuredSample extends Sample {
  /** Not used in the fit. */
  readonly heldOut: boolean;
  /** Its LUTs are of the design that the prices are fitted to. */
  readonly fits: boolean;
  readonly rams: { readonly measured: number; readonly predicted: number };
}

export type Family = keyof typeof costModels;

export function samplesOf(rows: readonly Measured[], family: Family): MeasuredSample[] {
  return rows
    .filter(({ target }) => target === family)
    .map((row) => {
      const { name } = row.recipe;
      const fits = row.design === undefined;
      const { terms, rams: predicted } = partsOf(row, family);
      return { name, terms, fits, luts: row.luts, rams: { measured: row.rams, predicted }, heldOut: isHeldOut(name) };
    });
}

/** What the model says of the hardware that was measured. */
function partsOf({ recipe, design }: Measured, family: Family) {
  const network = recipeNetwork(recipe);
  const folds = recipeFolds(recipe);
  const { ram } = costModels[family];
  if (design === 2) return wholeCoreParts(network, folds, recipe, ram);
  const early = { ...ram, logicCost: 1 };
  const parts = wholeCoreParts(network, folds, recipe, early);
  const facts = layerFacts(network);
  const turns = facts.flatMap((layer, index) =>
    turnMemories(layer, { ...recipe, passLanes: recipe.timeLanes, isLast: index === facts.length - 1 }),
  );
  const without = placeMemories(turns, early);
  const terms = Object.entries(parts.terms).map(([term, count]) => [term, count - (without.terms[term as Term] ?? 0)]);
  return { terms: Object.fromEntries(terms) as Terms, rams: parts.rams - without.rams };
}
