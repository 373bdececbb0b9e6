/** The spiking core: from a network to a plan, from a plan to hardware. */
export { buildHardware, coreDefaults, planCore } from './build.ts';
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
} from './design/index.ts';
export { defaultFolds, type LayerFold, type PlanOptions, planNetwork } from './plan/index.ts';
export { isPrimitive, primitiveTaps, wordBits } from './plan/streams.ts';
