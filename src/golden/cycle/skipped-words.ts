/** The stream of a layer with one time lane: it runs on, and the words of time steps that an image leaves unused are thrown away. */
import type { StreamPlan } from '../../plan/schema/index.ts';
import { bitsFor } from '../geometry.ts';
import { nextWord } from '../stream.ts';
import type { PartOfRegisters, RegisterList } from './registers.ts';

export class SkippedWords implements PartOfRegisters {
  readonly loading = false;
  readonly #stream: StreamPlan;
  readonly #max: number;
  #word = 0;
  #step = 0;
  #skipping = false;
  #drew = false;
  #drewLast = false;
  #newImage = false;
  #stepEnds = false;
  #skip = false;

  constructor(stream: StreamPlan, maxSteps: number) {
    this.#stream = stream;
    this.#max = maxSteps;
  }

  get resting(): boolean {
    return !this.#skipping && !this.#leftOver;
  }

  /** The next word is an image's first. */
  get fresh(): boolean {
    return !this.#skipping && this.#step === 0 && this.#word === 0;
  }

  /** False when this clock changes no register, unless a neuron takes a word. */
  get moving(): boolean {
    return this.#skipping || this.#newImage || this.#skip;
  }

  /** This cycle a new image waits: the image before is over, whatever time steps it left. */
  announce(): void {
    this.#newImage = true;
  }

  /** In this clock the host passes over the whole next image. */
  skip(): void {
    this.#skip = true;
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
    if (this.#skip && !this.#stepEnds) this.#skipping = true;
    this.#skip = false;
    this.#stepEnds = false;
    this.#drew = false;
    this.#newImage = false;
  }

  #count(): void {
    if (this.#word < this.#stream.wordsPerTimeStep - 1) {
      this.#word += 1;
      return;
    }
    this.#word = 0;
    this.#stepEnds = true;
    if (this.#step === this.#max - 1) {
      this.#step = 0;
      this.#skipping = false;
    } else {
      this.#step += 1;
      if (this.#drew && this.#drewLast) this.#skipping = true;
    }
  }

  list(list: RegisterList): void {
    list.word('word_number', bitsFor(this.#stream.wordsPerTimeStep - 1));
    list.word('step', bitsFor(this.#max - 1));
    list.word('skipping', 1);
  }

  sample(words: Int32Array, begin: number): number {
    let at = begin;
    words[at++] = this.#word;
    words[at++] = this.#step;
    words[at++] = this.#skipping ? 1 : 0;
    return at;
  }
}
