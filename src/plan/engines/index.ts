/** The kinds of engine, for those who plan. */
import type { LayerFold } from '../maker/options.ts';
import { shiftedWeightBits } from '../maker/widths.ts';
import type { LayerFacts } from '../planner/facts.ts';
import { multiplierRows, sumOfTerms, type Terms } from '../planner/terms.ts';
import type { EngineKind, EngineParts, FoldedLayer, PassContext, Wanted } from './contract.ts';
import { eventKind } from './event.ts';
import { inputLanesOf, lastDrain } from './shared.ts';
import { wideKind } from './wide.ts';
import { windowKind } from './window.ts';

export type { PassContext, Wanted } from './contract.ts';
export { coveredPositions, inputLanesOf, type Pooled } from './shared.ts';
export { possiblePixelLanes } from './wide.ts';

/** By the plan's word for each; of two that are equally good the search takes the first. */
const kinds = { event: eventKind, window: windowKind, wide: wideKind };

/** Its fold says which; the fields of its plan fit the kind, as both come from the same word. */
const kindOf = ({ engine }: Pick<LayerFold, 'engine'>) => kinds[engine.kind] as EngineKind;

/** Throws badInput when the layer cannot have the fold's engine. */
export function checkEngine(folded: FoldedLayer): void {
  kindOf(folded.fold).check(folded);
}

/** Every fold of a layer that is worth looking at. */
export function possibleFolds(facts: LayerFacts, wanted: Wanted): LayerFold[] {
  return Object.values(kinds).flatMap(({ folds }) => folds(facts, wanted));
}

/** Clocks of one pass, see the contract. */
export function passCycles(facts: LayerFacts, fold: LayerFold, passLanes: number, activity: number): number {
  return kindOf(fold).passCycles(facts, fold, passLanes, activity);
}

/** Clocks of a pass in which its inputs are held where they have a single bank: until the last tap is read. */
export function inputHeld(facts: LayerFacts, fold: LayerFold, pass: number): { readonly held?: number } {
  const { engine } = fold;
  return engine.kind === 'window' && engine.inputBanks === 1 ? { held: pass - lastDrain(facts, fold) - 1 } : {};
}

/** Terms and memories of a layer's engine, its accumulators included. */
export function engineParts(facts: LayerFacts, fold: LayerFold, context: PassContext): EngineParts {
  const parts = kindOf(fold).parts(facts, fold, context);
  return { ...parts, terms: sumOfTerms([laneTerms(facts, fold, context), parts.terms]) };
}

/** The accumulators, and the products that are added to them. */
function laneTerms(facts: LayerFacts, fold: LayerFold, { timeLanes }: PassContext): Terms {
  const { layer, width, valueBits } = facts;
  const { inputMax } = layer;
  const weightBits = shiftedWeightBits(layer);
  const spatialLanes = fold.outputLanes * fold.positionLanes;
  const accumulators = spatialLanes * timeLanes;
  const own = {
    accumulatorBit: accumulators * width,
    accumulator: accumulators,
    ramMultiplexerBit: chosenShiftBits(facts, fold),
  };
  if (valueBits === 1) return own;
  if (inputMax === 4) return { ...own, chosenBit: accumulators * width, tripleBit: spatialLanes * width };
  const products = accumulators * inputLanesOf(fold);
  return {
    ...own,
    multiplier: products,
    multiplierBit: products * multiplierRows(weightBits, valueBits + 1) * (weightBits + valueBits),
  };
}

/** Bits of weights that are chosen among powers of two: of lanes whose channels, group by group, do not all have the same. */
function chosenShiftBits({ layer }: LayerFacts, fold: LayerFold): number {
  const { channelShifts } = layer;
  if (channelShifts === undefined) return 0;
  const most = channelShifts.slice(0, fold.outputLanes);
  const differs = new Set<number>();
  for (const [channel, shift] of channelShifts.entries()) {
    const lane = channel % fold.outputLanes;
    if (shift !== channelShifts[lane]) differs.add(lane);
    most[lane] = Math.max(most[lane]!, shift);
  }
  const chosen = [...differs].reduce((sum, lane) => sum + most[lane]!, 0);
  return chosen * inputLanesOf(fold) * shiftedWeightBits(layer);
}
