/** A plan small enough to follow by hand: 2x2 pixels, one dense layer, potential readout, one time step a pass. */
import type { LayerPlan, Plan } from '../../src/plan/index.ts';

/** What every dense layer of bits on one position has. */
export const denseLayer = {
  ...{ kind: 'dense', positionLanes: 1, timeLanes: 1 },
  ...{ strideY: 1, strideX: 1, padTop: 0, padLeft: 0, padBottom: 0, padRight: 0, pool: null },
  ...{ inputMax: 1, valueBits: 1, fractionBits: 2, biasValue: 1 },
} as const satisfies Partial<LayerPlan>;

export function plainPlan(fold: Pick<LayerPlan, 'engine' | 'outputLanes'>): Plan {
  const bias = [1, -2, 3];
  return {
    version: 2,
    name: 'plain',
    input: { height: 2, width: 2, channels: 1 },
    encoding: { kind: 'bernoulli', stream: { taps: [0, 2, 5, 11], leap: 19, seed: 0x12345678, wordsPerTimeStep: 4 } },
    pixelLanes: 1,
    imageBanks: 2,
    timeSteps: { max: 4, lanes: 1, default: 2 },
    seeding: 'seeder',
    earlyExit: 'none',
    neuron: { kind: 'ideal' },
    layers: [
      {
        ...denseLayer,
        name: 'layer',
        ...fold,
        input: { height: 2, width: 2, channels: 1 },
        output: { height: 1, width: 1, channels: 3 },
        kernelHeight: 2,
        kernelWidth: 2,
        weightBits: 5,
        weights: [
          [1, 2, 3, 4],
          [5, 6, 7, 8],
          [-1, -2, -3, -4],
        ],
        bias,
        biasRows: [bias],
        accumulatorBits: 6,
        neuron: { kind: 'none' },
      },
    ],
    readout: { kind: 'potential', classes: 3, scoreBits: 9 },
    seed: 1,
  };
}
