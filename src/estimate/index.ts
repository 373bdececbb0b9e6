/** What a core costs: area, power and energy in standard cells, with the activity of real images. */
export {
  type CellPowerOptions,
  type CorePower,
  type ModulePower,
  measureCellPower,
  type PowerShares,
  powerAt,
  powerSum,
} from './cell-power.ts';
export type { MemoryUse } from './memory-accesses.ts';
