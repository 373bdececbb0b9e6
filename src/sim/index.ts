/** The emitted core in Verilator: lockstep with the golden model, classification, stand-alone test benches. */
export { type Activity, type BitActivity, netlistActivity, trailingImages, warmImages } from './activity.ts';
export { beatOf } from './beats.ts';
export type { BusOperation } from './bus.ts';
export { type CoreFiles, readCore } from './core-files.ts';
export { type Covered, type VerilogCoverage, verilogCoverage } from './coverage.ts';
export { type CycleDut, compareDuts, interpreterDut, modelDut, verilatorDut } from './dut.ts';
export { type Difference, type Mismatch, mismatchText } from './explain.ts';
export { type ProofOptions, type ProofResult, prove } from './formal/prove.ts';
export { goldenReference, goldenResults } from './golden.ts';
export { buildHarness } from './harness-build.ts';
export { hostileStimulus, withTies } from './hostile.ts';
export { type LockstepProgress, type LockstepResult, type LockstepRun, runLockstep } from './lockstep.ts';
export type { CycleReference, SignalShape, SignalWork } from './model.ts';
export { type Mutant, type MutationResult, type MutationRun, mutate } from './mutation/index.ts';
export { type LayerProfile, type Profile, profileCore, type WorkSpan } from './profile.ts';
export {
  type ClassifyResult,
  type ClassifyRun,
  type CoreRun,
  type CoreTiming,
  coreTiming,
  type HostileResult,
  hostileLockstep,
  type LockstepOptions,
  lockstep,
  type MutateOptions,
  mutateCore,
  runVerilator,
  type VerifyResult,
} from './run.ts';
export {
  type SelfTest,
  type SelfTestCount,
  selfTestCounts,
  selfTestScript,
  trimScript,
  trimSteps,
} from './self-test.ts';
export type { CycleInputs, CycleOutputs, ImageResult, Stimulus } from './stimulus.ts';
export { modelTestbench, type TestbenchOptions, testbenchFiles, testImages, writeTestbench } from './testbench.ts';
export { hostTraffic } from './traffic.ts';
export { type LineFaults, startVirtualBoard, type VirtualBoard, type VirtualBoardOptions } from './virtual-board.ts';
