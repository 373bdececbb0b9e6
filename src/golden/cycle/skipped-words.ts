/** The stream of a layer with one time lane: it runs on, and the words of time steps that an image leaves unused are thrown away. */
import type { StreamPlan } from '../../plan/schema/index.ts';
import { bitsFor } from '../geometry.ts';
import { nextWord } from '../stream.ts';
import type { Registers } from './registers.ts';

export class SkippedWords {
  readonly #r;
  readonly loading = false;
  readonly #stream: StreamPlan;
  readonly #max: number;
  #drew = false;
  #drewLast = false;
  #newImage = false;
  #stepEnds = false;
  #skip = false;

  /** Its registers are among `registers`. */
  constructor(registers: Registers, stream: StreamPlan, maxSteps: number) {
    this.#r = {
      word: registers.word('word_number', bitsFor(stream.wordsPerTimeStep - 1)),
      step: registers.word('step', bitsFor(maxSteps - 1)),
      skipping: registers.flag('skipping'),
    };
    this.#stream = stream;
    this.#max = maxSteps;
  }

  get resting(): boolean {
    return !this.#r.skipping.now && !this.#leftOver;
  }

  /** The next word is an image's first. */
  get fresh(): boolean {
    return !this.#r.skipping.now && this.#r.step.now === 0 && this.#r.word.now === 0;
  }

  /** False when this clock changes no register, unless a neuron takes a word. */
  get moving(): boolean {
    return this.#r.skipping.now || this.#newImage || this.#skip;
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
    return this.#newImage && this.#r.step.now !== 0;
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
    const r = this.#r;
    if (r.skipping.now) states[0] = nextWord(states[0]!, this.#stream);
    if (r.skipping.now || this.#drew) this.#count();
    else if (this.#leftOver) r.skipping.now = true;
    if (this.#skip && !this.#stepEnds) r.skipping.now = true;
    this.#skip = false;
    this.#stepEnds = false;
    this.#drew = false;
    this.#newImage = false;
  }

  #count(): void {
    const r = this.#r;
    if (r.word.now < this.#stream.wordsPerTimeStep - 1) {
      r.word.now += 1;
      return;
    }
    r.word.now = 0;
    this.#stepEnds = true;
    if (r.step.now === this.#max - 1) {
      r.step.now = 0;
      r.skipping.now = false;
    } else {
      r.step.now += 1;
      if (this.#drew && this.#drewLast) r.skipping.now = true;
    }
  }
}
