/** What a core costs: area, power and energy in standard cells and on FPGAs, with the activity of real images; the chip of MTJs beside it; money. */

export {
  type ArrayEstimate,
  type BuiltChip,
  type BuiltInputs,
  buildChip,
  builtCurrents,
  builtEstimate,
  type ChipChoice,
  type ChipChoices,
  type ChipParts,
  chipObjections,
  chipPlan,
  countCurrents,
  type DrawnChip,
  drawChip,
  estimateArray,
  type LayerSums,
  layerSums,
  parseParts,
  type TileCurrents,
} from './array/index.ts';
export { type Assumption, type Assumptions, parseAssumptions, valuesOf, withValue } from './assumptions.ts';
export {
  type CellPowerOptions,
  type CorePower,
  type ModulePower,
  measureCellPower,
  type PowerShares,
  powerSum,
} from './cell-power.ts';
export {
  type ChipDevice,
  type ChipEnergy,
  type ChipEstimate,
  type ChipLayer,
  chipParts,
  estimateChip,
} from './chip.ts';
export {
  type Comparison,
  type ComparisonInputs,
  compare,
  extremeRatios,
  type Headline,
  type HeadlineIntervals,
  type HeadlineKey,
  headlineIntervals,
  paperRatio,
  type RatioInterval,
  type Ratios,
  ratiosOf,
  type Sensitivity,
  sensitivities,
} from './compare.ts';
export { type CountedEvents, countedEnergyJ, type EventEnergies, eventEnergies } from './counted.ts';
export {
  type BlockRole,
  blockRole,
  type DigitalBlock,
  type DigitalCore,
  type DigitalEstimate,
  digitalCore,
  estimateDigital,
  type MeasuredPower,
} from './digital.ts';
export { type DutyCycle, dutyCycle } from './duty.ts';
export { type BreakEven, breakEven, type Part, type RunningCost, runningCost } from './economics.ts';
export {
  type FpgaModulePower,
  type FpgaPower,
  type FpgaPowerOptions,
  measureFpgaPower,
} from './fpga-power.ts';
export { powerAt } from './gated-clocks.ts';
export {
  type Ice40Counts,
  type Ice40Part,
  type Ice40PowerParts,
  ice40Coefficients,
  ice40Power,
  type Range,
  sumRanges,
} from './ice40-coefficients.ts';
export { type LedgerLine, ledgerTotal } from './ledger.ts';
export type { MemoryUse } from './memory-accesses.ts';
export { type NeuronCircuit, neuronCircuit } from './neuron.ts';
export {
  byEarlyExit,
  byLevels,
  byTemperature,
  byTimeSteps,
  checkDevice,
  type LabelledImages,
  type TemperaturePoint,
  type TradePoint,
} from './trade.ts';
