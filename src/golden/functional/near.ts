/**
 * Images made for a comparison that is wrong by little: a random word against a probability differs from the right one for a few of 65,536 words, which
 * ordinary images meet by luck only. The words of an image are known beforehand.
 */
import type { LayerNeuron, LayerPlan, Plan, StreamPlan } from '../../plan/schema/index.ts';
import { pixelsOf } from '../geometry.ts';
import { jump, nextWord } from '../stream.ts';
import { Network } from './network.ts';

/** Words of an image, [time step][word]. */
function wordsOf(plan: Plan, stream: StreamPlan, image: number, timeSteps: number): Uint16Array {
  const { wordsPerTimeStep } = stream;
  const count = timeSteps * wordsPerTimeStep;
  const words = new Uint16Array(count);
  let state = jump(stream.seed, stream, BigInt(image) * BigInt(plan.timeSteps.max) * BigInt(wordsPerTimeStep));
  for (let at = 0; at < count; at += 1) {
    words[at] = state;
    state = nextWord(state, stream);
  }
  return words;
}

const threshold = (pixel: number): number => pixel * 257 + (pixel >>> 7);

/**
 * An image, number `image` since reset, each of whose pixels has a threshold next to its word in one of `timeSteps` time steps, above or below it as
 * `choice` says; undefined under direct encoding. Thresholds lie 257 words apart: of 64 pixels one misses its word by 2 or less.
 *
 * @param choice a whole number below the argument
 */
export function nearImage(
  plan: Plan,
  image: number,
  timeSteps: number,
  choice: (below: number) => number,
): Uint8Array | undefined {
  if (plan.encoding.kind !== 'bernoulli') return undefined;
  const pixels = new Uint8Array(pixelsOf(plan));
  const { stream } = plan.encoding;
  const words = wordsOf(plan, stream, image, timeSteps);
  for (let i = 0; i < pixels.length; i += 1) {
    const word = words[choice(timeSteps) * stream.wordsPerTimeStep + i]!;
    const below = Math.min(255, Math.floor(word / 257));
    pixels[i] = Math.min(255, threshold(below) > word ? below - 1 + choice(2) : below + choice(2));
  }
  return pixels;
}

/** An image at its place in the random streams: its number since reset. */
export interface PlacedImage {
  readonly number: number;
  readonly timeSteps: number;
  readonly pixels: Uint8Array;
}

/** Word less probability that count as near: with 0 the neuron just doesn't spike, with -1 it just does. */
const lowest = -4;
const differences = 8;

/**
 * For each image the small differences between a neuron's word and its probability that it meets, as `layer * 8 + difference + 4`; of ideal neurons only.
 *
 * @param images in the order of their numbers
 */
export function nearDraws(plan: Plan, images: readonly PlacedImage[]): Set<number>[] {
  let draws: Draws[] = [];
  const network = new Network(plan, 0, { onStep: (layer, _, potentials) => draws[layer]!.step(potentials) });
  let next = 0;
  return images.map(({ number, timeSteps, pixels }) => {
    for (; next < number; next += 1) network.skip();
    next += 1;
    draws = plan.layers.map((layer, index) => new Draws(plan, layer, index, number, timeSteps));
    const scores = new Int32Array(timeSteps * plan.readout.classes);
    network.run(pixels, timeSteps, { scores, classes: new Uint8Array(timeSteps) });
    return new Set(draws.flatMap(({ met }) => met));
  });
}

/** One layer's draws in one image. */
class Draws {
  readonly met: number[] = [];
  readonly #neuron: Extract<LayerNeuron, { kind: 'ideal' }> | undefined;
  readonly #words: Uint16Array;
  readonly #first: number;
  #at = 0;

  constructor(plan: Plan, { neuron }: LayerPlan, index: number, image: number, timeSteps: number) {
    this.#first = index * differences - lowest;
    this.#neuron = neuron.kind === 'ideal' ? neuron : undefined;
    this.#words = this.#neuron ? wordsOf(plan, this.#neuron.stream, image, timeSteps) : new Uint16Array(0);
  }

  step(potentials: Int32Array): void {
    if (this.#neuron === undefined) return;
    const { table, tableShift, tableOffset, stream } = this.#neuron;
    const scale = 2 ** tableShift;
    for (let n = 0; n < potentials.length; n += 1) {
      const address = Math.floor(potentials[n]! / scale) + tableOffset;
      const probability = table[Math.max(0, Math.min(table.length - 1, address))]!;
      const difference = this.#words[this.#at + n]! - probability;
      if (difference >= lowest && difference < lowest + differences) this.met.push(this.#first + difference);
    }
    this.#at += stream.wordsPerTimeStep;
  }
}
