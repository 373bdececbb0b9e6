/** Measured cores beside what the cost model says of them. */
import { costModels, wholeCoreParts } from '../../src/core/index.ts';
import type { Sample } from './fit.ts';
import { isHeldOut } from './grid.ts';
import type { Measured } from './measure.ts';
import { recipeFolds, recipeNetwork } from './recipe.ts';

export interface MeasuredSample extends Sample {
  /** Not used in the fit. */
  readonly heldOut: boolean;
  readonly rams: { readonly measured: number; readonly predicted: number };
}

export type Family = keyof typeof costModels;

export function samplesOf(rows: readonly Measured[], family: Family): MeasuredSample[] {
  return rows
    .filter(({ target }) => target === family)
    .map(({ recipe, luts, rams }) => {
      const parts = wholeCoreParts(recipeNetwork(recipe), recipeFolds(recipe), recipe, costModels[family].ram);
      const { name } = recipe;
      return {
        name,
        terms: parts.terms,
        luts,
        rams: { measured: rams, predicted: parts.rams },
        heldOut: isHeldOut(name),
      };
    });
}
