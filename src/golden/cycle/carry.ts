/** Channels that a layer hands on in front of its own (docs/microarchitecture.md, "Carried channels"). */
import type { LayerPlan, Plan } from '../../plan/schema/index.ts';
import { bitsFor, geometryOf, largestOut } from '../geometry.ts';
import type { Consumer } from './buffer.ts';
import { extract, insert, wordsFor } from './packed.ts';
import type { PassState } from './pass.ts';
import { type RegisterFile, Registers } from './registers.ts';

/** Takes a position's carried values from the engine, then those of its neurons. */
export class Carry implements Consumer {
  readonly registers: Registers;
  readonly #channel;
  readonly #lanes: number;
  readonly #carried: number;
  readonly #channels: number;
  /** Bits of a carried value, of a neuron's, and of either behind this block. */
  readonly #carriedBits: number;
  readonly #ownBits: number;
  readonly #joinedBits: number;
  readonly #joined: Uint32Array;
  readonly #consumer: Consumer;
  #pushed = false;

  constructor(file: RegisterFile, plan: Plan, layer: LayerPlan, consumer: Consumer) {
    const { carried, channelsOut } = geometryOf(layer);
    this.#lanes = plan.timeSteps.lanes;
    this.#carried = carried;
    this.#channels = channelsOut;
    this.#carriedBits = layer.valueBits;
    this.#ownBits = layer.neuron.kind === 'integer' ? 8 : 1;
    this.#joinedBits = bitsFor(largestOut(layer));
    this.#joined = new Uint32Array(wordsFor(this.#lanes * this.#joinedBits));
    this.#consumer = consumer;
    this.registers = new Registers(file);
    this.#channel = this.registers.word('channel', bitsFor(channelsOut - 1));
  }

  get free(): boolean {
    return this.#consumer.free;
  }

  /** The engine may push. */
  get turn(): boolean {
    return this.#channel.now < this.#carried;
  }

  /** From the neurons. */
  push(word: Uint32Array, active: number, last: number, image: number): boolean {
    return this.#send(word, this.#ownBits, { active, last, image });
  }

  /** From the engine. */
  handOn(element: Uint32Array, pass: PassState): void {
    this.#send(element, this.#carriedBits, pass);
  }

  #send(values: Uint32Array, width: number, { active, last, image }: PassState): boolean {
    const joined = this.#joined.fill(0);
    for (let t = 0; t < this.#lanes; t += 1) {
      insert(joined, 0, t * this.#joinedBits, this.#joinedBits, extract(values, 0, t * width, width));
    }
    this.#pushed = true;
    return this.#consumer.push(joined, active, last, image);
  }

  update(): void {
    if (!this.#pushed) return;
    this.#pushed = false;
    this.#channel.now = this.#channel.now === this.#channels - 1 ? 0 : this.#channel.now + 1;
  }
}
