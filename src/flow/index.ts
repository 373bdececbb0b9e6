/** External tools: found, run, and what they say made into records. */

export { boardConstraints } from './boards/constraints.ts';
export {
  type Board,
  boardJsonSchema,
  boardNames,
  boardTable,
  ice40BoardNames,
  knownBoard,
  readBoard,
} from './boards/table.ts';
export { ramSignals } from './ice40/cell-models.ts';
export { type Ice40Cell, type Ice40Netlist, localLuts, readIce40Netlist } from './ice40/netlist.ts';
export { type Ice40Simulation, ice40Simulation } from './ice40/simulation.ts';
export { type LintMessage, lintVerilog } from './lint.ts';
export {
  type MemoryShape,
  memoryAccessNs,
  memoryAreaUm2,
  memoryModelErrors,
  memoryReadEnergyJ,
} from './memory-model.ts';
export { type MappedLine, readSourceMap, translateMessages } from './messages.ts';
export { type BoardDesign, boardDesign, coreHash } from './place/board-design.ts';
export { type EjectedFile, type EjectOptions, ejectBoard } from './place/eject.ts';
export { flashBoard } from './place/flash.ts';
export { type BoardNetlist, type BoardSynthesisOptions, boardNetlist } from './place/netlist.ts';
export { type PlaceOptions, type PlaceResult, place, placeRecord } from './place/place.ts';
export { bitstreamConfiguration, bitstreamNetlist } from './place/read-back.ts';
export { storeResult } from './result-folder.ts';
export { type CellModelOptions, cellModels } from './synthesis/cell-models.ts';
export { clockGate, gatedFlipFlops } from './synthesis/clock-gating.ts';
export { type CellPowerRun, mappedCellPower } from './synthesis/mapped-power.ts';
export {
  type CellTiming,
  type MemoryMacro,
  type ModuleArea,
  type SynthesisResult,
  synthesisRecord,
} from './synthesis/result.ts';
export { type SynthesisOptions, synthesise, usualLiberty } from './synthesis/synthesise.ts';
export { type FpgaTarget, type Target, targetNames } from './synthesis/targets.ts';
export type { CellPowerReport, InstancePower } from './timing/cell-power.ts';
export type { CellPower } from './timing/instances.ts';
export { type DoctorReport, type DoctorTool, doctor } from './tools/doctor.ts';
export {
  type FoundTool,
  systemEnvironment,
  type ToolEnvironment,
  type ToolOrigin,
  type ToolPaths,
} from './tools/environment.ts';
export { findIfThere, findTool } from './tools/find.ts';
export { type RunOptions, type RunResult, runTool } from './tools/run.ts';
export { type ToolName, toolNames, toolsText, toolVariable } from './tools/table.ts';
