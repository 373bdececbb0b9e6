/** Two neurons behind two pixels: small enough to compute its energy by hand. */

import { readFileSync } from 'node:fs';
import { logisticCurve, spinHallMtj } from '../../src/device/index.ts';
import { type Assumptions, type ChipDevice, type DigitalCore, parseAssumptions } from '../../src/estimate/index.ts';
import type { Plan } from '../../src/plan/index.ts';
import { denseLayer } from '../golden/plain-plan.ts';

/** One dense layer, weights of 4 bits, z = v / 4; neuron 0 always spikes, neuron 1 never. */
export function twoNeurons(): Plan {
  const stream = (seed: number, wordsPerTimeStep: number) => ({
    taps: [0, 2, 5, 11],
    leap: 19,
    seed,
    wordsPerTimeStep,
  });
  const bias = [1, -1];
  return {
    version: 2,
    name: 'two',
    input: { height: 1, width: 2, channels: 1 },
    encoding: { kind: 'bernoulli', stream: stream(0x12345678, 2) },
    pixelLanes: 1,
    imageBanks: 2,
    timeSteps: { max: 8, lanes: 1, default: 3 },
    seeding: 'seeder',
    earlyExit: 'none',
    neuron: { kind: 'ideal' },
    layers: [
      {
        ...denseLayer,
        name: 'layer',
        engine: { kind: 'event' },
        outputLanes: 1,
        input: { height: 1, width: 2, channels: 1 },
        output: { height: 1, width: 1, channels: 2 },
        kernelHeight: 1,
        kernelWidth: 2,
        weightBits: 4,
        weights: [
          [4, -2],
          [-3, 3],
        ],
        bias,
        biasRows: [bias],
        accumulatorBits: 5,
        // Potential 0 and above always spikes, below never.
        neuron: { kind: 'ideal', stream: stream(0x9abcdef0, 2), table: [0, 65535], tableShift: 4, tableOffset: 1 },
      },
    ],
    readout: { kind: 'count', classes: 2, scoreBits: 5 },
    seed: 1,
  };
}

export const smallDevice: ChipDevice = {
  curve: { ...logisticCurve(80e-6, 10e-6), pulseS: 1e-9 },
  parameters: spinHallMtj(),
};

const file = new URL('../../models/energy/assumptions.json', import.meta.url);

export const assumptionsText = readFileSync(file, 'utf8');

/** The usual assumptions with other values. */
export function assumptionsWith(values: Readonly<Record<string, number>> = {}): Assumptions {
  const data = JSON.parse(assumptionsText) as Record<
    string,
    Record<string, { value: number; low: number; high: number }>
  >;
  for (const [path, value] of Object.entries(values)) {
    const [section, name] = path.split('.') as [string, string];
    Object.assign(data[section]![name]!, { value, low: value, high: value });
  }
  return parseAssumptions(JSON.stringify(data), 'changed.json');
}

export const smallDigital: DigitalCore = {
  title: 'CMOS',
  clockHz: 1e8,
  cyclesPerImage: 100,
  latencyS: 2e-6,
  areaUm2: 1000,
  memoryAreaUm2: 500,
  timeSteps: 3,
  images: 1,
  blocks: [
    { name: '', dynamicJ: 1e-12, leakageJ: 2e-13, memoryJ: 0, memoryBits: 0 },
    { name: 'encoder', dynamicJ: 2e-12, leakageJ: 1e-13, memoryJ: 0, memoryBits: 0 },
    { name: 'layer', dynamicJ: 4e-12, leakageJ: 2e-13, memoryJ: 8e-12, memoryBits: 64 },
    { name: 'layer_buffer', dynamicJ: 1e-12, leakageJ: 1e-13, memoryJ: 1e-12, memoryBits: 16 },
    { name: 'layer_neurons', dynamicJ: 3e-12, leakageJ: 3e-13, memoryJ: 2e-12, memoryBits: 0 },
    { name: 'readout', dynamicJ: 1e-12, leakageJ: 1e-13, memoryJ: 0, memoryBits: 0 },
  ],
  gateableJ: { clock: 5e-12, reads: 2e-12 },
  tools: {},
  notes: [],
};
