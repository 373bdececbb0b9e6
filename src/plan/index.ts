/** The plan of a core: its schema, its file, how it is made from a network, and which folds to choose. */
export { checkFeatures } from './features.ts';
export { planFileName, planJsonSchema, planSchemaFileName, readPlan, writePlan } from './file.ts';
export { type DeviceOptions, type DeviceScale, probabilityCode } from './maker/device.ts';
export { type Gf2Matrix, lfsrStep, power } from './maker/gf2.ts';
export { planNetwork } from './maker/network.ts';
export type { NeuronOptions } from './maker/neurons.ts';
export type { LayerFold, MonitorOptions, PlanOptions } from './maker/options.ts';
export { layerAdditions, type TapRun, tapsOf, walkedRuns, walkedTaps } from './maker/runs.ts';
export { firstTaps, isPrimitive, primitiveTaps, streamDegree, streamLeap, wordBits } from './maker/streams.ts';
export { type Bounds, channelFactor, shiftedWeightBits, signedBits, unsignedBits } from './maker/widths.ts';
export {
  type Activity,
  addersOf,
  additions,
  type Budget,
  type Candidate,
  type CoreFold,
  type Cost,
  type CostFamily,
  type CostModel,
  checkDepth,
  checkWork,
  coreCost,
  costFamilies,
  costModels,
  defaultFit,
  type Equipment,
  explore,
  fitBudget,
  type LutPrices,
  ratedCore,
  type SearchOptions,
  searchOptions,
  type Term,
  type Terms,
  termNames,
  usualActivity,
  usualLimits,
  wholeCoreParts,
} from './planner/index.ts';
export { realNetwork } from './real-network.ts';
export { reloadedPlan } from './reload.ts';
export * from './schema/index.ts';
