/** Cost models by FPGA family. */
import type { CostModel, LutPrices } from './cost.ts';
import { ice40Ram } from './ram.ts';

/** LUTs of each term when modules are mapped one by one. */
const byModule: LutPrices = {
  accumulatorBit: 2.1,
  productBit: 1.8,
  tripleBit: 1,
  neuron: 70,
  encoderLane: 38,
  loadedLane: 32,
  seeder: 165,
  drawnStream: 22,
  windowEngine: 143,
  denseEngine: 80,
  eventEngine: 85,
  addressBit: 2.8,
  romBit: 0.075,
  pool: 20,
  readoutBit: 0.35,
  readoutLane: 36,
  image: 51,
  imageBank: 20,
  encoder: 63,
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
