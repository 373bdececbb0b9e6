/** The emitted core in Verilator: lockstep with the golden model, classification, stand-alone test benches. */
export { type CoreFiles, readCore } from './core-files.ts';
export { type Difference, type Mismatch, mismatchText } from './explain.ts';
export { type LockstepProgress, type LockstepResult, type LockstepRun, runLockstep } from './lockstep.ts';
export type { CycleReference, SignalPlace, SignalShape } from './model.ts';
export type { CycleInputs, CycleOutputs, ImageResult, Stimulus } from './stimulus.ts';
export { systemTools, type Tools } from './tools.ts';
