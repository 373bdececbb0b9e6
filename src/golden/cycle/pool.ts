/** The average pool behind a layer's neurons. */
import type { LayerPlan, Plan } from '../../plan/schema/index.ts';
import { bitsFor, geometryOf, largestOut } from '../geometry.ts';
import type { Consumer } from './buffer.ts';
import { extract, insert, wordsFor } from './packed.ts';
import { type RegisterFile, Registers } from './registers.ts';

/** Adds up the spikes (of an integer core: the values) of a pool window, a word of counts for each channel. */
export class Pool implements Consumer {
  readonly registers: Registers;
  readonly #r;
  readonly #lanes: number;
  readonly #channels: number;
  readonly #area: number;
  /** Of a spike or value, and of a sum of them. */
  readonly #valueBits: number;
  readonly #countBits: number;
  readonly #words: number;
  readonly #consumer: Consumer;
  /** The memory: [channel][packed counts]. */
  readonly #counts: Uint32Array;
  readonly #next: Uint32Array;
  readonly #increments: Uint32Array;
  #valid = false;

  constructor(file: RegisterFile, plan: Plan, layer: LayerPlan, consumer: Consumer) {
    const geometry = geometryOf(layer);
    this.#lanes = plan.timeSteps.lanes;
    this.#channels = geometry.channelsOut;
    this.#area = geometry.poolArea;
    const largest = largestOut(layer);
    this.#valueBits = bitsFor(largest);
    this.#countBits = bitsFor(geometry.poolArea * largest);
    this.#words = wordsFor(this.#lanes * this.#countBits);
    this.#consumer = consumer;
    this.#counts = new Uint32Array(this.#channels * this.#words);
    this.registers = new Registers(file);
    this.#r = {
      kept: this.registers.wide('kept', this.#lanes * this.#countBits),
      channel: this.registers.word('channel', bitsFor(this.#channels - 1)),
      position: this.registers.word('position', bitsFor(this.#area - 1)),
    };
    this.#next = new Uint32Array(this.#words);
    this.#increments = new Uint32Array(this.#words);
  }

  get free(): boolean {
    return this.#consumer.free;
  }

  push(spikes: Uint32Array, active: number, last: number, image: number): boolean {
    this.#valid = true;
    const next = this.#next;
    for (let w = 0; w < next.length; w += 1) next[w] = this.#r.position.now === 0 ? 0 : this.#r.kept[w]!;
    this.#add(spikes);
    return this.#r.position.now === this.#area - 1 && this.#consumer.push(next, active, last, image);
  }

  /** Counts never overflow their field, so that a carry never reaches a neighbour's. */
  #add(spikes: Uint32Array): void {
    let carry = 0;
    const increments = this.#increments;
    for (let w = 0; w < this.#words; w += 1) increments[w] = 0;
    for (let t = 0; t < this.#lanes; t += 1) {
      const value = extract(spikes, 0, t * this.#valueBits, this.#valueBits);
      insert(increments, 0, t * this.#countBits, this.#countBits, value);
    }
    for (let w = 0; w < this.#words; w += 1) {
      const sum = this.#next[w]! + increments[w]! + carry;
      this.#next[w] = sum;
      carry = sum >= 2 ** 32 ? 1 : 0;
    }
  }

  update(): void {
    const r = this.#r;
    if (!this.#valid) return;
    this.#valid = false;
    for (let w = 0; w < this.#words; w += 1) this.#counts[r.channel.now * this.#words + w] = this.#next[w]!;
    if (r.channel.now === this.#channels - 1) {
      r.channel.now = 0;
      r.position.now = r.position.now === this.#area - 1 ? 0 : r.position.now + 1;
    } else r.channel.now += 1;
    for (let w = 0; w < this.#words; w += 1) r.kept[w] = this.#counts[r.channel.now * this.#words + w]!;
  }
}
