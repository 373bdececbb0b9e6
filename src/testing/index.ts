/** Test benches in a few lines, for hardware of one's own: in vitest, or in any other program. */
export { type Agreement, type AgreeOptions, agree, type Model, type PortValues } from './agree.ts';
export { type Bench, bench, type Describable } from './bench.ts';
export { type BenchOptions, type CoreAgreement, coreAgrees } from './core.ts';
