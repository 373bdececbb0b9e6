/** The spiking core: from a network to a plan, from a plan to hardware. */

export { topModule } from './blocks/top.ts';
export { defaultFolds, type LayerFold, type PlanOptions, planNetwork } from './plan/index.ts';
export { isPrimitive, primitiveTaps, wordBits } from './plan/streams.ts';
