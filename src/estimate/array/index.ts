/** Crossbars that one could build: parts, wires, circuits, what they make of the sums, what they cost. */
export {
  type BuiltInputs,
  builtCurrents,
  builtEstimate,
  type DrawnChip,
  drawChip,
  withProcess,
} from './built.ts';
export {
  type ArrayEstimate,
  type BuiltChip,
  buildChip,
  chipObjections,
  estimateArray,
} from './chip.ts';
export { type ReadMargin, type TileCurrents, upperTail } from './circuit.ts';
export { countCurrents } from './currents.ts';
export { approximateNetwork, effectiveConductances, solveNetwork, type WireOhms } from './network.ts';
export { type Cell, type ChipChoice, type ChipChoices, type ChipParts, parseParts } from './parts.ts';
export { chipPlan, type LayerSums, layerSums } from './sums.ts';
