/** What a fold costs in LUTs and block RAMs: quantities of terms.ts times prices that are fitted to yosys and kept as data. */
import type { QuantisedNetwork } from '../../network/index.ts';
import type { LayerFold } from '../maker/options.ts';
import { type LayerFacts, layerFacts } from './facts.ts';
import {
  type CoreContext,
  coreParts,
  type LayerContext,
  layerContext,
  layerParts,
  type Parts,
  type Variant,
} from './parts.ts';
import type { RamFamily } from './ram.ts';
import { sumOfTerms, type Term, type Terms, termNames } from './terms.ts';

/** LUTs and block RAMs, by the cost model. */
export interface Cost {
  /** LUT4; on ECP5 with two for each CCU2C carry cell. */
  readonly luts: number;
  readonly rams: number;
}

/** LUTs for one unit of each term. */
export type LutPrices = Readonly<Record<Term, number>>;

/** Prices of a family, fitted to syntheses: LUTs by term, and the shapes of its block RAMs. */
export interface CostModel {
  readonly family: 'ice40' | 'ecp5';
  readonly prices: LutPrices;
  readonly ram: RamFamily;
  /** Which yosys the prices were fitted to, and how far off cores were that the fit did not see. */
  readonly source: string;
}

/** Everything that decides what a core is made of. */
export interface CoreFold extends Variant {
  readonly timeLanes: number;
  readonly folds: readonly LayerFold[];
}

export function layerCost(facts: LayerFacts, fold: LayerFold, context: LayerContext, model: CostModel): Cost {
  return priced(layerParts(facts, fold, context, model.ram), model);
}

/** What surrounds the layers. */
export function surroundingCost(
  network: QuantisedNetwork,
  facts: readonly LayerFacts[],
  context: CoreContext,
  variant: Variant,
  positionLanes: number,
  model: CostModel,
): Cost {
  return priced(coreParts(network, facts, context, variant, model.ram, positionLanes), model);
}

/** LUTs, flip-flops, carry cells and block RAMs that the model foretells, the input buffer and readout included; `core` has a fold for each layer. */
export function coreCost(network: QuantisedNetwork, core: CoreFold, context: FoldlessContext, model: CostModel): Cost {
  return priced(wholeCoreParts(network, core, context, model.ram), model);
}

/** The core's time lanes are its fold's. */
type FoldlessContext = Omit<CoreContext, 'timeLanes'>;

/** The terms and block RAMs of a whole core; what prices are fitted to. */
export function wholeCoreParts(
  network: QuantisedNetwork,
  core: CoreFold,
  { readout, maxTimeSteps, equipment = {} }: FoldlessContext,
  ram: RamFamily,
): { readonly terms: Terms; readonly rams: number } {
  const context = { timeLanes: core.timeLanes, readout, maxTimeSteps, equipment };
  const facts = layerFacts(network, context);
  const parts = facts.map((layer, index) =>
    layerParts(layer, core.folds[index]!, layerContext(layer, index === facts.length - 1, context, core), ram),
  );
  const around = coreParts(network, facts, context, core, ram, core.folds[0]!.positionLanes);
  return {
    terms: sumOfTerms([around.terms, ...parts.map(({ terms }) => terms)]),
    rams: parts.reduce((sum, { rams }) => sum + rams, around.rams),
  };
}

function priced({ terms, rams }: Parts, { prices }: CostModel): Cost {
  return { luts: lutsOf(terms, prices), rams };
}

function lutsOf(terms: Terms, prices: LutPrices): number {
  return Math.round(termNames.reduce((sum, term) => sum + (terms[term] ?? 0) * prices[term], 0));
}
