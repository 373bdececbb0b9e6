/** The clocks that the planner promises, against those that the golden model counts: random cores of the cost model's grid, with whatever they have beside. */
import { describe, expect, it } from 'vitest';
import { gridRecipe, gridSize } from '../../scripts/cost-model/grid.ts';
import { recipePlan } from '../../scripts/cost-model/measure.ts';
import { type Recipe, recipeFolds, recipeNetwork } from '../../scripts/cost-model/recipe.ts';
import { costModels } from '../../src/core/index.ts';
import { createCycleModel } from '../../src/golden/index.ts';
import { ratedCore } from '../../src/plan/planner/index.ts';
import { drive } from '../golden/drive.ts';

/** Images that go through; the first ones fill the pipeline. */
const images = 12;
const filling = 4;
/** Cores with more clocks take too long here. */
const mostClocks = 1300;

function rated(recipe: Recipe, timeSteps: number, activity: number): number {
  const { maxTimeSteps, readout, equipment } = recipe;
  const options = { timeSteps, maxTimeSteps, readout, equipment, activity, model: costModels.ice40 };
  return ratedCore(recipeNetwork(recipe), recipeFolds(recipe), options).cyclesPerImage;
}

/** Clocks between two answers to images that are all of this value. */
function counted(recipe: Recipe, timeSteps: number, pixel: number): number {
  const plan = recipePlan(recipe);
  const [height, width, channels] = recipe.input;
  const pixels = new Uint8Array(images * height * width * channels).fill(pixel);
  const answers = drive(createCycleModel(plan), plan, pixels, { timeSteps: Array(images).fill(timeSteps) });
  return (answers.at(-1)!.cycle - answers[filling]!.cycle) / (images - 1 - filling);
}

const cores = Array.from({ length: gridSize }, (_, index) => gridRecipe(index)).flatMap((recipe) => {
  const timeSteps = Math.min(recipe.maxTimeSteps, 2 * recipe.timeLanes);
  const most = rated(recipe, timeSteps, 1);
  // With early exit an image ends when it likes.
  if (most > mostClocks || recipe.equipment?.earlyExit) return [];
  return [{ recipe, timeSteps, least: rated(recipe, timeSteps, 0), most, name: recipe.name }];
});

describe('clocks of an image', () => {
  it('looks at all kinds of engines and neurons', () => {
    const kinds = new Set(
      cores.flatMap(({ recipe }) => [
        ...recipe.layers.map(
          ({ fold: { engine } }) => `${engine.kind} ${'inputBanks' in engine ? engine.inputBanks : ''}`,
        ),
        recipe.seeding ?? 'seeder',
        recipe.equipment?.device?.phases ? 'phases' : 'one clock',
        recipe.equipment?.neuron?.kind ?? recipe.activation ?? 'mtj',
      ]),
    );
    for (const kind of ['window 1', 'window 2', 'event ', 'wide ', 'seeder', 'none', 'phases', 'integer'])
      expect(kinds).toContain(kind);
  });

  it.each(cores)('are as promised: $name', ({ recipe, timeSteps, least, most }) => {
    for (const pixel of [0, 255]) {
      const clocks = counted(recipe, timeSteps, pixel);
      // An answer comes a few clocks earlier or later with the activity of the last layer's inputs.
      expect(clocks).toBeLessThanOrEqual(most + 1);
      expect(clocks).toBeGreaterThanOrEqual(least - Math.max(3, least / 80));
    }
  });
});
