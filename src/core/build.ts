/** From a design to a plan, from a plan to checked hardware. */

import { calibrate, type SwitchingTable, switchingTable, tableRange } from '../device/index.ts';
import { type Design, elaborate } from '../hdl/index.ts';
import { type QuantisedNetwork, quantise } from '../network/index.ts';
import type { Plan } from '../plan/index.ts';
import {
  type Cost,
  type CostFamily,
  checkDepth,
  checkWork,
  coreCost,
  costModels,
  defaultFit,
  fitBudget,
  type PlanOptions,
  planNetwork,
  type SearchOptions,
  searchOptions,
} from '../plan/index.ts';
import type { CoreDesign } from './design/index.ts';
import { neuronOptions } from './neurons/index.ts';
import { topModule } from './top.ts';

/** What a core is built with unless its design says otherwise. */
export const coreDefaults = { weightBits: 8, timeSteps: 8, maxTimeSteps: 64, seed: 1, family: 'ice40' } as const;

/** The quantised network of a design. */
export function quantiseCore(design: CoreDesign): QuantisedNetwork {
  const { weightBits, activation } = { ...coreDefaults, ...design.options };
  return quantise(design.network, { weightBits, encoding: design.encoding, activation });
}

/** What the planner must know of a design. */
export function coreSearch(design: CoreDesign): SearchOptions {
  const {
    timeSteps,
    maxTimeSteps,
    timeLanes,
    pixelLanes,
    family,
    earlyExit = false,
  } = {
    ...coreDefaults,
    ...design.options,
  };
  return searchOptions(family, {
    timeSteps,
    maxTimeSteps,
    readout: design.readout,
    earlyExit,
    ...(timeLanes === undefined ? {} : { timeLanes: [timeLanes] }),
    ...(pixelLanes === undefined ? {} : { pixelLanes: [pixelLanes] }),
  });
}

/**
 * The plan of a design: with its own folds, with the fastest ones that fit its budget, or, where it states neither, with those
 * that suit a small board. Throws badInput when nothing fits.
 */
export function planCore(design: CoreDesign): Plan {
  const options = { ...coreDefaults, ...design.options };
  const network = quantiseCore(design);
  if (options.force !== true) checkDepth(network);
  const folds = chooseFolds(network, design);
  if (options.force !== true) {
    const { timeSteps, maxTimeSteps, family, fit = {} } = options;
    const core = { timeSteps, maxTimeSteps, readout: design.readout, ...folds };
    if (folds.folds.length === network.layers.length) checkWork(network, core, costModels[family], fit);
  }
  return planNetwork(network, {
    name: design.name,
    table: coreTable(design),
    readout: design.readout,
    seed: options.seed,
    device: options.device,
    monitors: options.monitors,
    deviceScale: options.device?.variation ? calibrate(design.curve) : undefined,
    maxTimeSteps: options.maxTimeSteps,
    defaultTimeSteps: options.timeSteps,
    earlyExit: options.earlyExit === true ? 'margin' : 'none',
    neuron: coreNeuron(design),
    ...folds,
  });
}

function chooseFolds(
  network: QuantisedNetwork,
  design: CoreDesign,
): Pick<PlanOptions, 'timeLanes' | 'folds' | 'seeding' | 'imageBanks' | 'pixelLanes'> {
  const { folds, fit, timeLanes, seeding, imageBanks, pixelLanes } = design.options;
  if (folds) return { folds, timeLanes: timeLanes ?? 1, seeding, imageBanks, pixelLanes };
  const search = coreSearch(design);
  return fit ? fitBudget(network, search, fit) : defaultFit(network, search);
}

/** What the planner expects yosys to count. */
export interface CoreEstimate extends Cost {
  readonly family: CostFamily;
  /** Which yosys, and how far off. */
  readonly source: string;
}

/**
 * The cost of a design's plan by the planner's prices; undefined where parts of it have none: neurons that behave like their devices,
 * integer activations.
 */
export function estimateCore(design: CoreDesign, plan: Plan): CoreEstimate | undefined {
  const { family } = { ...coreDefaults, ...design.options };
  if (plan.neuron.kind !== 'ideal') return undefined;
  const { timeSteps, seeding, imageBanks, pixelLanes, layers } = plan;
  const core = { timeLanes: timeSteps.lanes, seeding, imageBanks, pixelLanes, folds: layers };
  const context = { readout: design.readout, maxTimeSteps: timeSteps.max };
  const model = costModels[family];
  return { family, source: model.source, ...coreCost(quantiseCore(design), core, context, model) };
}

/** Tables of a design's device, calibrated so that the trained sigmoid and the device agree best. */
function coreTable({ curve }: CoreDesign): (potentialStep: number) => SwitchingTable {
  const calibration = calibrate(curve);
  const range = tableRange(curve, calibration);
  return (potentialStep) => switchingTable(curve, calibration, { ...range, potentialStep });
}

/** How a design's neurons go on from the state they are in, over the range of its table; undefined where they have none. */
function coreNeuron({ curve, law }: CoreDesign) {
  const calibration = calibrate(curve);
  return law && neuronOptions(law, calibration, tableRange(curve, calibration));
}

/** The hardware of a plan, after all design rules. */
export function buildHardware(plan: Plan): Design {
  return elaborate(topModule(plan));
}
