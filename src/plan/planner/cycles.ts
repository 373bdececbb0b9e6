/** Clock cycles of a fold, from docs/microarchitecture.md. */
import type { QuantisedLayer } from '../../network/index.ts';
import { inputLanesOf } from '../maker/folds.ts';
import type { LayerFold } from '../maker/options.ts';
import type { LayerFacts } from './facts.ts';

/** Clocks from one pass's end to the next one's start, beyond the work itself: start, pipeline, hand-over. */
const passOverhead = 4;

/** A layer's map and its pool, of a network or of a plan. */
interface Pooled {
  readonly output: QuantisedLayer['output'];
  readonly pool?: QuantisedLayer['pool'] | null;
}

/** Positions that a pool window covers. */
export function coveredPositions(layer: Pooled): number {
  const pool = layer.pool ?? { height: 1, width: 1 };
  return (
    Math.floor(layer.output.height / pool.height) *
    pool.height *
    Math.floor(layer.output.width / pool.width) *
    pool.width
  );
}

/**
 * Cycles of one pass of a layer. `activity` is the fraction of inputs that are not silent in all time steps of the pass; only
 * event engines profit from it.
 */
export function passCycles({ layer, inputs, biasTaps }: LayerFacts, fold: LayerFold, activity: number): number {
  const groups = Math.ceil(layer.output.channels / fold.outputLanes);
  const taps = biasTaps + (fold.engine.kind === 'event' ? Math.ceil(inputs * activity) : inputs);
  const rounds = (coveredPositions(layer) / fold.positionLanes) * groups;
  // The capture takes a clock of its own, and waits for the drain of the one before.
  const drain = fold.positionLanes * fold.outputLanes + 2;
  return rounds * Math.max(taps + 1, drain) + fold.positionLanes * fold.outputLanes + passOverhead;
}

/** Additions that an engine makes in a clock with all of its lanes busy. */
export function addersOf(fold: LayerFold, timeLanes: number): number {
  return fold.outputLanes * fold.positionLanes * inputLanesOf(fold) * timeLanes;
}

/** Synaptic additions of one pass and time step that the network itself asks for. */
export function additions(layer: Pooled & Pick<QuantisedLayer, 'kernelHeight' | 'kernelWidth' | 'input'>): number {
  const inputs = layer.kernelHeight * layer.kernelWidth * layer.input.channels;
  return coveredPositions(layer) * layer.output.channels * inputs;
}
