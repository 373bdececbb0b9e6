/** A layer's MTJ neurons, one for each time lane, and the pool behind them. */
import type { LayerPlan, Plan, SpikingNeuron } from '../../plan/schema/index.ts';
import { bitsFor, geometryOf } from '../geometry.ts';
import { nextWord } from '../stream.ts';
import type { Consumer } from './buffer.ts';
import type { DeviceNeurons } from './device/bank.ts';
import type { IntegerNeurons } from './integer-neurons.ts';
import { extract, insert, shiftDown, wordsFor } from './packed.ts';
import type { PassState } from './pass.ts';
import { copyWords, type RegisterFile, type RegisterList, type Registers } from './registers.ts';
import { Seeder } from './seeder.ts';
import { SkippedWords } from './skipped-words.ts';

/** Ideal neurons, neurons that behave like their devices, or what an integer core has in their place. */
export type LayerNeurons = Neurons | DeviceNeurons | IntegerNeurons;

export class Neurons implements Registers {
  #changed = true;
  readonly words: Int32Array;
  readonly #lanes: number;
  readonly #neurons: SpikingNeuron;
  readonly #start: Seeder | SkippedWords;
  readonly #states: Uint32Array;
  readonly #words: Uint32Array;
  readonly #codes: Uint32Array;
  readonly #spikes = new Uint32Array(1);
  readonly #consumer: Consumer;
  readonly #scale: number;
  #valid = 0;
  #last = 0;
  #potentials: Int32Array | undefined;

  constructor(file: RegisterFile, plan: Plan, neurons: SpikingNeuron, consumer: Consumer) {
    this.#lanes = plan.timeSteps.lanes;
    this.#neurons = neurons;
    const { stream } = neurons;
    const drawn = plan.seeding === 'draw';
    this.#start = drawn
      ? new SkippedWords(stream, plan.timeSteps.max)
      : new Seeder(stream, plan.timeSteps.max, this.#lanes);
    this.#states = new Uint32Array(this.#lanes).fill(drawn ? stream.seed : 1);
    this.#words = new Uint32Array(this.#lanes);
    this.#codes = new Uint32Array(this.#lanes);
    this.#consumer = consumer;
    this.#scale = 2 ** -this.#neurons.tableShift;
    this.words = file.take(this);
  }

  get resting(): boolean {
    return this.#start.resting;
  }

  get loading(): boolean {
    return this.#start.loading;
  }

  start(last: number): void {
    this.#start.start(last);
  }

  /** In this clock the host passes over the next image. */
  skipImage(): void {
    this.#start.skip();
  }

  /** This cycle the first pass of a new image waits. */
  announce(): void {
    this.#start.announce();
  }

  /** The neuron's potential in each time lane (one for all lanes under direct encoding) is drawn in this cycle. */
  draw(potentials: Int32Array): void {
    this.#potentials = potentials;
  }

  /** Pushes the spikes of the neuron drawn one clock ago; true when they complete the consumer's frame. */
  combine(pass: PassState): boolean {
    this.#last = pass.last;
    if (this.#valid === 0) return false;
    let spikes = 0;
    for (let t = 0; t < this.#lanes; t += 1) {
      const code = this.#codes[t]!;
      if (code === 65535 || this.#words[t]! < code) spikes |= 1 << t;
    }
    this.#spikes[0] = spikes & pass.active;
    return this.#consumer.push(this.#spikes, pass.active, pass.last, pass.image);
  }

  update(): void {
    const potentials = this.#potentials;
    if (potentials === undefined && this.#valid === 0 && !this.#start.moving) return;
    this.#changed = true;
    this.#valid = potentials === undefined ? 0 : 1;
    if (potentials !== undefined) {
      for (let t = 0; t < this.#lanes; t += 1) {
        const state = this.#states[t]!;
        this.#codes[t] = this.#code(potentials.length === 1 ? potentials[0]! : potentials[t]!);
        this.#words[t] = state & 0xffff;
        this.#states[t] = nextWord(state, this.#neurons.stream);
      }
      if (this.#start instanceof SkippedWords) this.#start.drew(this.#last);
    }
    this.#start.update(this.#states);
    this.#potentials = undefined;
  }

  #code(potential: number): number {
    const { table, tableOffset } = this.#neurons;
    const address = Math.floor(potential * this.#scale) + tableOffset;
    return table[Math.max(0, Math.min(table.length - 1, address))]!;
  }

  list(list: RegisterList): void {
    this.#start.list(list);
    list.word('s1_valid', 1);
    list.bank(stateName, 32, this.#lanes);
    list.bank(wordName, 16, this.#lanes);
    list.bank(codeName, 16, this.#lanes);
  }

  refresh(): void {
    if (!this.#changed) return;
    this.#changed = false;
    const { words } = this;
    let at = this.#start.sample(words, 0);
    words[at++] = this.#valid;
    at = copyWords(this.#states, words, at);
    at = copyWords(this.#words, words, at);
    copyWords(this.#codes, words, at);
  }
}

const stateName = (lane: number): string => `lane_${lane}.state`;
const wordName = (lane: number): string => `lane_${lane}.word`;
const codeName = (lane: number): string => `lane_${lane}.code`;

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
