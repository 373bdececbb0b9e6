/** Adds up the classes' scores over the time steps of an image and sends the result. */
import type { Plan } from '../../plan/schema/index.ts';
import { bitsFor, indexBits } from '../geometry.ts';
import type { Consumer } from './buffer.ts';
import { type Decision, imageNumberBits } from './early-exit.ts';
import { type RegisterFile, Registers } from './registers.ts';

const ACCUMULATE = 0;
const SCORES = 1;
const CLASS = 2;
const JUDGE = 3;

export class Readout implements Consumer, Decision {
  readonly registers: Registers;
  readonly #r;
  readonly #classes: number;
  readonly #scoreBits: number;
  /** The memory; its output register. */
  readonly #scores: Int32Array;
  // Early exit only.
  readonly #exits: boolean;
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
    this.#classes = plan.readout.classes;
    this.#scoreBits = plan.readout.scoreBits;
    this.#scores = new Int32Array(this.#classes);
    const registers = new Registers(file);
    this.registers = registers;
    this.#r = {
      state: registers.word('state', 2, ACCUMULATE),
      channel: registers.word('channel', bitsFor(this.#classes - 1)),
      firstPass: registers.word('first_pass', 1, 1),
      score: registers.signed('score', this.#scoreBits),
      best: registers.signed('best', this.#scoreBits),
      bestClass: registers.word('best_class', indexBits(this.#classes)),
      second: registers.signed('second', this.#exits || this.#abstains ? this.#scoreBits : 0),
      stepsUsed: registers.word('steps_used', this.#exits ? bitsFor(plan.timeSteps.max) : 0),
      decided: registers.word('decision_decided', this.#exits ? 1 : 0),
      decidedImage: registers.word('decision_image', this.#exits ? imageNumberBits(plan) : 0),
    };
  }

  get decided(): number {
    return this.#r.decided.now;
  }

  get decidedImage(): number {
    return this.#r.decidedImage.now;
  }

  get free(): boolean {
    return this.#r.state.now === ACCUMULATE;
  }

  /** Class whose score is added to or sent next. */
  get channel(): number {
    return this.#r.channel.now;
  }

  get valid(): boolean {
    return this.#r.state.now === SCORES || this.#r.state.now === CLASS;
  }

  get tlast(): boolean {
    return this.#r.state.now === CLASS;
  }

  /** The answer abstains; looked at with the class. */
  get abstains(): boolean {
    return this.#abstains && this.#r.best.now - this.#r.second.now < this.abstainBelow;
  }

  /** Unsigned 32-bit image of the beat. */
  get data(): number {
    const r = this.#r;
    const answer = (this.abstains ? 2 ** 31 : 0) + r.stepsUsed.now * 2 ** 16 + r.bestClass.now;
    return (r.state.now === SCORES ? r.score.now : answer) >>> 0;
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
    return this.#r.channel.now === this.#classes - 1;
  }

  /** Whether the result's receiver takes a beat in this cycle. */
  combine(ready: boolean, exitMargin: number | undefined): void {
    this.#ready = ready;
    this.#exitMargin = exitMargin;
  }

  update(): void {
    const r = this.#r;
    if (r.state.now === ACCUMULATE) {
      if (this.#adding) this.#take((r.firstPass.now === 1 ? 0 : r.score.now) + this.#addend);
    } else if (r.state.now === JUDGE) this.#judge();
    else if (this.#ready) {
      if (r.state.now === SCORES) {
        if (!this.#exits) this.#rank(r.score.now);
        if (this.#step()) r.state.now = CLASS;
      } else {
        r.state.now = ACCUMULATE;
        r.stepsUsed.now = 0;
        r.firstPass.now = 1;
        this.image += 1;
      }
    }
    this.#adding = false;
  }

  #take(sum: number): void {
    const r = this.#r;
    if (this.#exits) {
      r.decided.now = 0;
      this.#rank(sum);
    }
    this.#scores[r.channel.now] = sum;
    if (!this.#step()) return;
    r.firstPass.now = 0;
    if (this.#exits) {
      r.stepsUsed.now += popcount(this.#active);
      r.decidedImage.now = this.#passImage;
      r.state.now = JUDGE;
    }
    if (this.#last === 1) r.state.now = SCORES;
  }

  /** The best two sums of the pass so far. */
  #rank(sum: number): void {
    const r = this.#r;
    if (r.channel.now === 0) {
      r.second.now = -(2 ** (this.#scoreBits - 1));
      r.best.now = sum;
      r.bestClass.now = 0;
    } else if (sum > r.best.now) {
      r.second.now = r.best.now;
      r.best.now = sum;
      r.bestClass.now = r.channel.now;
    } else if (sum > r.second.now) r.second.now = sum;
  }

  #judge(): void {
    const r = this.#r;
    const never = 2 ** this.#scoreBits - 1;
    const margin = this.#exitMargin ?? never;
    if (margin !== never && r.best.now - r.second.now >= margin) {
      r.decided.now = 1;
      r.state.now = SCORES;
    } else r.state.now = ACCUMULATE;
  }

  /** Moves to the next class; true at the wrap. */
  #step(): boolean {
    const r = this.#r;
    r.channel.now = r.channel.now === this.#classes - 1 ? 0 : r.channel.now + 1;
    r.score.now = this.#scores[r.channel.now]!;
    return r.channel.now === 0;
  }
}

function popcount(word: number): number {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
