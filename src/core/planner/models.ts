/** Cost models by FPGA family; prices fitted by bench/cost-model.ts. */
import type { CostModel } from './cost.ts';
import { ice40Ram } from './ram.ts';

export const ice40CostModel: CostModel = {
  family: 'ice40',
  ram: ice40Ram,
  source: 'first estimate, before the fit',
  prices: {
    accumulatorBit: 2,
    productBit: 2.1,
    tripleBit: 1,
    neuron: 116,
    seeder: 175,
    windowEngine: 120,
    eventEngine: 90,
    addressBit: 3,
    romBit: 0.08,
    pool: 30,
    readoutBit: 1.1,
    image: 70,
    encoder: 220,
    encoderLane: 70,
  },
};
