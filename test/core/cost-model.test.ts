import { describe, expect, it } from 'vitest';
import { fitError, fitPrices } from '../../scripts/cost-model/fit.ts';
import { gridRecipe, wholeRecipes } from '../../scripts/cost-model/grid.ts';
import { readMeasured } from '../../scripts/cost-model/measure.ts';
import { prior } from '../../scripts/cost-model/prior.ts';
import { samplesOf } from '../../scripts/cost-model/samples.ts';
import { costModels, termNames } from '../../src/core/index.ts';

const rows = readMeasured();

describe.each(['ice40', 'ecp5'] as const)('cost model of %s', (family) => {
  const samples = samplesOf(rows, family);

  it('counts the block RAMs that yosys counted', () => {
    expect(samples.length).toBeGreaterThan(100);
    for (const { name, rams } of samples) expect(rams.predicted, name).toBe(rams.measured);
  });

  it('is close to the LUTs of cores that the fit did not see', () => {
    const { prices } = costModels[family];
    const heldOut = fitError(
      samples.filter((sample) => sample.heldOut && sample.fits),
      prices,
    );
    expect(heldOut.cores).toBeGreaterThan(1);
    expect(heldOut.median).toBeLessThan(0.04);
    const far = samples.filter((sample) => sample.heldOut && sample.fits && fitError([sample], prices).largest > 0.1);
    expect(far.map(({ name }) => name)).toEqual(farOff[family]);
    for (const term of termNames) expect(prices[term]).toBeGreaterThanOrEqual(0);
  });
});

/** Those that docs/cost-model.md speaks of. */
const farOff = { ice40: ['grid99'], ecp5: ['grid11', 'grid51'] };

describe('grid', () => {
  it('builds the cores that were measured again', () => {
    const made = new Map(wholeRecipes.map((recipe) => [recipe.name, recipe]));
    for (const { recipe } of rows.filter(({ recipe: { name } }) => !name.startsWith('large'))) {
      const again = made.get(recipe.name) ?? gridRecipe(Number(recipe.name.slice('grid'.length)));
      expect(JSON.parse(JSON.stringify(again))).toEqual(recipe);
    }
  });
});

describe('fit', () => {
  it('finds prices again, none below zero', () => {
    const truth = { ...prior, neuron: 50, pool: 0 };
    const samples = Array.from({ length: 60 }, (_, i) => {
      const terms = Object.fromEntries(termNames.map((term, t) => [term, ((i * 7 + t * t * 3) % 11) + 1]));
      return { name: `${i}`, terms, luts: termNames.reduce((sum, term) => sum + terms[term]! * truth[term], 0) };
    });
    const found = fitPrices(samples, prior, 1e-9);
    expect(fitError(samples, found).largest).toBeLessThan(0.01);
    for (const term of termNames) expect(found[term]).toBeGreaterThanOrEqual(0);
  });
});
