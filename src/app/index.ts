/** What a person does with spinfire, as functions with typed results: nothing here prints or reads a command line. */

export { planFileName, readPlan, writePlan } from '../plan/index.ts';
export {
  type Answers,
  accuracies,
  classesAfter,
  countCorrect,
  goldenAnswers,
  likelyRenumbering,
  percent,
  type Renumbering,
  type Spread,
  spreadOf,
} from './accuracy.ts';
export { type EncodingHint, encodingHint, type ReadoutHint, readoutHint } from './answer-hints.ts';
export {
  type BoardAnswers,
  boardAnswers,
  checkNetlist,
  coreMemories,
  loadWeights,
  type NetlistCheck,
  virtualBoard,
} from './board.ts';
export { boardEnergies } from './board-energy.ts';
export { BoardMonitor, type BoardSample } from './board-monitor.ts';
export {
  type BudgetOptions,
  type Exploration,
  type ExploredCandidate,
  exploreDesign,
  type Room,
  roomFor,
  withBudget,
} from './budget.ts';
export { type CacheEntry, cacheEntries, clearCache } from './cache.ts';
export { calibrationPlot } from './calibration-plot.ts';
export {
  type ChipExploration,
  type ChipPoint,
  type ChipWish,
  exploreChip,
  readChipParts,
} from './chip/explore.ts';
export { chipCsv, chipPlot } from './chip/tables.ts';
export { type AppContext, type Progress, quiet, type Report, type Surroundings } from './context.ts';
export { type DemoOptions, runDemo, usualDemo } from './demo/index.ts';
export { demoName, demoPlan } from './demo/reference.ts';
export { checkName, type DesignOptions, identifier, loadDesign, usualCurve } from './design.ts';
export { type NetworkMemory, readMemory } from './device/memory-file.ts';
export { type MemoryCost, memoryCost, type ProcessStudy, studyProcess } from './device/process-study.ts';
export { type Device, type DeviceSelection, readDevice } from './device-file.ts';
export { checkMargin, meanOf } from './early-exit.ts';
export { type EjectRequest, ejectCore } from './eject.ts';
export type { ChipWishes, StudiedChip } from './energy/built.ts';
export { type CmosOptions, measureCmos } from './energy/cmos.ts';
export { studyMarkdown, studyTables, studyText, studyTornado } from './energy/describe.ts';
export { withDriver } from './energy/driver.ts';
export {
  type ChosenDevice,
  type EnergyStudy,
  energyDevice,
  type IntegerBaseline,
  readAssumptions,
  type StudyInputs,
  studyEnergy,
} from './energy/study.ts';
export { engineering } from './energy/units.ts';
export { calibrateFamily, type FamilyKind, type FamilyRequest, familyKinds, familyPlot, keptFamily } from './family.ts';
export { type FolderOptions, readInput, writeFileWhole, writeFolderWhole } from './files.ts';
export { type BitSearch, type CurveFit, type FitOptions, type Fitted, fitDesign } from './fit/index.ts';
export { type OpenCore, openCore, timeStepsOf } from './folder/open.ts';
export { verilogFiles } from './folder/parts.ts';
export { cacheFolder, type SimulateHooks, verilogAnswers } from './folder/simulate.ts';
export { countCyclesPerImage } from './folder/timing.ts';
export { type WrittenCore, writeCore, writeVerilog } from './folder/write.ts';
export { exploreFrontier, type FrontierPoint, frontierCsv, frontierPlot } from './frontier.ts';
export {
  type CheckedModule,
  checkModule,
  type EmittedModule,
  emitModule,
  type ModuleWish,
  openModule,
  writeModule,
} from './hdl/module.ts';
export { type ModuleRun, type ModuleTrace, runModule, type SignalTrace, type Stimulus, vcdOf } from './hdl/run.ts';
export { type ImageOptions, type LoadedImages, loadImages } from './images.ts';
export { type ReadNetwork, type RuntimeCheck, readNetwork, writeNirFile } from './import.ts';
export { coreInputHint, type InputHint, inputHint } from './input-hint.ts';
export { withRateLimits } from './monitors.ts';
export { type FpgaPowerWish, fpgaPower } from './power/fpga.ts';
export { initProject, type NewProject } from './project/init.ts';
export { type CycleRange, type OnImages, type Promised, promise, promiseOnImages } from './promises.ts';
export { type ReportWish, type WrittenReport, writeReport } from './report-page.ts';
export { weightsToStore } from './stored-weights.ts';
export { type Grid, parseSweep, type Sweep, type SweepDevice, type SweepPoint } from './sweep/file.ts';
export { Results, type RunResult } from './sweep/results.ts';
export { runSweep, type SweepOutcome, type SweepRun } from './sweep/run.ts';
export { type SlurmOptions, slurmScript } from './sweep/slurm.ts';
export { type Axis, csvOf, gridTables, plotAxes, type Row, sweepPlot } from './sweep/summary.ts';
