/** The reference model, in plain integers, written from docs/microarchitecture.md and the plan alone. */

export {
  type CycleInputs,
  type CycleModel,
  type CycleOutputs,
  createCycleModel,
  type Signal,
  type SignalWork,
} from './cycle/index.ts';
export { busAddressBits } from './cycle/neurons/device/control.ts';
export {
  type LayerActivity,
  measureActivity,
  type NetworkActivity,
  type SpikeShares,
} from './functional/activity.ts';
export { type Classification, type ClassifyOptions, classifyImages } from './functional/classify.ts';
export { type EarlyAnswers, exitEarly } from './functional/early-exit.ts';
export { countEvents, type EventOptions, type LayerEvents, type NetworkEvents } from './functional/events.ts';
export { nearDraws, nearImage, type PlacedImage } from './functional/near.ts';
export type { LayerMemory } from './functional/neurons/memory.ts';
export { type WatchedLayer, watchPotentials } from './functional/watch.ts';
export { type DeviceDraw, type LayerDevices, layerDevices } from './variation.ts';
