/** The two ways from an image to the first layer's input: Bernoulli spikes, or the pixels as they are. */
import type { Plan, StreamPlan } from '../../plan/schema/index.ts';
import { bitsFor, indexBits, pixelsOf } from '../geometry.ts';
import { nextWord } from '../stream.ts';
import type { Consumer, FrameBuffer, Source } from './buffer.ts';
import { type Decision, ImageNumber } from './early-exit.ts';
import { extract, insert, wordsFor } from './packed.ts';
import { copyWords, type RegisterFile, type RegisterList, type Registers } from './registers.ts';
import { Seeder } from './seeder.ts';
import { Work } from './work.ts';

const IDLE = 0;
const SCAN = 1;
const FLUSH = 2;

/** The time steps of an image's passes: which lanes of the next pass are in use, and whether it is the last. */
class Passes {
  firstStep = 0;
  readonly #lanes: number;
  readonly bits: number;

  constructor(plan: Plan) {
    const { max, lanes } = plan.timeSteps;
    this.#lanes = lanes;
    this.bits = bitsFor((Math.ceil(max / lanes) - 1) * lanes);
  }

  /** Bit t is set when lane t works on one of the image's `steps` time steps. */
  active(steps: number): number {
    const left = Math.min(this.#lanes, steps - this.firstStep);
    return left <= 0 ? 0 : 0xffffffff >>> (32 - left);
  }

  last(steps: number): number {
    return this.firstStep + this.#lanes >= steps ? 1 : 0;
  }

  next(last: number): void {
    this.firstStep = last === 1 ? 0 : this.firstStep + this.#lanes;
  }
}

export class Encoder implements Registers {
  #changed = true;
  readonly words: Int32Array;
  readonly #image: FrameBuffer;
  readonly #consumer: Consumer;
  readonly #stream: StreamPlan;
  readonly #seeder: Seeder;
  readonly #lanes: number;
  /** Pixels of an element, and elements of an image. */
  readonly #pixelLanes: number;
  readonly #elements: number;
  readonly #passes: Passes;
  readonly #states: Uint32Array;
  /** The lanes' states after this element. */
  readonly #next: Uint32Array;
  readonly #spikes: Uint32Array;
  #state = IDLE;
  #addr = 0;
  #active = 0;
  #last = 0;
  #valid = 0;
  readonly #number: ImageNumber;
  #starting = false;
  #dropping = false;
  #committed = false;
  #scanning = false;
  readonly work = new Work();

  constructor(
    file: RegisterFile,
    plan: Plan,
    stream: StreamPlan,
    image: FrameBuffer,
    consumer: Consumer,
    decision: Decision,
  ) {
    this.#number = new ImageNumber(plan, decision);
    this.#image = image;
    this.#consumer = consumer;
    this.#stream = stream;
    this.#lanes = plan.timeSteps.lanes;
    this.#seeder = new Seeder(stream, plan.timeSteps.max, this.#lanes);
    this.#pixelLanes = plan.pixelLanes;
    this.#elements = pixelsOf(plan) / this.#pixelLanes;
    this.#passes = new Passes(plan);
    this.#states = new Uint32Array(this.#lanes).fill(1);
    this.#next = new Uint32Array(this.#lanes);
    this.#spikes = new Uint32Array(wordsFor(this.#pixelLanes * this.#lanes));
    this.words = file.take(this);
  }

  /** Pixel at which the encoder reads. */
  get pixel(): number {
    return this.#addr * this.#pixelLanes;
  }

  /** In this clock the host passes over the next image. */
  skipImage(): void {
    this.#seeder.skip();
  }

  combine(): void {
    this.#image.read(this.#addr);
    this.#committed = this.#valid === 1 && this.#push();
    const waits = this.#state === IDLE && this.#image.ready;
    this.#dropping = waits && this.#number.dropped;
    if (waits && !this.#dropping && this.#passes.firstStep === 0) this.#seeder.announce();
    this.#starting = waits && !this.#dropping && this.#consumer.free && this.#seeder.resting;
    this.#scanning = this.#state === SCAN && !this.#seeder.loading && this.#image.isWritten(this.#addr);
    if (this.#committed && this.#state === FLUSH && this.#last === 1) this.#image.release();
    if (this.#dropping) this.#image.release();
  }

  #push(): boolean {
    copyInto(this.#next, this.#states);
    for (let w = 0; w < this.#spikes.length; w += 1) this.#spikes[w] = 0;
    for (let i = 0; i < this.#pixelLanes; i += 1) {
      const pixel = extract(this.#image.data, 0, 8 * i, 8);
      const threshold = pixel * 257 + (pixel >>> 7);
      let spikes = 0;
      for (let t = 0; t < this.#lanes; t += 1) {
        if ((this.#next[t]! & 0xffff) < threshold) spikes |= 1 << t;
        this.#next[t] = nextWord(this.#next[t]!, this.#stream);
      }
      insert(this.#spikes, 0, i * this.#lanes, this.#lanes, spikes & this.#active);
    }
    return this.#consumer.push(this.#spikes, this.#active, this.#last, this.#number.number);
  }

  update(): void {
    if (this.#state !== IDLE || this.#starting || this.#dropping || this.#seeder.moving) this.#changed = true;
    if (this.#valid === 1) copyInto(this.#states, this.#next);
    if (this.#starting) {
      const steps = this.#image.active;
      this.#state = SCAN;
      this.work.begin(this.#last, this.#lanes);
      this.#active = this.#passes.active(steps);
      this.#last = this.#passes.last(steps);
      this.#seeder.start(this.#last);
    } else if (this.#scanning) {
      this.#addr += 1;
      if (this.#addr === this.#elements) {
        this.#addr = 0;
        this.#state = FLUSH;
      }
    } else if (this.#state === FLUSH && this.#committed) {
      this.#state = IDLE;
      this.#passes.next(this.#last);
      if (this.#last === 1) this.#number.end();
    } else if (this.#dropping) {
      this.#passes.next(1);
      this.#number.end();
    }
    this.#valid = this.#scanning ? 1 : 0;
    this.#seeder.update(this.#states);
  }

  list(list: RegisterList): void {
    list.word('state', 2);
    list.word('addr', indexBits(this.#elements));
    list.word('first_step', this.#passes.bits);
    list.word('active_lanes', this.#lanes);
    list.word('last_pass', 1);
    list.word('s1_valid', 1);
    this.#number.list(list);
    this.#seeder.list(list);
    list.bank(stateName, 32, this.#lanes);
  }

  refresh(): void {
    if (!this.#changed) return;
    this.#changed = false;
    const { words } = this;
    let at = 0;
    words[at++] = this.#state;
    words[at++] = this.#addr;
    words[at++] = this.#passes.firstStep;
    words[at++] = this.#active;
    words[at++] = this.#last;
    words[at++] = this.#valid;
    at = this.#number.sample(words, at);
    at = this.#seeder.sample(words, at);
    copyWords(this.#states, words, at);
  }
}

/** Direct encoding: to the first layer the image looks like a frame of spikes that is read again for each pass. */
export class DirectInput implements Source, Registers {
  #changed = true;
  readonly words: Int32Array;
  readonly #image: FrameBuffer;
  readonly #passes: Passes;
  readonly #number: ImageNumber;
  #releasing = false;
  #ending = false;

  constructor(file: RegisterFile, plan: Plan, image: FrameBuffer, decision: Decision) {
    this.#number = new ImageNumber(plan, decision);
    this.#image = image;
    this.#passes = new Passes(plan);
    this.words = file.take(this);
  }

  get ready(): boolean {
    return this.#image.ready;
  }

  get active(): number {
    return this.#passes.active(this.#image.active);
  }

  get last(): number {
    return this.#passes.last(this.#image.active);
  }

  get image(): number {
    return this.#number.number;
  }

  get data(): Uint32Array {
    return this.#image.data;
  }

  read(address: number): void {
    this.#image.read(address);
  }

  release(): void {
    this.#releasing = true;
    this.#ending = this.last === 1 || this.#number.dropped;
    if (this.#ending) this.#image.release();
  }

  update(): void {
    if (this.#releasing) {
      this.#passes.next(this.#ending ? 1 : 0);
      if (this.#ending) this.#number.end();
      this.#changed = true;
    }
    this.#releasing = false;
  }

  list(list: RegisterList): void {
    list.word('first_step', this.#passes.bits);
    this.#number.list(list);
  }

  refresh(): void {
    if (!this.#changed) return;
    this.#changed = false;
    const { words } = this;
    words[0] = this.#passes.firstStep;
    this.#number.sample(words, 1);
  }
}

function stateName(lane: number): string {
  return `lane[${lane}].unit.state`;
}

/** As `set`, faster for a few words. */
function copyInto(to: Uint32Array, from: Uint32Array): void {
  for (let i = 0; i < from.length; i += 1) to[i] = from[i]!;
}
