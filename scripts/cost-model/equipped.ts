/** Cores with what may stand beside engines and ideal neurons: monitors, early exit, neurons of other kinds. */
import type { Equipment } from '../../src/core/index.ts';
import { type Random, type Recipe, randomFrom } from './recipe.ts';

/** So many of them: monitors, devices, both, early exit, telegraphic and integer neurons. */
export const equippedCores = 104;

/** The core of a grid recipe with equipment by chance; `index` from 0. */
export function equippedRecipe(plain: Recipe, index: number): Recipe {
  const random = randomFrom(plain.seed ^ 0x5eed);
  const chance = (share: number) => random() < share;
  if (index < 36) return withEquipment(plain, { monitors: monitorsOf(plain, random, 0.25) });
  if (index < 76) return withEquipment(plain, { device: deviceOf(random) });
  if (index < 84) return withEquipment(plain, { monitors: monitorsOf(plain, random, 0), device: deviceOf(random) });
  if (index < 92) {
    const { rates: _, load: __, ...monitors } = monitorsOf(plain, random, 0);
    return {
      ...withEquipment(plain, { earlyExit: true, ...(chance(0.3) ? { monitors } : {}) }),
      ...severalPasses(plain),
    };
  }
  if (index < 99)
    return withEquipment(plain, { neuron: { kind: 'telegraph', start: chance(0.5) ? 'stationary' : 'silent' } });
  return integerRecipe(plain);
}

/** A layer of neurons behind whatever a core begins with, so that there is something to equip. */
function withEquipment(plain: Recipe, equipment: Equipment): Recipe {
  const { layers, readout } = plain;
  const hasNeurons = layers.length > 1 || readout === 'count';
  return { ...plain, ...(hasNeurons ? {} : { readout: 'count' as const }), equipment };
}

function severalPasses({ timeLanes, maxTimeSteps }: Recipe): Pick<Recipe, 'maxTimeSteps'> {
  return { maxTimeSteps: Math.max(maxTimeSteps, 2 * timeLanes) };
}

function monitorsOf({ seeding }: Recipe, random: Random, loads: number): NonNullable<Equipment['monitors']> {
  const chance = (share: number) => random() < share;
  const load = chance(loads);
  const monitors = {
    ...(chance(0.4) ? { abstain: 1 } : {}),
    ...(chance(0.4) ? { rates: 'free' as const } : {}),
    ...(chance(0.4) && seeding !== 'none' ? { lockup: true } : {}),
    ...(chance(0.4) ? { stallClocks: chance(0.5) ? 2 ** 24 - 1 : 65_535 } : {}),
    ...(chance(0.4) ? { activity: true } : {}),
    ...(load ? { load } : chance(0.5) ? { checksum: true } : {}),
  };
  return Object.keys(monitors).length > 0 ? monitors : { activity: true };
}

function deviceOf(random: Random): NonNullable<Equipment['device']> {
  const chance = (share: number) => random() < share;
  const device = {
    ...(chance(0.4) ? { phases: { write: 2, read: 3, reset: 1 } } : {}),
    ...(chance(0.35) ? { counters: true } : {}),
    ...(chance(0.35) ? { trim: true } : {}),
    ...(chance(0.35) ? { loadTable: true } : {}),
    ...(chance(0.3) ? { faults: { missed: 0.01, falseRead: 0.001, failedReset: 0.02 } } : {}),
    ...(chance(0.3) ? { variation: { thresholdSpread: 0.05, slopeSpread: chance(0.5) ? 0.1 : 0.02 } } : {}),
    ...(chance(0.35) ? { selfTest: true } : {}),
  };
  return Object.keys(device).length > 0 ? device : { counters: true };
}

/** The same network without chance: values through window engines, one time step. */
function integerRecipe({ layers, ...plain }: Recipe): Recipe {
  const { seeding: _, ...kept } = plain;
  const few = Math.max(1, Math.floor(6 / layers.length));
  return {
    ...kept,
    ...{ activation: 'integer', encoding: 'direct', readout: 'potential', maxTimeSteps: 1, timeLanes: 1 },
    layers: layers.map((layer) => ({
      ...layer,
      fold: {
        engine: { kind: 'window', inputBanks: 2 },
        outputLanes: Math.min(layer.fold.outputLanes, few),
        positionLanes: layer.fold.outputLanes > few ? 1 : layer.fold.positionLanes,
      },
    })),
  };
}
