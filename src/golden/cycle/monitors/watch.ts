/** Watches over a layer's spikes on their way to whoever takes them (docs/microarchitecture.md, "Monitors"). */
import { bitsFor } from '../../geometry.ts';
import type { Consumer } from '../buffer.ts';
import type { RegisterFile, RegisterList, Registers } from '../registers.ts';

export interface RateLimits {
  /** Spikes in a time step, as the registers hold them. */
  low: number;
  high: number;
}

export interface WatchOptions {
  /** Bits of a limit, and the limits; undefined where rates are not watched. */
  readonly rate: { readonly bits: number; readonly limits: RateLimits } | undefined;
  readonly counts: boolean;
  readonly countsSteps: boolean;
  readonly maxTimeSteps: number;
}

export class SpikeWatch implements Consumer, Registers {
  readonly words: Int32Array;
  readonly #options: WatchOptions;
  readonly #consumer: Consumer;
  #aboveLow = 0;
  #aboveHigh = 0;
  spikes = 0;
  steps = 0;
  // Of this clock.
  tooFew = false;
  tooMany = false;
  #come = 0;
  #stepsDone = 0;
  #nextLow = 0;
  #nextHigh = 0;

  constructor(file: RegisterFile, consumer: Consumer, options: WatchOptions) {
    this.#options = options;
    this.#consumer = consumer;
    this.words = file.take(this);
  }

  get free(): boolean {
    return this.#consumer.free;
  }

  push(word: Uint32Array, active: number, last: number, image: number): boolean {
    const committed = this.#consumer.push(word, active, last, image);
    for (const part of word) this.#come += setBits(part);
    const steps = committed ? setBits(active) : 0;
    this.#stepsDone = steps;
    const { low, high } = this.#options.rate?.limits ?? { low: 0, high: 0 };
    this.#nextLow = this.#aboveLow + this.#come - low * steps;
    this.#nextHigh = this.#aboveHigh + this.#come - high * steps;
    if (!committed || last === 0) return committed;
    this.tooFew = this.#options.rate !== undefined && this.#nextLow < 0;
    this.tooMany = this.#options.rate !== undefined && this.#nextHigh > 0;
    this.#nextLow = 0;
    this.#nextHigh = 0;
    return committed;
  }

  update(): void {
    this.#aboveLow = this.#nextLow;
    this.#aboveHigh = this.#nextHigh;
    this.spikes = (this.spikes + this.#come) % 2 ** 32;
    this.steps = (this.steps + this.#stepsDone) % 2 ** 32;
    this.#come = 0;
    this.#stepsDone = 0;
    this.tooFew = false;
    this.tooMany = false;
  }

  list(list: RegisterList): void {
    const { rate, counts, countsSteps, maxTimeSteps } = this.#options;
    const bits = rate ? rate.bits + bitsFor(maxTimeSteps) + 2 : 0;
    list.signed('above_low', bits);
    list.signed('above_high', bits);
    list.word('spike_total', counts ? 32 : 0);
    list.word('step_total', countsSteps ? 32 : 0);
  }

  refresh(): void {
    this.words[0] = this.#aboveLow;
    this.words[1] = this.#aboveHigh;
    this.words[2] = this.spikes;
    this.words[3] = this.steps;
  }
}

function setBits(word: number): number {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
