/** Watches over a layer's spikes on their way to whoever takes them (docs/microarchitecture.md, "Monitors"). */
import { bitsFor } from '../../geometry.ts';
import type { Consumer } from '../buffer.ts';
import { type Register, type RegisterFile, Registers } from '../registers.ts';

export interface RateLimits {
  /** Spikes in a time step, as the registers hold them. */
  readonly low: Register;
  readonly high: Register;
}

export interface WatchOptions {
  /** Bits of a limit, and the limits; undefined where rates are not watched. */
  readonly rate: { readonly bits: number; readonly limits: RateLimits } | undefined;
  readonly counts: boolean;
  readonly countsSteps: boolean;
  readonly maxTimeSteps: number;
}

export class SpikeWatch implements Consumer {
  readonly registers: Registers;
  readonly #r;
  readonly #options: WatchOptions;
  readonly #consumer: Consumer;
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
    const { rate, counts, countsSteps, maxTimeSteps } = options;
    const rateBits = rate ? rate.bits + bitsFor(maxTimeSteps) + 2 : 0;
    const registers = new Registers(file);
    this.registers = registers;
    this.#r = {
      aboveLow: registers.signed('above_low', rateBits),
      aboveHigh: registers.signed('above_high', rateBits),
      spikes: registers.word('watch_spikes', counts ? 32 : 0),
      steps: registers.word('watch_steps', countsSteps ? 32 : 0),
    };
  }

  get spikes(): number {
    return this.#r.spikes.now;
  }

  get steps(): number {
    return this.#r.steps.now;
  }

  get free(): boolean {
    return this.#consumer.free;
  }

  push(word: Uint32Array, active: number, last: number, image: number): boolean {
    const committed = this.#consumer.push(word, active, last, image);
    for (const part of word) this.#come += setBits(part);
    const steps = committed ? setBits(active) : 0;
    this.#stepsDone = steps;
    const limits = this.#options.rate?.limits;
    this.#nextLow = this.#r.aboveLow.now + this.#come - (limits?.low.now ?? 0) * steps;
    this.#nextHigh = this.#r.aboveHigh.now + this.#come - (limits?.high.now ?? 0) * steps;
    if (!committed || last === 0) return committed;
    this.tooFew = this.#options.rate !== undefined && this.#nextLow < 0;
    this.tooMany = this.#options.rate !== undefined && this.#nextHigh > 0;
    this.#nextLow = 0;
    this.#nextHigh = 0;
    return committed;
  }

  update(): void {
    const r = this.#r;
    r.aboveLow.now = this.#nextLow;
    r.aboveHigh.now = this.#nextHigh;
    r.spikes.now = (r.spikes.now + this.#come) % 2 ** 32;
    r.steps.now = (r.steps.now + this.#stepsDone) % 2 ** 32;
    this.#come = 0;
    this.#stepsDone = 0;
    this.tooFew = false;
    this.tooMany = false;
  }
}

function setBits(word: number): number {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
