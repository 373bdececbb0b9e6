/** Drops images that are too short, too long or marked as bad, and their answers. */
import type { Plan } from '../../plan/schema/index.ts';
import { bitsFor } from '../geometry.ts';
import { type RegisterFile, Registers } from './registers.ts';

export interface Beat {
  readonly valid: boolean;
  readonly last: boolean;
  readonly user: boolean;
}

export class ImageGuard {
  readonly registers: Registers;
  readonly #r;
  // Of this clock.
  #beat: Beat = { valid: false, last: false, user: false };
  #accepted = false;
  #committed = false;
  #leaves = false;

  constructor(file: RegisterFile, plan: Plan) {
    this.registers = new Registers(file);
    const flightBits = bitsFor(3 * plan.layers.length + 2);
    this.#r = {
      begun: this.registers.flag('image_begun'),
      padding: this.registers.flag('padding'),
      skimming: this.registers.flag('skimming'),
      frameErrorSeen: this.registers.flag('frame_error'),
      inFlight: this.registers.word('in_flight', flightBits),
      dropWaits: this.registers.flag('drop_waits'),
      dropAfter: this.registers.word('drop_after', flightBits),
    };
  }

  /** tready, when the image buffer is as free as this; a core that is closed begins no image. */
  accepts(bufferFree: boolean, closed: boolean): boolean {
    const r = this.#r;
    if (r.padding.now) return false;
    return r.skimming.now || (bufferFree && (r.begun.now || !(r.dropWaits.now || closed)));
  }

  /** The answer that the readout shows or will show next is one that nobody sees. */
  get hides(): boolean {
    return this.#r.dropWaits.now && this.#r.dropAfter.now === 0;
  }

  get frameError(): boolean {
    return this.#r.frameErrorSeen.now;
  }

  /** An image has begun, or is complete and not answered. */
  get busy(): boolean {
    return this.#r.begun.now || this.#r.inFlight.now !== 0;
  }

  /** In this clock pixels come in, or zeros. */
  get takes(): boolean {
    return this.#accepted || this.#r.padding.now;
  }

  /** What is pushed into the image buffer in this clock: the stream's beat, zeros, or nothing. */
  push(beat: Beat, bufferFree: boolean, closed: boolean): 'beat' | 'zeros' | undefined {
    this.#beat = beat;
    this.#accepted = beat.valid && this.accepts(bufferFree, closed);
    if (this.#r.padding.now) return 'zeros';
    return this.#accepted && !this.#r.skimming.now ? 'beat' : undefined;
  }

  /** The push completes an image. */
  commit(): void {
    this.#committed = true;
  }

  /** The readout's packet is over in this clock. */
  leave(): void {
    this.#leaves = true;
  }

  update(): void {
    const r = this.#r;
    const { last, user } = this.#beat;
    const committed = this.#committed;
    const pixel = this.#accepted && !r.skimming.now;
    const wrong = pixel && (committed ? !last || user : last);
    const spoilt = committed && (r.padding.now || wrong);
    const hid = this.hides;
    if (spoilt) {
      r.dropWaits.now = true;
      r.dropAfter.now = r.inFlight.now - (this.#leaves ? 1 : 0);
    } else if (this.#leaves && r.dropWaits.now) {
      if (hid) r.dropWaits.now = false;
      else r.dropAfter.now -= 1;
    }
    r.inFlight.now += (committed ? 1 : 0) - (this.#leaves ? 1 : 0);
    if (wrong) r.frameErrorSeen.now = true;
    if (r.skimming.now) {
      if (this.#accepted && last) r.skimming.now = false;
    } else if (pixel && committed && !last) r.skimming.now = true;
    if (pixel) r.begun.now = !committed;
    else if (r.padding.now && committed) r.begun.now = false;
    if (r.padding.now) r.padding.now = !committed;
    else if (wrong && !committed) r.padding.now = true;
    this.#committed = false;
    this.#leaves = false;
  }
}
