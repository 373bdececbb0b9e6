import { describe, expect, it } from 'vitest';
import { fitError, fitPrices } from '../../scripts/cost-model/fit.ts';
import { gridRecipe, wholeRecipes } from '../../scripts/cost-model/grid.ts';
import { readMeasured } from '../../scripts/cost-model/measure.ts';
import { prior } from '../../scripts/cost-model/prior.ts';
import { type Recipe, recipeFolds, recipeNetwork } from '../../scripts/cost-model/recipe.ts';
import { samplesOf } from '../../scripts/cost-model/samples.ts';
import { costModels, termNames, wholeCoreParts } from '../../src/core/index.ts';
import type { QuantisedNetwork } from '../../src/network/index.ts';
import { sumOfTerms } from '../../src/plan/planner/terms.ts';

const rows = readMeasured();

describe.each(['ice40', 'ecp5'] as const)('cost model of %s', (family) => {
  const samples = samplesOf(rows, family);

  it('counts the block RAMs that yosys counted', () => {
    expect(samples.length).toBeGreaterThan(200);
    for (const { name, rams } of samples) expect(rams.predicted, name).toBe(rams.measured);
  });

  it('is close to the LUTs of cores that the fit did not see', () => {
    const { prices } = costModels[family];
    const heldOut = fitError(
      samples.filter((sample) => sample.heldOut),
      prices,
    );
    expect(heldOut.cores).toBeGreaterThan(1);
    expect(heldOut.median).toBeLessThan(0.05);
    const far = samples.filter((sample) => sample.heldOut && fitError([sample], prices).largest > 0.1);
    expect(far.map(({ name }) => name)).toEqual(farOff[family]);
    for (const term of termNames) expect(prices[term]).toBeGreaterThanOrEqual(0);
  });
});

/** Those that docs/cost-model.md speaks of. */
const farOff = {
  ice40: ['grid99', 'grid159'],
  ecp5: ['grid127', 'grid147', 'grid151', 'grid155', 'grid159'],
};

describe('powers of two of channels', () => {
  const recipe: Recipe = {
    ...{ name: 'shifted', seed: 1, input: [8, 8, 1], encoding: 'bernoulli', readout: 'potential', weightBits: 4 },
    ...{ maxTimeSteps: 4, timeLanes: 1 },
    layers: [{ outputs: 4, fold: { engine: { kind: 'event' }, outputLanes: 2, positionLanes: 1 } }],
  };
  const plain = recipeNetwork(recipe);
  const [layer] = plain.layers;
  const shifted = (channelShifts: readonly number[]) => ({ ...plain, layers: [{ ...layer!, channelShifts }] });
  const { ram } = costModels.ice40;
  const chosenBits = (network: QuantisedNetwork) =>
    wholeCoreParts(network, recipeFolds(recipe), recipe, ram).terms.ramMultiplexerBit ?? 0;

  it('are paid for where a lane chooses one, beside what its memories choose', () => {
    // Lane 0 has channels 0 and 2, lane 1 has 1 and 3; a weight of 4 bits and two places more has 6.
    expect(chosenBits(shifted([0, 1, 2, 0])) - chosenBits(plain)).toBe((2 + 1) * 6);
    expect(chosenBits(shifted([0, 2, 0, 2]))).toBe(chosenBits(plain));
  });

  it('sums what two parts have of one term', () => {
    expect(sumOfTerms([{ counterBit: 2, neuron: 1 }, { counterBit: 3 }])).toMatchObject({ counterBit: 5, neuron: 1 });
  });
});

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
