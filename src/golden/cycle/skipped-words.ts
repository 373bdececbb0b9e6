/** The stream of a layer with one time lane: it runs on, and the words of time steps that an image leaves unused are thrown away. */
import type { StreamPlan } from '../../plan/index.ts';
import { bitsFor } from '../geometry.ts';
import { nextWord } from '../stream.ts';
import type { Probe } from './probe.ts';

export class SkippedWords {
  readonly loading = false;
  readonly #stream: StreamPlan;
  readonly #max: number;
  readonly #counted: boolean;
  #word = 0;
  #step = 0;
  #skipping = false;
  #drew = false;
  #drewLast = false;
  #newImage = false;

  /** `counted`: words are counted even where an image has one time step only. */
  constructor(stream: StreamPlan, maxSteps: number, counted = false) {
    this.#stream = stream;
    this.#counted = counted;
    this.#max = maxSteps;
  }

  get resting(): boolean {
    return !this.#skipping && !this.#leftOver;
  }

  /** The next word is an image's first. */
  get fresh(): boolean {
    return !this.#skipping && this.#step === 0 && this.#word === 0;
  }

  /** Whether this clock changes a register. */
  get moving(): boolean {
    return this.#skipping || this.#leftOver;
  }

  /** This cycle a new image waits: the image before is over, whatever time steps it left. */
  announce(): void {
    this.#newImage = true;
  }

  get #leftOver(): boolean {
    return this.#newImage && this.#step !== 0;
  }

  /** Nothing is loaded when a pass begins. */
  start(_last: number): void {}

  /** A neuron has taken a word in this clock; `last` when the pass is its image's last. */
  drew(last: number): void {
    this.#drew = true;
    this.#drewLast = last === 1;
  }

  /** One clock. */
  update(states: Uint32Array): void {
    if (this.#skipping) states[0] = nextWord(states[0]!, this.#stream);
    if (this.#skipping || this.#drew) this.#count();
    else if (this.#leftOver) this.#skipping = true;
    this.#drew = false;
    this.#newImage = false;
  }

  #count(): void {
    if (this.#word < this.#stream.wordsPerTimeStep - 1) {
      this.#word += 1;
      return;
    }
    this.#word = 0;
    if (this.#step === this.#max - 1) {
      this.#step = 0;
      this.#skipping = false;
    } else {
      this.#step += 1;
      if (this.#drew && this.#drewLast) this.#skipping = true;
    }
  }

  probe(probe: Probe): void {
    if (this.#max === 1 && !this.#counted) return;
    probe.word('word_number', bitsFor(this.#stream.wordsPerTimeStep - 1), this.#word);
    probe.word('step', bitsFor(this.#max - 1), this.#step);
    probe.word('skipping', this.#max === 1 ? 0 : 1, this.#skipping ? 1 : 0);
  }
}
