/** Random behaviour of devices for random plans, and random traffic on their register buses. */
import type { DeviceNeuron, LayerPlan, Plan, SpikingNeuron } from '../../src/plan/index.ts';
import type { BusOperation } from '../../src/sim/index.ts';
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

/** Reads and writes all over the map, with self-tests between images; ends with counters read. */
export function randomTraffic(plan: Plan, seed: number, images: number): BusOperation[] {
  const device = plan.neuron;
  if (device.kind !== 'device') return [];
  const random = randomFrom(seed ^ 0xb05);
  const layers = plan.layers.filter(({ neuron }) => neuron.kind === 'device').length;
  const last = 128 + 16 * layers - 1;
  const script: BusOperation[] = [];
  const some = (address: number) => {
    if (chance(random)) script.push({ kind: 'read', address });
    // A code or a small number, so that phases stay short; never a new self-test while nobody waits for it.
    else if (address !== 9 && address !== 13 && address !== 14)
      script.push({ kind: 'write', address, data: random(3) === 0 ? random(2 ** 32) : random(6) });
    if (address > 1 && address < 6) script.push({ kind: 'write', address, data: random(5) });
  };
  for (let image = 1; image <= images; image += 1) {
    script.push({ kind: 'send', images: image });
    for (let i = random(6); i > 0; i -= 1) {
      some(chance(random) ? random(16) : Math.min(last, 128 + random(16 * Math.max(1, layers))));
      script.push({ kind: 'pause', clocks: random(40) });
    }
    if (!chance(random)) script.push({ kind: 'results', images: random(image + 1) });
    if (device.selfTest && chance(random)) {
      script.push({ kind: 'write', address: 13, data: random(4) }, { kind: 'write', address: 14, data: random(3) });
      script.push({ kind: 'write', address: 9, data: 1 }, { kind: 'read', address: 9 });
      script.push({ kind: 'until', address: 9, mask: 1, value: 0 });
      for (let i = 0; i < 4; i += 1) script.push({ kind: 'read', address: 64 + i });
    }
  }
  for (let address = 128; address <= last; address += 1) script.push({ kind: 'read', address });
  return script;
}
