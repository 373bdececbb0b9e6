/** Random behaviour of devices for random plans. */
import type { DeviceNeuron, LayerPlan, Plan, SpikingNeuron } from '../../src/plan/index.ts';
import { primitiveTaps, type Random, randomFrom } from './random-plan.ts';

const between = (random: Random, low: number, high: number): number => low + random(high - low + 1);
const chance = (random: Random): boolean => random(2) === 1;

/** The plan with each part of `device` present or not, without early exit; a plan without neurons, or with a wide engine, stays as it is. */
export function withRandomDevice(plan: Plan, seed: number): Plan {
  if (!plan.layers.some(({ neuron }) => 'stream' in neuron) || plan.layers.some(({ engine }) => engine.kind === 'wide'))
    return plan;
  const random = randomFrom(seed ^ 0xde71ce);
  const code = () => [0, 65535, random(65536), random(20000)][random(4)]!;
  const faults = chance(random) ? { missed: code(), falseRead: code(), failedReset: code() } : null;
  const phases = chance(random)
    ? {
        ...{ fast: random(4) === 0, writeClocks: random(4), readClocks: random(3) },
        resetClocks: random(4),
      }
    : null;
  return {
    ...plan,
    name: `${plan.name}_device`,
    layers: plan.layers.map((layer) =>
      'stream' in layer.neuron
        ? { ...layer, neuron: randomDevice(random, layer, layer.neuron, faults !== null) }
        : layer,
    ),
    earlyExit: 'none',
    neuron: {
      kind: 'device',
      phases,
      faults,
      counters: chance(random),
      loadTable: chance(random),
      selfTest: chance(random),
    },
  };
}

function randomDevice(random: Random, layer: LayerPlan, neuron: SpikingNeuron, faults: boolean): DeviceNeuron {
  const { stream, table, tableShift, tableOffset } = neuron;
  const count = stream.wordsPerTimeStep;
  const reach = 2 ** Math.min(layer.accumulatorBits + 1, 20);
  const trim = { gain: random(3) === 0 ? 256 : random(1024), offset: random(reach) - (reach >> 1) };
  const numbers = (value: () => number) => Array.from({ length: count }, value);
  const variation = {
    gain: numbers(() => random(4) * 128 + random(128)),
    offset: numbers(() => tableOffset * 256 + random(1024) - 512),
    stuck: numbers(() => [0, 0, 0, 1, 2][random(5)]!),
    gainBits: 9,
    offsetBits: 16,
  };
  return {
    ...{ kind: 'device', stream, table, tableShift, tableOffset },
    trim: chance(random) ? trim : null,
    variation: chance(random) ? variation : null,
    faultStream: faults
      ? {
          taps: primitiveTaps[random(primitiveTaps.length)]!,
          leap: between(random, 16, 19),
          seed: 1 + random(2 ** 32 - 2),
          wordsPerTimeStep: 2 * count,
        }
      : null,
  };
}
