/** How much there is to add, and how much an engine adds in a clock. */
import type { QuantisedLayer } from '../../network/index.ts';
import { coveredPositions, inputLanesOf, type Pooled } from '../engines/index.ts';
import type { LayerFold } from '../maker/options.ts';
import { type TapRun, tapsOf } from '../maker/runs.ts';

/** Additions that an engine makes in a clock with all of its lanes busy. */
export function addersOf(fold: LayerFold, timeLanes: number): number {
  return fold.outputLanes * fold.positionLanes * inputLanesOf(fold) * timeLanes;
}

/** Synaptic additions of one pass and time step that the network itself asks for, without those that a plan leaves out. */
export function additions(
  layer: Pooled &
    Pick<QuantisedLayer, 'kernelHeight' | 'kernelWidth' | 'input'> & { readonly runs?: readonly TapRun[] },
): number {
  const inputs = layer.runs ? tapsOf(layer.runs) : layer.kernelHeight * layer.kernelWidth * layer.input.channels;
  return coveredPositions(layer) * layer.output.channels * inputs;
}
