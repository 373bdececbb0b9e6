/** Adds up the classes' scores over the time steps of an image and sends the result. */
import type { Plan } from '../../plan/schema/index.ts';
import { bitsFor, indexBits } from '../geometry.ts';
import type { Consumer } from './buffer.ts';
import { type Decision, imageNumberBits } from './early-exit.ts';
import type { RegisterFile, RegisterList, Registers } from './registers.ts';

const ACCUMULATE = 0;
const SCORES = 1;
const CLASS = 2;
const JUDGE = 3;

export class Readout implements Consumer, Registers, Decision {
  #changed = true;
  readonly words: Int32Array;
  readonly #classes: number;
  readonly #scoreBits: number;
  /** The memory; its output register. */
  readonly #scores: Int32Array;
  #score = 0;
  #firstPass = 1;
  #state = ACCUMULATE;
  #channel = 0;
  #best = 0;
  #bestClass = 0;
  // Early exit only.
  readonly #exits: boolean;
  readonly #imageBits: number;
  readonly #usedBits: number;
  #second = 0;
  #stepsUsed = 0;
  decided = 0;
  decidedImage = 0;
  #exitMargin: number | undefined;
  #active = 0;
  #passImage = 0;
  #adding = false;
  #addend = 0;
  #last = 0;
  #ready = false;
  // Abstaining only.
  readonly #abstains: boolean;
  /** Margin below which an answer abstains, as its register holds it. */
  abstainBelow = 0;
  // For messages.
  image = 0;

  constructor(file: RegisterFile, plan: Plan) {
    this.#exits = plan.earlyExit === 'margin';
    this.#abstains = plan.monitors?.abstain != null;
    this.abstainBelow = plan.monitors?.abstain?.below ?? 0;
    this.#imageBits = imageNumberBits(plan);
    this.#usedBits = bitsFor(plan.timeSteps.max);
    this.#classes = plan.readout.classes;
    this.#scoreBits = plan.readout.scoreBits;
    this.#scores = new Int32Array(this.#classes);
    this.words = file.take(this);
  }

  get free(): boolean {
    return this.#state === ACCUMULATE;
  }

  /** Class whose score is added to or sent next. */
  get channel(): number {
    return this.#channel;
  }

  get valid(): boolean {
    return this.#state === SCORES || this.#state === CLASS;
  }

  get tlast(): boolean {
    return this.#state === CLASS;
  }

  /** The answer abstains; looked at with the class. */
  get abstains(): boolean {
    return this.#abstains && this.#best - this.#second < this.abstainBelow;
  }

  /** Unsigned 32-bit image of the beat. */
  get data(): number {
    const answer = (this.abstains ? 2 ** 31 : 0) + this.#stepsUsed * 2 ** 16 + this.#bestClass;
    return (this.#state === SCORES ? this.#score : answer) >>> 0;
  }

  /** Spike count readout: a spike word of the last layer. */
  push(word: Uint32Array, active: number, last: number, image: number): boolean {
    return this.#add(popcount(word[0]!), active, last, image);
  }

  /** Potential readout: one potential for each time lane, or one for all. */
  addPotentials(potentials: Int32Array, active: number, last: number, image: number): boolean {
    if (potentials.length === 1) return this.#add(potentials[0]! * popcount(active), active, last, image);
    let sum = 0;
    for (let t = 0; t < potentials.length; t += 1) if ((active >>> t) & 1) sum += potentials[t]!;
    return this.#add(sum, active, last, image);
  }

  #add(addend: number, active: number, last: number, image: number): boolean {
    this.#active = active;
    this.#passImage = image;
    this.#adding = true;
    this.#addend = addend;
    this.#last = last;
    return this.#channel === this.#classes - 1;
  }

  /** Whether the result's receiver takes a beat in this cycle. */
  combine(ready: boolean, exitMargin: number | undefined): void {
    this.#ready = ready;
    this.#exitMargin = exitMargin;
  }

  update(): void {
    if (this.#adding || this.#state !== ACCUMULATE) this.#changed = true;
    if (this.#state === ACCUMULATE) {
      if (this.#adding) this.#take((this.#firstPass === 1 ? 0 : this.#score) + this.#addend);
    } else if (this.#state === JUDGE) this.#judge();
    else if (this.#ready) {
      if (this.#state === SCORES) {
        if (!this.#exits) this.#rank(this.#score);
        if (this.#step()) this.#state = CLASS;
      } else {
        this.#state = ACCUMULATE;
        this.#stepsUsed = 0;
        this.#firstPass = 1;
        this.image += 1;
      }
    }
    this.#adding = false;
  }

  #take(sum: number): void {
    if (this.#exits) {
      this.decided = 0;
      this.#rank(sum);
    }
    this.#scores[this.#channel] = sum;
    if (!this.#step()) return;
    this.#firstPass = 0;
    if (this.#exits) {
      this.#stepsUsed += popcount(this.#active);
      this.decidedImage = this.#passImage;
      this.#state = JUDGE;
    }
    if (this.#last === 1) this.#state = SCORES;
  }

  /** The best two sums of the pass so far. */
  #rank(sum: number): void {
    if (this.#channel === 0) {
      this.#second = -(2 ** (this.#scoreBits - 1));
      this.#best = sum;
      this.#bestClass = 0;
    } else if (sum > this.#best) {
      this.#second = this.#best;
      this.#best = sum;
      this.#bestClass = this.#channel;
    } else if (sum > this.#second) this.#second = sum;
  }

  #judge(): void {
    const never = 2 ** this.#scoreBits - 1;
    const margin = this.#exitMargin ?? never;
    if (margin !== never && this.#best - this.#second >= margin) {
      this.decided = 1;
      this.#state = SCORES;
    } else this.#state = ACCUMULATE;
  }

  /** Moves to the next class; true at the wrap. */
  #step(): boolean {
    this.#channel = this.#channel === this.#classes - 1 ? 0 : this.#channel + 1;
    this.#score = this.#scores[this.#channel]!;
    return this.#channel === 0;
  }

  list(list: RegisterList): void {
    list.word('state', 2);
    list.word('channel', bitsFor(this.#classes - 1));
    list.word('first_pass', 1);
    list.signed('score', this.#scoreBits);
    list.signed('best', this.#scoreBits);
    list.word('best_class', indexBits(this.#classes));
    list.signed('second', this.#exits || this.#abstains ? this.#scoreBits : 0);
    if (!this.#exits) return;
    list.word('steps_used', this.#usedBits);
    list.word('decided', 1);
    list.word('decided_image', this.#imageBits);
  }

  refresh(): void {
    if (!this.#changed) return;
    this.#changed = false;
    const { words } = this;
    let at = 0;
    words[at++] = this.#state;
    words[at++] = this.#channel;
    words[at++] = this.#firstPass;
    words[at++] = this.#score;
    words[at++] = this.#best;
    words[at++] = this.#bestClass;
    words[at++] = this.#second;
    if (!this.#exits) return;
    words[at++] = this.#stepsUsed;
    words[at++] = this.decided;
    words[at] = this.decidedImage;
  }
}

function popcount(word: number): number {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
