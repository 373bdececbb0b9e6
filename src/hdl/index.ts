/** The embedded hardware language: typed values, modules, memories, design rules, an interpreter and readable Verilog. */

export { type BlackBoxOptions, defineBlackBox } from './builder/black-box.ts';
export { type Assignable, ModuleBuilder, type SignalTree } from './builder/builder.ts';
export { InstanceHandle, type InstanceInputs } from './builder/instance.ts';
export type { SynchronisedResetOptions } from './builder/local-reset.ts';
export { addressWidth, type DualPort, type Memory, type ReadOptions, type TrueDualMemory } from './builder/memory.ts';
export { defineModule, type ModuleDefinition } from './builder/module.ts';
export { nameProblem } from './builder/names.ts';
export type {
  Clock,
  LiteralOf,
  MemoryOptions,
  RegisterOptions,
  Reset,
  SignalOf,
  WireOptions,
} from './builder/options.ts';
export { type Component, component, external } from './component/component.ts';
export {
  type ClockPort,
  clock,
  type EndOf,
  flip,
  type Given,
  type GivenArray,
  type Inside,
  input,
  type LinkEnd,
  type LinkPort,
  link,
  type Outside,
  type OutsideArray,
  output,
  type Port,
  type PortRecord,
  type PortTree,
  type ResetPort,
  reset,
  type VectorPort,
  vector,
  when,
} from './component/ports.ts';
export {
  DesignError,
  type Diagnostic,
  type DiagnosticJson,
  diagnosticJson,
  formatDiagnostic,
  type RuleCode,
  ruleTitles,
  type Severity,
  severityOf,
} from './diagnostics.ts';
export { Design, type MemoryInfo, type PortInfo, type RegisterInfo } from './elaborate/design.ts';
export { elaborate } from './elaborate/elaborate.ts';
export { type InterpretOptions, interpret, type Simulation } from './interpret/simulation.ts';
export { recordWaves, type WaveOptions, type Waves } from './interpret/waves.ts';
export type { BlackBoxModel } from './ir/module.ts';
export {
  type BoolType,
  bool,
  type EnumType,
  enumeration,
  type ScalarType,
  type SIntType,
  sint,
  type UIntType,
  uint,
} from './ir/types.ts';
export { type BufferOptions, streamBuffer, streamFifo } from './lib/buffers.ts';
export { type Counter, type CounterOptions, counter } from './lib/counters.ts';
export { type DelayOptions, delayed } from './lib/delays.ts';
export { leapForward, linearMap } from './lib/lfsr.ts';
export {
  axiStream,
  type PayloadType,
  type StreamFields,
  type StreamOptions,
  stream,
  transfers,
} from './lib/streams.ts';
export { type SynchroniserOptions, synchronise } from './lib/synchronise.ts';
export { wishbone } from './lib/wishbone.ts';
export { netlistText } from './lower/text.ts';
export type { Origin, SourceOrigin } from './origin.ts';
export { type RulePage, rulePages } from './rules/pages.ts';
export { checkSource } from './source/index.ts';
export { concat, lit, mux, select, sum } from './values/functions.ts';
export { type Literal, NamedConstant } from './values/literals.ts';
export { Bool, EnumValue, SInt, type Signal, UInt } from './values/signals.ts';
export {
  emitVerilog,
  type LineOrigin,
  type VerilogFile,
  type VerilogOptions,
  type VerilogOutput,
} from './verilog/emit.ts';
