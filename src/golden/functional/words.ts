/** A stream's words by the thousand: several time steps at once, so that the steps of one hide behind the others. */
import type { StreamPlan } from '../../plan/index.ts';
import { Jump, jump, nextWord } from '../stream.ts';

/** Time steps whose words are drawn together. */
export const blockSteps = 4;

/** Random words for one image after another. */
export interface WordSource {
  /** Words of the current block: [time step of the block][word]. */
  readonly block: Uint16Array;
  /** Words of a time step. */
  readonly perStep: number;
  /** Draws the words of the next `blockSteps` time steps; those beyond the image's last are other words, never used. */
  nextBlock(): void;
  /** Moves to the start of the next image, whatever number of blocks was drawn. */
  nextImage(): void;
}

/** The words of the plan's streams. */
export class Words implements WordSource {
  readonly block: Uint16Array;
  readonly perStep: number;
  readonly #stream: StreamPlan;
  readonly #nextStep: Jump;
  readonly #nextImage: Jump;
  #image: number;
  #state: number;

  /** Stands at the start of image `firstImage` (its position since reset). */
  constructor(stream: StreamPlan, maxSteps: number, firstImage: number) {
    const perStep = BigInt(stream.wordsPerTimeStep);
    const perImage = BigInt(maxSteps) * perStep;
    this.#stream = stream;
    this.perStep = stream.wordsPerTimeStep;
    this.block = new Uint16Array(blockSteps * this.perStep);
    this.#nextStep = new Jump(stream, perStep);
    this.#nextImage = new Jump(stream, perImage);
    this.#image = jump(stream.seed, stream, BigInt(firstImage) * perImage);
    this.#state = this.#image;
  }

  nextBlock(): void {
    const s0 = this.#state;
    const s1 = this.#nextStep.apply(s0);
    const s2 = this.#nextStep.apply(s1);
    const s3 = this.#nextStep.apply(s2);
    if (this.#stream.taps.length === 4) this.#drawFourTaps(s0, s1, s2, s3);
    else [s0, s1, s2, s3].forEach((state, step) => void this.#draw(state, step));
    this.#state = this.#nextStep.apply(s3);
  }

  nextImage(): void {
    this.#image = this.#nextImage.apply(this.#image);
    this.#state = this.#image;
  }

  #draw(start: number, step: number): void {
    let state = start;
    for (let i = 0; i < this.perStep; i += 1) {
      this.block[step * this.perStep + i] = state;
      state = nextWord(state, this.#stream);
    }
  }

  /** The same for the usual recurrence of four taps, four time steps abreast. */
  #drawFourTaps(s0: number, s1: number, s2: number, s3: number): void {
    const { taps, leap } = this.#stream;
    const a = taps[1]!;
    const b = taps[2]!;
    const c = taps[3]!;
    const rest = 32 - leap;
    const count = this.perStep;
    const block = this.block;
    let p = s0 | 0;
    let q = s1 | 0;
    let r = s2 | 0;
    let s = s3 | 0;
    for (let i = 0; i < count; i += 1) {
      block[i] = p;
      block[count + i] = q;
      block[2 * count + i] = r;
      block[3 * count + i] = s;
      p = (p >>> leap) | ((p ^ (p >>> a) ^ (p >>> b) ^ (p >>> c)) << rest);
      q = (q >>> leap) | ((q ^ (q >>> a) ^ (q >>> b) ^ (q >>> c)) << rest);
      r = (r >>> leap) | ((r ^ (r >>> a) ^ (r >>> b) ^ (r >>> c)) << rest);
      s = (s >>> leap) | ((s ^ (s >>> a) ^ (s >>> b) ^ (s >>> c)) << rest);
    }
  }
}
