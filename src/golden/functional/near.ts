/**
 * Images made for a comparison that is wrong by little: a random word against a probability differs from the right one for a few of 65,536 words, which
 * ordinary images meet by luck only. The words of an image are known beforehand.
 */
import type { LayerNeuron, LayerPlan, Plan, StreamPlan } from '../../plan/schema/index.ts';
import { pixelsOf } from '../geometry.ts';
import { jump, nextWord } from '../stream.ts';
import { pixelThreshold, tableAddress } from '../table.ts';
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

const wordBits = 16;

/**
 * An image, number `image` since reset, whose pixels have thresholds next to the words that they meet: half of them next to that of one of `timeSteps` time
 * steps, above or below it, the others as near to any as a threshold lies; undefined under direct encoding. Thresholds lie 257 words apart.
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
    const chosen = choice(timeSteps);
    const isNearest = choice(2) === 0;
    const isAbove = choice(2);
    let least = 2 ** wordBits;
    for (let step = 0; step < timeSteps; step += 1) {
      if (!isNearest && step !== chosen) continue;
      const word = words[step * stream.wordsPerTimeStep + i]!;
      const below = pixelBelow(word);
      for (let pixel = below; pixel <= Math.min(255, below + 1); pixel += 1) {
        const miss = isNearest ? Math.abs(word - pixelThreshold(pixel)) : pixel === below + isAbove ? 0 : 1;
        if (miss < least) [least, pixels[i]] = [miss, pixel];
      }
    }
  }
  return pixels;
}

/** The last pixel whose threshold does not lie above the word. */
function pixelBelow(word: number): number {
  const pixel = Math.floor(word / 257);
  return pixelThreshold(pixel) > word ? pixel - 1 : pixel;
}

/** An image at its place in the random streams: its number since reset. */
export interface PlacedImage {
  readonly number: number;
  readonly timeSteps: number;
  readonly pixels: Uint8Array;
}

/** A word may miss a probability by 2^8 - 2 to be near. */
const magnitudes = 8;

/** What a near miss is: by which layer and lane, on which side, and floor(log2(1 + miss)) of how much; with a miss of 0 a neuron just does not spike, or just does. */
function kindOf(place: number, difference: number): number | undefined {
  const spikes = difference < 0;
  const magnitude = 31 - Math.clz32(1 + (spikes ? -1 - difference : difference));
  return magnitude < magnitudes ? (2 * place + (spikes ? 1 : 0)) * magnitudes + magnitude : undefined;
}

/**
 * For each image the kinds of near misses between a neuron's word and its probability that it meets: one number for each layer, lane, side and magnitude.
 * Of ideal neurons only.
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
    const met = new Set<number>();
    draws = plan.layers.map((layer, index) => new Draws(plan, layer, { met, index, image: number, timeSteps }));
    const scores = new Int32Array(timeSteps * plan.readout.classes);
    network.run(pixels, timeSteps, { scores, classes: new Uint8Array(timeSteps) });
    return met;
  });
}

/** One layer's draws in one image. */
class Draws {
  readonly #met: Set<number>;
  readonly #neuron: Extract<LayerNeuron, { kind: 'ideal' }> | undefined;
  readonly #words: Uint16Array;
  readonly #lanes: number;
  readonly #first: number;
  #step = 0;

  constructor(
    plan: Plan,
    { neuron }: LayerPlan,
    where: { readonly met: Set<number>; readonly index: number; readonly image: number; readonly timeSteps: number },
  ) {
    this.#met = where.met;
    this.#lanes = plan.timeSteps.lanes;
    this.#first = where.index * this.#lanes;
    this.#neuron = neuron.kind === 'ideal' ? neuron : undefined;
    this.#words = this.#neuron ? wordsOf(plan, this.#neuron.stream, where.image, where.timeSteps) : new Uint16Array(0);
  }

  step(potentials: Int32Array): void {
    if (this.#neuron === undefined) return;
    const { table, stream } = this.#neuron;
    const at = this.#step * stream.wordsPerTimeStep;
    const place = this.#first + (this.#step % this.#lanes);
    for (let n = 0; n < potentials.length; n += 1) {
      const probability = table[tableAddress(this.#neuron, potentials[n]!)]!;
      const kind = kindOf(place, this.#words[at + n]! - probability);
      if (kind !== undefined) this.#met.add(kind);
    }
    this.#step += 1;
  }
}
