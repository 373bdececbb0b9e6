/**
 * From a trained network and a magnetic tunnel junction to verified Verilog: what one needs to describe a core and to write it.
 * Each room has a door of its own: `spinfire/hdl`, `/core`, `/device`, `/network`, `/plan`, `/golden`, `/sim`, `/flow`, `/estimate`,
 * `/app`, `/testing`, ...
 */
export { loadDesign, type OpenCore, openCore, usualCurve, type WrittenCore, writeCore } from './app/index.ts';
export {
  buildHardware,
  type CoreBuilder,
  type CoreDesign,
  type CoreOptions,
  defineCore,
  type MtjNeuron,
  mtj,
  planCore,
  weightsOf,
} from './core/index.ts';
export { readCurveFile, type SwitchingCurve } from './device/index.ts';
export { SpinfireError } from './errors/index.ts';
export { component, elaborate, emitVerilog, interpret } from './hdl/index.ts';
export { importOnnx } from './network/index.ts';
export type { Plan } from './plan/index.ts';
