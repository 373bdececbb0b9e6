/** Cores with what may stand beside engines and ideal neurons: monitors, early exit, neurons of other kinds. */
import type { Equipment } from '../../src/core/index.ts';
import { type LayerRecipe, type Random, type Recipe, randomFrom } from './recipe.ts';

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

/** Layers that hand their inputs on: all between the first and the last, two or three of them. */
export function residualRecipe(plain: Recipe, most: number): Recipe {
  const random = randomFrom(plain.seed ^ 0x5eed);
  const pick = <T>(...choices: readonly T[]): T => choices[Math.floor(random() * choices.length)]!;
  const outputs = pick(2, 4, 6, 8);
  const engine = { kind: 'window', inputBanks: 2 } as const;
  const layer = (handsOn: boolean): LayerRecipe => ({
    ...{ kernel: 3, pad: 1, outputs },
    ...(handsOn ? { handsOn: true } : {}),
    fold: { engine, outputLanes: Math.min(outputs, pick(1, 2, 4, most)), positionLanes: 1 },
  });
  const between = Array.from({ length: pick(2, 3) }, (_, index) => layer(index % 2 === 0));
  const last = { outputs: 10, fold: { engine, outputLanes: pick(1, 2), positionLanes: 1 } };
  const { seeding: _, imageBanks: __, ...kept } = plain;
  return { ...kept, input: [pick(6, 8, 10), pick(6, 8), pick(1, 3)], layers: [layer(false), ...between, last] };
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
