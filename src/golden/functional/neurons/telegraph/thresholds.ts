/** Telegraphic neurons, time step by time step (docs/microarchitecture-telegraph.md). */
import type { NeuronOf } from '../../../../plan/schema/index.ts';
import type { StepWords, Thresholds } from '../contract.ts';

export class TelegraphLayer implements Thresholds {
  readonly #flip: Int32Array;
  readonly #stay: Int32Array;
  /** Of the first time step of an image. */
  readonly #first: Int32Array;
  readonly #scale: number;
  readonly #offset: number;
  /** 1: in the spiking state. */
  readonly #spiking: Uint8Array;
  readonly #thresholds: Int32Array;
  #isFirst = true;

  constructor(neuron: NeuronOf<'telegraph'>, start: 'stationary' | 'silent') {
    const code = (value: number) => (value === 65535 ? 65536 : value);
    this.#flip = Int32Array.from(neuron.flip, code);
    this.#stay = Int32Array.from(neuron.stay, code);
    this.#first = start === 'stationary' ? Int32Array.from(neuron.table, code) : this.#flip;
    this.#scale = 2 ** -neuron.tableShift;
    this.#offset = neuron.tableOffset;
    this.#spiking = new Uint8Array(neuron.stream.wordsPerTimeStep);
    this.#thresholds = new Int32Array(neuron.stream.wordsPerTimeStep);
  }

  nextImage(): void {
    this.#isFirst = true;
    this.#spiking.fill(0);
  }

  thresholds(potentials: Int32Array, { words, at }: StepWords): Int32Array {
    const silent = this.#isFirst ? this.#first : this.#flip;
    const last = silent.length - 1;
    this.#isFirst = false;
    for (let n = 0; n < this.#thresholds.length; n += 1) {
      const address = Math.max(0, Math.min(last, Math.floor(potentials[n]! * this.#scale) + this.#offset));
      const threshold = (this.#spiking[n] === 1 ? this.#stay : silent)[address]!;
      this.#thresholds[n] = threshold;
      this.#spiking[n] = words[at + n]! < threshold ? 1 : 0;
    }
    return this.#thresholds;
  }
}
