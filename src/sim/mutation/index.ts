export { type MutationProgress, type MutationResult, type MutationRun, mutate } from './mutate.ts';
export type { Mutant } from './yosys.ts';
