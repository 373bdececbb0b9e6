/** From a design to a plan, from a plan to checked hardware. */
import { calibrate, type SwitchingTable, switchingTable } from '../device/index.ts';
import { type Design, elaborate } from '../hdl/index.ts';
import { quantise } from '../network/index.ts';
import type { Plan } from '../plan/index.ts';
import { topModule } from './blocks/top.ts';
import type { CoreDesign, CoreOptions } from './design/index.ts';
import { type LayerFold, planNetwork } from './plan/index.ts';

/** What a core is built with unless its design says otherwise. */
export const coreDefaults: Required<CoreOptions> = {
  weightBits: 8,
  timeSteps: 8,
  maxTimeSteps: 64,
  timeLanes: 4,
  seed: 1,
};

/** The plan of a design; `folds` (one for each layer) replaces the default ones. */
export function planCore(design: CoreDesign, folds?: readonly LayerFold[]): Plan {
  const options = { ...coreDefaults, ...design.options };
  const network = quantise(design.network, { weightBits: options.weightBits, encoding: design.encoding });
  return planNetwork(network, {
    name: design.name,
    table: coreTable(design),
    readout: design.readout,
    seed: options.seed,
    maxTimeSteps: options.maxTimeSteps,
    defaultTimeSteps: options.timeSteps,
    timeLanes: options.timeLanes,
    ...(folds ? { folds } : {}),
  });
}

/** The switching table of a design's device, calibrated so that the trained sigmoid and the device agree best. */
function coreTable(design: CoreDesign): SwitchingTable {
  return switchingTable(design.curve, calibrate(design.curve));
}

/** The hardware of a plan, after all design rules. */
export function buildHardware(plan: Plan): Design {
  return elaborate(topModule(plan));
}
