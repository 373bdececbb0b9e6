/** Cost models by FPGA family. */
import type { CostModel, LutPrices } from './cost.ts';
import { ice40Ram } from './ram.ts';

/** LUTs of each term when modules are mapped one by one. */
const byModule: LutPrices = {
  accumulatorBit: 2.1,
  productBit: 1.8,
  tripleBit: 1,
  neuron: 102,
  seeder: 165,
  windowEngine: 143,
  eventEngine: 85,
  addressBit: 2.8,
  romBit: 0.075,
  pool: 20,
  readoutBit: 0.35,
  readoutLane: 36,
  image: 71,
  encoder: 228,
  encoderLane: 70,
};
/** What mapping the flattened core saves. */
const flattened = 0.93;

export const ice40CostModel: CostModel = {
  family: 'ice40',
  ram: ice40Ram,
  source: 'yosys 0.23 synth_ice40 on three folds of the CNN: 1 % off the LUTs of each, RAMs exact',
  prices: Object.fromEntries(Object.entries(byModule).map(([term, price]) => [term, price * flattened])) as {
    [Term in keyof LutPrices]: number;
  },
};
