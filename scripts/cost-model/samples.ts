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
    .map(({ recipe, luts, rams: measured }) => {
      const { ram } = costModels[family];
      const { terms, rams: predicted } = wholeCoreParts(recipeNetwork(recipe), recipeFolds(recipe), recipe, ram);
      return { name: recipe.name, terms, luts, rams: { measured, predicted }, heldOut: isHeldOut(recipe.name) };
    });
}
