/**
 * The hash that stands for all signals of a window of cycles. A cycle is the sum over its words of word' x multiplier modulo 2^32
 * (multilinear hashing, Carter and Wegman 1979), each place with an odd multiplier of its own, so that a single wrong word always shows;
 * word' = word ^ (word >> 15) carries the high bits down, which a product alone would leave where they are for another one to cancel.
 * Two chains of 32 bits take up the sums. Written again in sim/sampler.h.
 */
import { sumKernel } from './hash-kernel.ts';
import type { CycleReference, RegisterLayout } from './model.ts';
import type { StimulusDriver } from './stimulus.ts';

/** A window's end and the hash of all signals in it. */
export interface HashedWindow {
  readonly endCycle: number;
  readonly digest: string;
}

/** Runs the model from reset to the stimulus's end; says what each window of so many cycles hashes to as it ends. */
export function* hashedWindows(
  model: CycleReference,
  driver: StimulusDriver,
  window: number,
): Generator<HashedWindow, void, undefined> {
  const hash = new WindowHash(model.layout);
  model.reset(hash.words);
  while (!driver.done) {
    hash.reset();
    do {
      const outputs = model.outputs(driver.drive());
      hash.add();
      driver.observe(outputs);
      model.clock();
    } while (!driver.done && driver.cycle % window !== 0);
    yield { endCycle: driver.cycle, digest: hash.digest() };
  }
}

export class WindowHash {
  /** The model's registers live here. */
  readonly words: Int32Array;
  readonly #sum: () => number;
  #first = 1;
  #second = 1;

  constructor({ words, masks, places }: RegisterLayout) {
    const kernel = sumKernel(words);
    this.words = kernel.words;
    kernel.masks.set(masks);
    kernel.multipliers.set(places.map((place) => (place < 0 ? 0 : multiplier(place))));
    this.#sum = kernel.sum;
  }

  /** A new window begins. */
  reset(): void {
    this.#first = 1;
    this.#second = 1;
  }

  /** Takes the words as they are for one cycle. */
  add(): void {
    const sum = this.#sum();
    this.#first = chain(this.#first ^ sum);
    this.#second = chain((this.#second + sum) | 0);
  }

  /** 16 hexadecimal digits. */
  digest(): string {
    return [this.#first, this.#second].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
  }
}

/** Odd, and without pattern from one place to the next. */
function multiplier(place: number): number {
  const spread = Math.imul(place + 1, 0x9e3779b1);
  return Math.imul(spread ^ (spread >>> 16), 0x85ebca6b) | 1;
}

function chain(value: number): number {
  const product = Math.imul(value, 0x9e3779b1);
  return product ^ (product >>> 15);
}
