/** The energy of images whose events were counted in hardware: what an event takes, from images whose every event is known. */
import type { NetworkEvents } from '../golden/index.ts';
import type { ChipEstimate, ChipLayer } from './chip.ts';

/** What of a layer's energy goes with what, in joules. */
interface LayerEnergies {
  readonly name: string;
  /** A time step: writes and reads of all neurons, bias rows. */
  readonly stepJ: number;
  /** A spike that comes in: rows and crossbar. */
  readonly inputJ: number;
  /** A spike that goes out: reset. */
  readonly spikeJ: number;
}

/** Joules of an event on the chip of MTJs, layer by layer; the encoder is the first, where there is one. */
export interface EventEnergies {
  readonly encoder: LayerEnergies | undefined;
  readonly layers: readonly LayerEnergies[];
  /** A time step of the readout. */
  readonly readoutStepJ: number;
}

/** Events of some images, as a core's monitors count them. */
export interface CountedEvents {
  readonly timeSteps: number;
  readonly inputSpikes: number;
  /** Of each layer of the network; 0 without neurons. */
  readonly spikes: readonly number[];
}

/**
 * Shares an estimate out over the events that a core can count. On the images of `events`, from which `chip` must come, the sum is the estimate's
 * energy; on others potentials and pixels are taken to be such as in these.
 * @throws TypeError when the chip is of another network
 */
export function eventEnergies(chip: ChipEstimate, events: NetworkEvents): EventEnergies {
  const steps = events.timeSteps;
  const one = (name: string): ChipLayer => {
    const layer = chip.layers.find((each) => each.name === name);
    if (layer === undefined) throw new TypeError(`the chip has no ${name}`);
    return layer;
  };
  const isSpiking = chip.layers.some(({ name }) => name === 'encoder');
  const perImage = (count: number) => count / events.images;
  const shared = (layer: ChipLayer, inputs: number, spikes: number): LayerEnergies => {
    const inputJ = inputs === 0 ? 0 : (layer.crossbarJ + layer.rowsJ) / inputs;
    const spikeJ = spikes === 0 ? 0 : layer.resetJ / spikes;
    return { name: layer.name, inputJ, spikeJ, stepJ: (layer.totalJ - inputs * inputJ - spikes * spikeJ) / steps };
  };
  const spikes = events.layers.map((layer) => perImage(layer.spikes));
  const encoder = isSpiking ? shared(one('encoder'), 0, perImage(events.inputSpikes)) : undefined;
  const layers = events.layers.map(({ name }, i) =>
    shared(one(name), i > 0 ? spikes[i - 1]! : isSpiking ? perImage(events.inputSpikes) : 0, spikes[i]!),
  );
  return { encoder, layers, readoutStepJ: one('readout').totalJ / steps };
}

/** Joules of what was counted, over all of its images. */
export function countedEnergyJ(
  { encoder, layers, readoutStepJ }: EventEnergies,
  { timeSteps, inputSpikes, spikes }: CountedEvents,
): number {
  const of = ({ stepJ, inputJ, spikeJ }: LayerEnergies, come: number, go: number) =>
    timeSteps * stepJ + come * inputJ + go * spikeJ;
  const first = encoder === undefined ? 0 : of(encoder, 0, inputSpikes);
  return layers.reduce(
    (sum, layer, i) => sum + of(layer, i === 0 ? inputSpikes : spikes[i - 1]!, spikes[i] ?? 0),
    first + timeSteps * readoutStepJ,
  );
}
