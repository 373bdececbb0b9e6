/** What a layer's cost and speed depend on beside its fold; worked out once for each layer, because it reads all weights. */
import type { QuantisedLayer, QuantisedNetwork, Window } from '../../network/index.ts';
import { type TapRun, tapsOf, walkedRuns } from '../maker/runs.ts';
import {
  accumulatorBounds,
  type Bounds,
  biasInRows,
  boundsOfAny,
  shiftedWeightBits,
  signedBits,
  unsignedBits,
  withOneTerm,
} from '../maker/widths.ts';
import { type Equipment, loadsMemories } from './equipment.ts';

export interface LayerFacts {
  readonly layer: QuantisedLayer;
  /** Reads pixels from the image buffer. */
  readonly direct: boolean;
  /** Takes values instead of spikes, so that only the window engine will do. */
  readonly multiplies: boolean;
  /** Its neurons give values without chance. */
  readonly isInteger: boolean;
  /** Bits of an accumulator. */
  readonly width: number;
  /** What its sums can be. */
  readonly sums: Bounds;
  /** Inputs of one output position. */
  readonly inputs: number;
  /** Those that a window engine walks over, and where it leaves some out. */
  readonly walked: number;
  readonly runs: readonly TapRun[] | undefined;
  readonly biasTaps: number;
  readonly valueBits: number;
  /** It has neurons; without them its potentials go to the readout. */
  readonly hasNeurons: boolean;
  /** Clocks from one of its neurons to the next, and those that a potential takes longer to reach its device. */
  readonly drawClocks: number;
  readonly drawDelay: number;
  /** Largest value that goes to the next layer: a spike, a value, or something that it hands on. */
  readonly largestOut: number;
}

/** What a core's layers have to do with, beside the network. */
interface CoreFacts {
  readonly readout: 'potential' | 'count';
  readonly equipment?: Equipment | undefined;
}

export function layerFacts(network: QuantisedNetwork, { readout, equipment = {} }: CoreFacts): LayerFacts[] {
  // The sums of a core whose weights the host may load have room for any.
  const loads = loadsMemories(equipment);
  const isInteger = network.activation === 'integer';
  return network.layers.map((layer, index) => {
    const direct = index === 0 && network.encoding === 'direct';
    const hasNeurons = index < network.layers.length - 1 || readout === 'count';
    const inputs = layer.kernelHeight * layer.kernelWidth * layer.input.channels;
    const multiplies = direct || isInteger;
    const biasValue = multiplies ? layer.inputMax : 1;
    const { rows: biasRows } = biasInRows(layer, biasValue);
    const rows = Array.from({ length: layer.output.channels }, (_, output) =>
      layer.weights.subarray(output * inputs, (output + 1) * inputs),
    );
    const runs = walkedRuns(layer);
    const bounds = loads
      ? boundsOfAny(layer, { taps: inputs, biasRows: biasRows.length, biasValue })
      : accumulatorBounds(rows, biasRows, layer.inputMax, biasValue);
    return {
      ...{ layer, direct, multiplies, isInteger },
      sums: withOneTerm(bounds, layer),
      width: Math.max(shiftedWeightBits(layer), signedBits(bounds.min, bounds.max)),
      inputs,
      walked: runs ? tapsOf(runs) : inputs,
      runs,
      biasTaps: biasRows.length,
      hasNeurons,
      ...draws(hasNeurons ? equipment : {}),
      valueBits: unsignedBits(layer.inputMax),
      largestOut: Math.max(isInteger ? 255 : 1, largestCarried(layer)),
    };
  });
}

/** Write, read and reset one after the other, with the way to them, of which the last one overlaps with what follows; all in one clock without phases. */
function draws({ device: { phases, trim, variation } = {} }: Equipment): Pick<LayerFacts, 'drawClocks' | 'drawDelay'> {
  const drawDelay = (trim ? 1 : 0) + (variation ? 1 : 0);
  if (!phases || phases.fast === true) return { drawClocks: 1, drawDelay };
  const { write = 1, read = 1, reset = 1 } = phases;
  const lengths = [write, read, reset].reduce((sum, clocks) => sum + Math.max(1, clocks), 0);
  return { drawClocks: lengths + 2 + drawDelay, drawDelay: drawDelay - 1 };
}

/** Largest value that a layer hands on; 0 where it hands nothing on. */
export function largestCarried({ carry, channelMax, inputMax, input }: QuantisedLayer): number {
  const taps = Array.from({ length: carry?.count ?? 0 }, (_, i) => carry!.tap + i);
  return taps.reduce((most, tap) => Math.max(most, channelMax?.[tap % input.channels] ?? inputMax), 0);
}

/** Whether a kernel covers its whole input, and nothing around it, so that there is one position. */
export function isDense(layer: Pick<QuantisedLayer, 'input'> & Window): boolean {
  const { kernelHeight, kernelWidth, input, padTop, padLeft, padBottom, padRight } = layer;
  const isPadded = padTop + padLeft + padBottom + padRight > 0;
  return kernelHeight === input.height && kernelWidth === input.width && !isPadded;
}
