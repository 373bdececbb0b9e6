/** What a core costs: area, power and energy in standard cells and on FPGAs, with the activity of real images. */
export {
  type CellPowerOptions,
  type CorePower,
  type ModulePower,
  measureCellPower,
  type PowerShares,
  powerAt,
  powerSum,
} from './cell-power.ts';
export {
  type FpgaModulePower,
  type FpgaPower,
  type FpgaPowerOptions,
  measureFpgaPower,
} from './fpga-power.ts';
export {
  type Ice40Counts,
  type Ice40Part,
  type Ice40PowerParts,
  ice40Coefficients,
  ice40Power,
  type Range,
  sumRanges,
} from './ice40-coefficients.ts';
export type { MemoryUse } from './memory-accesses.ts';
