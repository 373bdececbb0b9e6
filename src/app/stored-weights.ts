/** Weights that a core has a place for. */
import type { FloatLayer } from '../network/index.ts';
import { type LayerPlan, tapsOf, walkedRuns, walkedTaps } from '../plan/index.ts';

/** Of a layer of a network: without those of taps for which no output has a weight, where a core leaves them out. */
export function weightsToStore(layer: FloatLayer): number {
  if (layer.kind === 'averagePool') return 0;
  const runs = layer.kind === 'convolution' ? walkedRuns(layer) : undefined;
  return runs ? layer.bias.length * tapsOf(runs) : layer.weights.length;
}

/** Of a layer of a core. */
export function storedWeights(layer: LayerPlan): number {
  return layer.weights.length * walkedTaps(layer);
}
