/** The average pool behind a layer's neurons. */
import type { LayerPlan, Plan } from '../../plan/schema/index.ts';
import { bitsFor, geometryOf } from '../geometry.ts';
import type { Consumer } from './buffer.ts';
import { extract, insert, shiftDown, wordsFor } from './packed.ts';
import type { RegisterFile, RegisterList, Registers } from './registers.ts';

/** Adds up the spikes (of an integer core: the values) of a pool window, one ring of counts for the channels. */
export class Pool implements Consumer, Registers {
  #changed = true;
  /** The ring, then the counters. */
  readonly words: Int32Array;
  readonly #lanes: number;
  readonly #channels: number;
  readonly #area: number;
  /** Of a spike or value, and of a sum of them. */
  readonly #valueBits: number;
  readonly #countBits: number;
  readonly #words: number;
  readonly #consumer: Consumer;
  /** [channel][packed counts], oldest first. */
  readonly #ring: Uint32Array;
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
    this.#ring = new Uint32Array(this.words.buffer, this.words.byteOffset, this.#channels * this.#words);
    this.#next = new Uint32Array(this.#words);
    this.#increments = new Uint32Array(this.#words);
  }

  get free(): boolean {
    return this.#consumer.free;
  }

  push(spikes: Uint32Array, active: number, last: number, image: number): boolean {
    this.#valid = true;
    const next = this.#next;
    for (let w = 0; w < next.length; w += 1) next[w] = this.#sub === 0 ? 0 : this.#ring[w]!;
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
    shiftDown(this.#ring, this.#words);
    const newest = (this.#channels - 1) * this.#words;
    for (let w = 0; w < this.#words; w += 1) this.#ring[newest + w] = this.#next[w]!;
    if (this.#channel === this.#channels - 1) {
      this.#channel = 0;
      this.#sub = this.#sub === this.#area - 1 ? 0 : this.#sub + 1;
    } else this.#channel += 1;
  }

  list(list: RegisterList): void {
    list.bank(ringName, this.#lanes * this.#countBits, this.#channels);
    list.word('channel', bitsFor(this.#channels - 1));
    list.word('sub', bitsFor(this.#area - 1));
  }

  refresh(): void {
    if (!this.#changed) return;
    this.#changed = false;
    this.words[this.#ring.length] = this.#channel;
    this.words[this.#ring.length + 1] = this.#sub;
  }
}

const ringName = (index: number): string => `ring_${index}`;
