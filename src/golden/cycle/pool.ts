/** The average pool behind a layer's neurons. */
import type { LayerPlan, Plan } from '../../plan/schema/index.ts';
import { bitsFor, geometryOf } from '../geometry.ts';
import type { Consumer } from './buffer.ts';
import { extract, insert, wordsFor } from './packed.ts';
import type { RegisterFile, RegisterList, Registers } from './registers.ts';

/** Adds up the spikes (of an integer core: the values) of a pool window, a word of counts for each channel. */
export class Pool implements Consumer, Registers {
  #changed = true;
  /** What is kept of the current channel, then the counters. */
  readonly words: Int32Array;
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
  /** Its output register. */
  readonly #kept: Uint32Array;
  readonly #next: Uint32Array;
  readonly #increments: Uint32Array;
  #channel = 0;
  #sub = 0;
  #valid = false;

  constructor(file: RegisterFile, plan: Plan, layer: LayerPlan, consumer: Consumer) {
    const geometry = geometryOf(layer);
    this.#lanes = plan.timeSteps.lanes;
    this.#channels = geometry.outputs;
    this.#area = geometry.poolArea;
    this.#valueBits = layer.neuron.kind === 'integer' ? 8 : 1;
    this.#countBits = bitsFor(geometry.poolArea * (2 ** this.#valueBits - 1));
    this.#words = wordsFor(this.#lanes * this.#countBits);
    this.#consumer = consumer;
    this.words = file.take(this);
    this.#counts = new Uint32Array(this.#channels * this.#words);
    this.#kept = new Uint32Array(this.words.buffer, this.words.byteOffset, this.#words);
    this.#next = new Uint32Array(this.#words);
    this.#increments = new Uint32Array(this.#words);
  }

  get free(): boolean {
    return this.#consumer.free;
  }

  push(spikes: Uint32Array, active: number, last: number, image: number): boolean {
    this.#valid = true;
    const next = this.#next;
    for (let w = 0; w < next.length; w += 1) next[w] = this.#sub === 0 ? 0 : this.#kept[w]!;
    this.#add(spikes);
    return this.#sub === this.#area - 1 && this.#consumer.push(next, active, last, image);
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
    if (!this.#valid) return;
    this.#valid = false;
    this.#changed = true;
    for (let w = 0; w < this.#words; w += 1) this.#counts[this.#channel * this.#words + w] = this.#next[w]!;
    if (this.#channel === this.#channels - 1) {
      this.#channel = 0;
      this.#sub = this.#sub === this.#area - 1 ? 0 : this.#sub + 1;
    } else this.#channel += 1;
    for (let w = 0; w < this.#words; w += 1) this.#kept[w] = this.#counts[this.#channel * this.#words + w]!;
  }

  list(list: RegisterList): void {
    list.word('kept', this.#lanes * this.#countBits);
    list.word('channel', bitsFor(this.#channels - 1));
    list.word('sub', bitsFor(this.#area - 1));
  }

  refresh(): void {
    if (!this.#changed) return;
    this.#changed = false;
    this.words[this.#words] = this.#channel;
    this.words[this.#words + 1] = this.#sub;
  }
}
