/** Drops images that are too short, too long or marked as bad, and their answers. */
import type { Plan } from '../../plan/schema/index.ts';
import { bitsFor } from '../geometry.ts';
import type { RegisterFile, RegisterList, Registers } from './registers.ts';

export interface Beat {
  readonly valid: boolean;
  readonly last: boolean;
  readonly user: boolean;
}

export class ImageGuard implements Registers {
  readonly words: Int32Array;
  readonly #flightBits: number;
  #inside = false;
  #padding = false;
  #skimming = false;
  #frameErrorSeen = false;
  #inFlight = 0;
  #dropWaits = false;
  #dropAfter = 0;
  // Of this clock.
  #beat: Beat = { valid: false, last: false, user: false };
  #accepted = false;
  #committed = false;
  #leaves = false;

  constructor(file: RegisterFile, plan: Plan) {
    this.#flightBits = bitsFor(3 * plan.layers.length + 2);
    this.words = file.take(this);
  }

  /** tready, when the image buffer is as free as this. */
  accepts(bufferFree: boolean): boolean {
    if (this.#padding) return false;
    return this.#skimming || (bufferFree && (this.#inside || !this.#dropWaits));
  }

  /** The answer that the readout shows or will show next is one that nobody sees. */
  get hides(): boolean {
    return this.#dropWaits && this.#dropAfter === 0;
  }

  get frameError(): boolean {
    return this.#frameErrorSeen;
  }

  /** An image has begun, or is complete and not answered. */
  get busy(): boolean {
    return this.#inside || this.#inFlight !== 0;
  }

  /** In this clock pixels come in, or zeros. */
  get takes(): boolean {
    return this.#accepted || this.#padding;
  }

  /** What is pushed into the image buffer in this clock: the stream's beat, zeros, or nothing. */
  push(beat: Beat, bufferFree: boolean): 'beat' | 'zeros' | undefined {
    this.#beat = beat;
    this.#accepted = beat.valid && this.accepts(bufferFree);
    if (this.#padding) return 'zeros';
    return this.#accepted && !this.#skimming ? 'beat' : undefined;
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
    const { last, user } = this.#beat;
    const committed = this.#committed;
    const pixel = this.#accepted && !this.#skimming;
    const wrong = pixel && (committed ? !last || user : last);
    const spoilt = committed && (this.#padding || wrong);
    const hid = this.hides;
    if (spoilt) {
      this.#dropWaits = true;
      this.#dropAfter = this.#inFlight - (this.#leaves ? 1 : 0);
    } else if (this.#leaves && this.#dropWaits) {
      if (hid) this.#dropWaits = false;
      else this.#dropAfter -= 1;
    }
    this.#inFlight += (committed ? 1 : 0) - (this.#leaves ? 1 : 0);
    if (wrong) this.#frameErrorSeen = true;
    if (this.#skimming) {
      if (this.#accepted && last) this.#skimming = false;
    } else if (pixel && committed && !last) this.#skimming = true;
    if (pixel) this.#inside = !committed;
    else if (this.#padding && committed) this.#inside = false;
    if (this.#padding) this.#padding = !committed;
    else if (wrong && !committed) this.#padding = true;
    this.#committed = false;
    this.#leaves = false;
  }

  list(list: RegisterList): void {
    list.word('image_begun', 1);
    list.word('padding', 1);
    list.word('skimming', 1);
    list.word('frame_error_seen', 1);
    list.word('in_flight', this.#flightBits);
    list.word('drop_waits', 1);
    list.word('drop_after', this.#flightBits);
  }

  refresh(): void {
    const flags = [this.#inside, this.#padding, this.#skimming, this.#frameErrorSeen];
    flags.forEach((flag, i) => {
      this.words[i] = flag ? 1 : 0;
    });
    this.words[4] = this.#inFlight;
    this.words[5] = this.#dropWaits ? 1 : 0;
    this.words[6] = this.#dropAfter;
  }
}
