/** From a design to a plan, from a plan to checked hardware. */

import { calibrate, type SwitchingTable, switchingTable, tableRange } from '../device/index.ts';
import { badInput } from '../errors/index.ts';
import { type Design, DesignError, elaborate } from '../hdl/index.ts';
import { type FloatNetwork, type QuantisedNetwork, quantise } from '../network/index.ts';
import type { Plan } from '../plan/index.ts';
import {
  type Activity,
  type Candidate,
  type CoreFold,
  type Cost,
  type CostFamily,
  checkDepth,
  checkWork,
  coreCost,
  costModels,
  defaultFit,
  type Equipment,
  fitBudget,
  type PlanOptions,
  planNetwork,
  ratedCore,
  type SearchOptions,
  searchOptions,
  usualActivity,
} from '../plan/index.ts';
import { checkNetwork } from './design/check.ts';
import type { CoreDesign } from './design/index.ts';
import { neuronOptions } from './neurons/index.ts';
import { topModule } from './top.ts';

/** What a core is built with unless its design says otherwise. */
export const coreDefaults = { weightBits: 8, timeSteps: 8, maxTimeSteps: 64, seed: 1, family: 'ice40' } as const;

/** Planning, rating and costing ask for the same integers: of a network with millions of weights they are kept as long as it is. */
const quantised = new WeakMap<FloatNetwork, Map<string, QuantisedNetwork>>();

/** The quantised network of a design. */
export function quantiseCore(design: CoreDesign): QuantisedNetwork {
  const { weightBits, weightScale, activation } = { ...coreDefaults, ...design.options };
  const options = { weightBits, weightScale, encoding: design.encoding, activation };
  const known = quantised.get(design.network) ?? new Map<string, QuantisedNetwork>();
  quantised.set(design.network, known);
  const key = JSON.stringify(options);
  if (known.size === 0) checkNetwork(design.network);
  const result = known.get(key) ?? quantise(design.network, options);
  known.set(key, result);
  return result;
}

/** What a design has beside its engines and neurons of one draw. */
function equipmentOf({ law, options: { monitors, device, earlyExit } }: CoreDesign): Equipment {
  return { monitors, device, earlyExit, neuron: law };
}

/** What the planner must know of a design. */
export function coreSearch(design: CoreDesign): SearchOptions {
  const { timeSteps, maxTimeSteps, timeLanes, pixelLanes, family, fit } = {
    ...coreDefaults,
    ...design.options,
  };
  const asksForSpeed = fit?.cyclesPerImage !== undefined || fit?.latencyCycles !== undefined;
  return searchOptions(family, {
    timeSteps,
    maxTimeSteps,
    readout: design.readout,
    equipment: equipmentOf(design),
    activity: design.options.activity ?? (asksForSpeed ? 1 : usualActivity),
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
    const core = { timeSteps, maxTimeSteps, readout: design.readout, equipment: equipmentOf(design), ...folds };
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

/** The cost of a design's plan by the planner's prices. */
export function estimateCore(design: CoreDesign, plan: Plan, family?: CostFamily): CoreEstimate {
  const own = family ?? { ...coreDefaults, ...design.options }.family;
  const model = costModels[own];
  const context = { readout: design.readout, maxTimeSteps: plan.timeSteps.max, equipment: equipmentOf(design) };
  return { family: own, source: model.source, ...coreCost(quantiseCore(design), foldOf(plan), context, model) };
}

/** Clocks of a plan at an activity, by the planner; with phases of their devices' as long as they are after a reset. */
export function rateCore(design: CoreDesign, plan: Plan, activity: Activity): Candidate {
  return ratedCore(quantiseCore(design), foldOf(plan), { ...coreSearch(design), activity });
}

function foldOf({ timeSteps, seeding, imageBanks, pixelLanes, layers }: Plan): CoreFold {
  return { timeLanes: timeSteps.lanes, seeding, imageBanks, pixelLanes, folds: layers };
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

/**
 * The hardware of a plan, after all design rules.
 *
 * @throws badInput when a layer has the name of something that is around it, or the core that of something inside it
 */
export function buildHardware(plan: Plan): Design {
  try {
    const design = elaborate(topModule(plan));
    checkTopName(design, plan.name);
    return design;
  } catch (error) {
    const clash = error instanceof DesignError && error.diagnostics.find(({ rule }) => rule === 'HDL005');
    const layer = clash && plan.layers.find(({ name }) => clash.summary.startsWith(`'${name}' `));
    if (!layer) throw error;
    throw badInput(
      "a layer's name cannot be used",
      {
        where: `layer ${layer.name}`,
        found: `${layer.name}, the name of something else in the core`,
        expected: 'another name',
      },
      error,
    );
  }
}

/** From inside the core a path that begins with its name would be a block's. */
function checkTopName({ modules }: Design, name: string): void {
  const top = modules.find((module) => module.name === name);
  if (top === undefined || ![...top.nets, ...top.instances].some((inside) => inside.name === name)) return;
  throw badInput("the core's name cannot be used", {
    where: `core ${name}`,
    found: `${name}, the name of something inside the core`,
    expected: 'another name',
    help: 'give one with --name',
  });
}
