/** The spiking core: from a network to a plan, from a plan to hardware. */

export type { DeviceOptions } from '../plan/index.ts';
export {
  type Activity,
  addersOf,
  additions,
  type Budget,
  type Candidate,
  type CoreFold,
  type CostFamily,
  type CostModel,
  costFamilies,
  costModels,
  type Equipment,
  explore,
  fitBudget,
  isPrimitive,
  type LayerFold,
  type LutPrices,
  type PlanOptions,
  planNetwork,
  primitiveTaps,
  type SearchOptions,
  type Term,
  type Terms,
  termNames,
  wholeCoreParts,
  wordBits,
} from '../plan/index.ts';
export type { BindingOptions } from './bindings/options.ts';
export { coreBindings } from './bindings.ts';
export { type PllPrimitive, type PllSettings, pllPrimitives } from './board/pll.ts';
export { type BoardPins, type BoardTopOptions, buildBoard, type LevelPin } from './board/top.ts';
export {
  buildHardware,
  type CoreEstimate,
  coreDefaults,
  coreSearch,
  estimateCore,
  planCore,
  quantiseCore,
  rateCore,
} from './build.ts';
export {
  type ConvolutionOptions,
  type CoreBuilder,
  type CoreDesign,
  type CoreOptions,
  defineCore,
  type LayerWeights,
  type MtjNeuron,
  mtj,
  type Potentials,
  type Spikes,
  weightsOf,
} from './design/index.ts';
export { buildLink, type LinkSettings, linkCore, skipClocks } from './link/index.ts';
export type { Mechanism, Observed } from './mechanism.ts';
export { coreMechanisms, mechanismTable } from './mechanisms.ts';
export { type MemoryImage, memoryImages } from './memories.ts';
export { wrongMemories } from './monitors/map.ts';
export { type TelegraphDescription, type TelegraphLaw, telegraph } from './neurons/telegraph/law.ts';
export { registerMap } from './registers/all.ts';
export { registersC, registersIpxact, registersRdl } from './registers/export.ts';
export type { BusRegister } from './registers/map.ts';
export {
  buildTile,
  buildWrapper,
  tileName,
  tilePins,
  type WrapperBus,
  type WrapperKind,
  wrapperBuses,
  wrapperKinds,
  wrapperMap,
} from './wrappers/index.ts';
