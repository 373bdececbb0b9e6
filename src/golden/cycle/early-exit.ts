/** Numbers of images and the passes that are dropped once an image has its answer. */
import type { Plan } from '../../plan/schema/index.ts';
import { bitsFor } from '../geometry.ts';
import type { PartOfRegisters, RegisterList } from './registers.ts';

/** The readout's registers as they are before the edge. */
export interface Decision {
  readonly decided: number;
  readonly decidedImage: number;
}

/** Bits of an image's number; 0 without early exit. */
export function imageNumberBits(plan: Plan): number {
  return plan.earlyExit === 'none' ? 0 : bitsFor(3 * plan.layers.length + 1);
}

function isDropped(decision: Decision, image: number): boolean {
  return decision.decided === 1 && decision.decidedImage === image;
}

/** Counts the images that enter the core. */
export class ImageNumber implements PartOfRegisters {
  number = 0;
  readonly #bits: number;
  readonly #decision: Decision;

  constructor(plan: Plan, decision: Decision) {
    this.#bits = imageNumberBits(plan);
    this.#decision = decision;
  }

  get dropped(): boolean {
    return this.#bits > 0 && isDropped(this.#decision, this.number);
  }

  /** The image is over. */
  end(): void {
    this.number = (this.number + 1) % 2 ** this.#bits;
  }

  list(list: RegisterList): void {
    list.word('image', this.#bits);
  }

  sample(words: Int32Array, begin: number): number {
    let at = begin;
    words[at++] = this.number;
    return at;
  }
}

/** What an engine knows of the image that it works on, and of the one whose frame waits. */
export class ImageTag implements PartOfRegisters {
  /** This cycle: the waiting frame is thrown away; the waiting frame is wanted and the first of its image here. */
  dropping = false;
  newImage = false;
  tag = 0;
  readonly #bits: number;
  readonly #decision: Decision;

  constructor(plan: Plan, decision: Decision) {
    this.#bits = imageNumberBits(plan);
    this.#decision = decision;
  }

  /** `waits`: the engine is idle and a frame of `image` is ready. */
  look(waits: boolean, image: number): void {
    if (this.#bits === 0) return;
    this.dropping = waits && isDropped(this.#decision, image);
    this.newImage = waits && !this.dropping && image !== this.tag;
  }

  list(list: RegisterList): void {
    list.word('image_tag', this.#bits);
  }

  sample(words: Int32Array, begin: number): number {
    let at = begin;
    words[at++] = this.tag;
    return at;
  }
}
