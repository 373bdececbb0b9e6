/** Cost models by FPGA family. */
import type { CostModel } from './cost.ts';
import { ecp5Prices, ice40Prices } from './prices.ts';
import { ecp5Ram, ice40Ram } from './ram.ts';

/** The prices of each family. */
export const costModels = {
  ice40: { family: 'ice40', ram: ice40Ram, ...ice40Prices },
  ecp5: { family: 'ecp5', ram: ecp5Ram, ...ecp5Prices },
} as const satisfies Record<string, CostModel>;

/** FPGA family that the planner has prices for. */
export type CostFamily = keyof typeof costModels;
/** All families that the planner has prices for. */
export const costFamilies = Object.keys(costModels) as readonly CostFamily[];
