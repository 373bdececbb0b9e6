/** The two ways from an image to the first layer's input: Bernoulli spikes, or the pixels as they are. */
import type { Plan, StreamPlan } from '../../plan/schema/index.ts';
import { bitsFor, indexBits, pixelsOf } from '../geometry.ts';
import { nextWord } from '../stream.ts';
import { pixelThreshold } from '../table.ts';
import type { Consumer, Source } from './buffer.ts';
import { type Decision, ImageNumber } from './early-exit.ts';
import type { FrameBuffer } from './frame-buffer.ts';
import { extract, insert, wordsFor } from './packed.ts';
import { type Register, type RegisterFile, Registers } from './registers.ts';
import { Seeder } from './seeder.ts';
import { Work } from './work.ts';

const IDLE = 0;
const SCAN = 1;
const FLUSH = 2;

/** The time steps of an image's passes: which lanes of the next pass are in use, and whether it is the last. */
class Passes {
  readonly #firstStep: Register;
  readonly #lanes: number;

  /** Its register is among `registers`. */
  constructor(registers: Registers, plan: Plan) {
    const { max, lanes } = plan.timeSteps;
    this.#lanes = lanes;
    this.#firstStep = registers.word('first_step', bitsFor((Math.ceil(max / lanes) - 1) * lanes));
  }

  get firstStep(): number {
    return this.#firstStep.now;
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
    this.#firstStep.now = last === 1 ? 0 : this.firstStep + this.#lanes;
  }
}

export class Encoder {
  readonly registers: Registers;
  readonly #r;
  readonly #image: FrameBuffer;
  readonly #consumer: Consumer;
  readonly #stream: StreamPlan;
  readonly #seeder: Seeder;
  readonly #lanes: number;
  /** Pixels of an element, and elements of an image. */
  readonly #pixelLanes: number;
  readonly #elements: number;
  readonly #passes: Passes;
  /** The lanes' states after this element. */
  readonly #next: Uint32Array;
  readonly #spikes: Uint32Array;
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
    this.#image = image;
    this.#consumer = consumer;
    this.#stream = stream;
    this.#lanes = plan.timeSteps.lanes;
    this.#pixelLanes = plan.pixelLanes;
    this.#elements = pixelsOf(plan) / this.#pixelLanes;
    const registers = new Registers(file);
    this.registers = registers;
    this.#passes = new Passes(registers, plan);
    this.#number = new ImageNumber(registers, plan, decision);
    this.#seeder = new Seeder(registers, stream, plan.timeSteps.max, this.#lanes);
    this.#r = {
      state: registers.word('state', 2, IDLE),
      addr: registers.word('image_address', indexBits(this.#elements)),
      active: registers.word('pass_active', this.#lanes),
      last: registers.word('pass_last', 1),
      valid: registers.word('pass_push', 1),
      states: registers.bank((lane) => `lane[${lane}].noise`, 32, this.#lanes).fill(1),
    };
    this.#next = new Uint32Array(this.#lanes);
    this.#spikes = new Uint32Array(wordsFor(this.#pixelLanes * this.#lanes));
  }

  /** Pixel at which the encoder reads. */
  get pixel(): number {
    return this.#r.addr.now * this.#pixelLanes;
  }

  /** In this clock the host passes over the next image. */
  skipImage(): void {
    this.#seeder.skip();
  }

  combine(): void {
    const r = this.#r;
    this.#image.read(r.addr.now);
    this.#committed = r.valid.now === 1 && this.#push();
    const waits = r.state.now === IDLE && this.#image.ready;
    this.#dropping = waits && this.#number.dropped;
    if (waits && !this.#dropping && this.#passes.firstStep === 0) this.#seeder.announce();
    this.#starting = waits && !this.#dropping && this.#consumer.free && this.#seeder.resting;
    this.#scanning = r.state.now === SCAN && !this.#seeder.loading && this.#image.isWritten(r.addr.now);
    if (this.#committed && r.state.now === FLUSH && r.last.now === 1) this.#image.release();
    if (this.#dropping) this.#image.release();
  }

  #push(): boolean {
    const r = this.#r;
    copyInto(this.#next, r.states);
    for (let w = 0; w < this.#spikes.length; w += 1) this.#spikes[w] = 0;
    for (let i = 0; i < this.#pixelLanes; i += 1) {
      const pixel = extract(this.#image.data, 0, 8 * i, 8);
      const threshold = pixelThreshold(pixel);
      let spikes = 0;
      for (let t = 0; t < this.#lanes; t += 1) {
        if ((this.#next[t]! & 0xffff) < threshold) spikes |= 1 << t;
        this.#next[t] = nextWord(this.#next[t]!, this.#stream);
      }
      insert(this.#spikes, 0, i * this.#lanes, this.#lanes, spikes & r.active.now);
    }
    return this.#consumer.push(this.#spikes, r.active.now, r.last.now, this.#number.number);
  }

  update(): void {
    const r = this.#r;
    if (r.valid.now === 1) copyInto(r.states, this.#next);
    if (this.#starting) {
      const steps = this.#image.active;
      r.state.now = SCAN;
      this.work.begin(r.last.now, this.#lanes);
      r.active.now = this.#passes.active(steps);
      r.last.now = this.#passes.last(steps);
      this.#seeder.start(r.last.now);
    } else if (this.#scanning) {
      r.addr.now += 1;
      if (r.addr.now === this.#elements) {
        r.addr.now = 0;
        r.state.now = FLUSH;
      }
    } else if (r.state.now === FLUSH && this.#committed) {
      r.state.now = IDLE;
      this.#passes.next(r.last.now);
      if (r.last.now === 1) this.#number.end();
    } else if (this.#dropping) {
      this.#passes.next(1);
      this.#number.end();
    }
    r.valid.now = this.#scanning ? 1 : 0;
    this.#seeder.update(r.states);
  }
}

/** Direct encoding: to the first layer the image looks like a frame of spikes that is read again for each pass. */
export class DirectInput implements Source {
  readonly registers: Registers;
  readonly #image: FrameBuffer;
  readonly #passes: Passes;
  readonly #number: ImageNumber;
  #releasing = false;
  #ending = false;

  constructor(file: RegisterFile, plan: Plan, image: FrameBuffer, decision: Decision) {
    this.#image = image;
    this.registers = new Registers(file);
    this.#passes = new Passes(this.registers, plan);
    this.#number = new ImageNumber(this.registers, plan, decision);
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
    }
    this.#releasing = false;
  }
}

/** As `set`, faster for a few words. */
function copyInto(to: Uint32Array, from: Uint32Array): void {
  for (let i = 0; i < from.length; i += 1) to[i] = from[i]!;
}
