/** The planner: folds that fit a budget. */
import { checkFailed } from '../../errors/index.ts';
import type { QuantisedNetwork } from '../../network/index.ts';
import { usualLimits } from './limits.ts';
import { type CostFamily, costModels } from './models.ts';
import { areaOf, type Candidate, pixelLanesOf, type SearchOptions, searchFolds } from './search.ts';

export { type CoreFold, type Cost, type CostModel, coreCost, type LutPrices, wholeCoreParts } from './cost.ts';
export { addersOf, additions } from './cycles.ts';
export type { Equipment } from './equipment.ts';
export { layerFacts } from './facts.ts';
export { type CostlyCore, checkDepth, checkWork, usualLimits } from './limits.ts';
export { type CostFamily, costFamilies, costModels } from './models.ts';
export { type Activity, type Candidate, ratedCore, type SearchOptions } from './search.ts';
export { type Term, type Terms, termNames } from './terms.ts';

/** What a core may cost and must reach; absent means unlimited. */
export interface Budget {
  /** LUT4, as yosys counts them; on ECP5 with two for each carry cell. */
  readonly luts?: number;
  /** Block RAMs. */
  readonly rams?: number;
  /** Slowest acceptable throughput. */
  readonly cyclesPerImage?: number;
  /** Slowest acceptable way of one image from its last pixel to its class. */
  readonly latencyCycles?: number;
  /** Adders that work at once. */
  readonly lanes?: number;
}

/** Room for the core on an iCE40 UP5K (5,280 LUT, 30 block RAMs), with some left for routing and a host interface. */
export const smallBoardBudget: Budget = { luts: 4600, rams: 30 };

/**
 * Of the candidates within the budget the cheapest where it asks for a speed (LUTs and block RAMs both counted), else the fastest. Throws
 * checkFailed that names the nearest one when nothing fits.
 */
export function fitBudget(network: QuantisedNetwork, options: SearchOptions, budget: Budget): Candidate {
  const narrow = searchFolds(network, options);
  const asksForSpeed = budget.cyclesPerImage !== undefined || budget.latencyCycles !== undefined;
  const best = asksForSpeed ? cheapestWithin(narrow, budget, options) : firstWithin(narrow, budget);
  if (best) return best;
  const wide = wideCandidates(network, options, budget);
  const cheapest = cheapestWithin(wide, budget, options);
  if (cheapest) return cheapest;
  const candidates = [...narrow, ...wide];
  const nearest = candidates.reduce((a, b) => (excess(b, budget) < excess(a, budget) ? b : a));
  throw checkFailed('no fold of this network fits', {
    where: `network ${network.name}`,
    found: `nearest: ${showCandidate(nearest)}`,
    expected: showBudget(budget),
    help: `a larger board, fewer weight bits, or a lower speed; \`spinfire build --explore\` shows all folds${activityHelp(options, asksForSpeed)}`,
  });
}

function activityHelp({ activity = 1 }: SearchOptions, asksForSpeed: boolean): string {
  return asksForSpeed && activity === 1 ? '. Clocks hold for any image; --images counts those of yours' : '';
}

/** All candidates that no other beats, fastest first; with any number of pixels a beat, unless the options say how many. */
export function explore(network: QuantisedNetwork, options: SearchOptions): Candidate[] {
  return searchFolds(network, { pixelLanes: pixelLanesOf(network, options), ...options });
}

/** Several pixels a beat change the core's input port: only where a speed is asked for, and nobody said how many. */
function wideCandidates(network: QuantisedNetwork, options: SearchOptions, budget: Budget): Candidate[] {
  if (budget.cyclesPerImage === undefined || options.pixelLanes !== undefined) return [];
  const pixelLanes = pixelLanesOf(network, options).slice(1);
  return pixelLanes.length === 0 ? [] : searchFolds(network, { ...options, pixelLanes });
}

/** Of candidates, fastest first, the first one within the budget. */
function firstWithin(candidates: readonly Candidate[], budget: Budget): Candidate | undefined {
  return candidates.find((candidate) => excess(candidate, budget) <= 0);
}

function cheapestWithin(
  candidates: readonly Candidate[],
  budget: Budget,
  { model }: SearchOptions,
): Candidate | undefined {
  const area = ({ cost }: Candidate) => areaOf(cost, model);
  return candidates
    .filter((candidate) => excess(candidate, budget) <= 0)
    .reduce<Candidate | undefined>(
      (best, next) => (best === undefined || area(next) < area(best) ? next : best),
      undefined,
    );
}

interface PartBudget {
  /** The design's own where it is not said. */
  readonly family?: CostFamily;
  readonly budget: Budget;
}

/** The small board, then larger parts in turn, each with some LUTs left (iCE40 HX8K, LFE5U-25F, LFE5U-85F), then LUTs alone. */
const partBudgets: readonly PartBudget[] = [
  { budget: smallBoardBudget },
  { budget: { luts: 6400, rams: 32 } },
  { family: 'ecp5', budget: { luts: 20_000, rams: 56 } },
  { family: 'ecp5', budget: { luts: 30_000, rams: 208 } },
  { budget: { luts: 30_000 } },
];

/**
 * Folds for a design that states no budget: the small board's if the network fits there, else those of the smallest part that holds it
 * and works on an image for no longer than is usual. A network that no part holds at that speed gets the cheapest core that has it.
 */
export function defaultFit(network: QuantisedNetwork, options: SearchOptions): Candidate {
  const found = new Map<CostFamily, Candidate[]>();
  const searched = (family: CostFamily) => {
    const known = found.get(family) ?? searchFolds(network, { ...options, model: costModels[family] });
    found.set(family, known);
    return known;
  };
  const own = options.model.family;
  const { luts, cyclesPerImage } = usualLimits;
  let slow: Candidate | undefined;
  for (const { family = own, budget } of partBudgets) {
    const fit = firstWithin(searched(family), budget);
    if (fit && fit.cyclesPerImage <= cyclesPerImage) return fit;
    slow ??= fit;
  }
  return cheapestWithin(searched(own), { luts, cyclesPerImage }, options) ?? slow ?? searched(own).at(-1)!;
}

/** Of MNIST's pixels about one in four spikes in at least one of four time steps; hidden layers are as active. */
export const usualActivity = 0.25;

/** The options of a search for a core of the given network with the prices of an FPGA family. */
export function searchOptions(family: CostFamily, options: Omit<SearchOptions, 'model'>): SearchOptions {
  return { ...options, model: costModels[family] };
}

/** By how much, relatively, a candidate misses the budget; 0 when it fits. */
function excess({ cost, cyclesPerImage, latencyCycles, lanes }: Candidate, budget: Budget): number {
  const over = (value: number, limit: number | undefined) =>
    limit === undefined ? 0 : Math.max(0, (value - limit) / limit);
  return (
    over(cost.luts, budget.luts) +
    over(cost.rams, budget.rams) +
    over(cyclesPerImage, budget.cyclesPerImage) +
    over(latencyCycles, budget.latencyCycles) +
    over(lanes, budget.lanes)
  );
}

function showCandidate({ cost, cyclesPerImage, latencyCycles, lanes }: Candidate): string {
  return `${cost.luts} LUTs, ${cost.rams} RAMs, ${cyclesPerImage} cycles an image, ${latencyCycles} of latency, ${lanes} lanes`;
}

function showBudget(budget: Budget): string {
  const parts = [
    budget.luts !== undefined && `${budget.luts} LUTs`,
    budget.rams !== undefined && `${budget.rams} RAMs`,
    budget.cyclesPerImage !== undefined && `${budget.cyclesPerImage} cycles an image`,
    budget.latencyCycles !== undefined && `${budget.latencyCycles} cycles of latency`,
    budget.lanes !== undefined && `${budget.lanes} lanes`,
  ];
  return `at most ${parts.filter(Boolean).join(', ')}`;
}
