/** Numbers of images and the passes that are dropped once an image has its answer. */
import type { Plan } from '../../plan/schema/index.ts';
import { bitsFor } from '../geometry.ts';
import type { Register, Registers } from './registers.ts';

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
export class ImageNumber {
  readonly #image: Register;
  readonly #bits: number;
  readonly #decision: Decision;

  /** Its register is among `registers`. */
  constructor(registers: Registers, plan: Plan, decision: Decision) {
    this.#bits = imageNumberBits(plan);
    this.#image = registers.word('image', this.#bits);
    this.#decision = decision;
  }

  get number(): number {
    return this.#image.now;
  }

  get dropped(): boolean {
    return this.#bits > 0 && isDropped(this.#decision, this.number);
  }

  /** The image is over. */
  end(): void {
    this.#image.now = (this.number + 1) % 2 ** this.#bits;
  }
}

/** What an engine knows of the image that it works on, and of the one whose frame waits. */
export class ImageTag {
  /** This cycle: the waiting frame is thrown away; the waiting frame is wanted and the first of its image here. */
  dropping = false;
  newImage = false;
  readonly #tag: Register;
  readonly #bits: number;
  readonly #decision: Decision;

  /** Its register is among `registers`. */
  constructor(registers: Registers, plan: Plan, decision: Decision) {
    this.#bits = imageNumberBits(plan);
    this.#tag = registers.word('potentials_image', this.#bits);
    this.#decision = decision;
  }

  /** Number of the image that it works on. */
  get tag(): number {
    return this.#tag.now;
  }

  set tag(image: number) {
    this.#tag.now = image;
  }

  /** `waits`: the engine is idle and a frame of `source` is ready. */
  look(waits: boolean, source: { readonly image: number }): void {
    if (this.#bits === 0) return;
    this.dropping = waits && isDropped(this.#decision, source.image);
    this.newImage = waits && !this.dropping && source.image !== this.tag;
  }
}
