/** The two ways from an image to the first layer's input: Bernoulli spikes, or the pixels as they are. */
import type { Plan, StreamPlan } from '../../plan/index.ts';
import { bitsFor, indexBits, pixelLanesOf, pixelsOf } from '../geometry.ts';
import { nextWord } from '../stream.ts';
import type { Consumer, FrameBuffer, Source } from './buffer.ts';
import { type Decision, ImageNumber } from './early-exit.ts';
import { extract, insert, wordsFor } from './packed.ts';
import type { Probe, Probed } from './probe.ts';
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

export class Encoder implements Probed {
  changed = true;
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

  constructor(plan: Plan, stream: StreamPlan, image: FrameBuffer, consumer: Consumer, decision: Decision) {
    this.#number = new ImageNumber(plan, decision);
    this.#image = image;
    this.#consumer = consumer;
    this.#stream = stream;
    this.#lanes = plan.timeSteps.lanes;
    this.#seeder = new Seeder(stream, plan.timeSteps.max, this.#lanes);
    this.#pixelLanes = pixelLanesOf(plan);
    this.#elements = pixelsOf(plan) / this.#pixelLanes;
    this.#passes = new Passes(plan);
    this.#states = new Uint32Array(this.#lanes).fill(1);
    this.#next = new Uint32Array(this.#lanes);
    this.#spikes = new Uint32Array(wordsFor(this.#pixelLanes * this.#lanes));
  }

  /** Pixel at which the encoder reads. */
  get pixel(): number {
    return this.#addr * this.#pixelLanes;
  }

  combine(): void {
    this.#image.read(this.#addr);
    this.#committed = this.#valid === 1 && this.#push();
    const waits = this.#state === IDLE && this.#image.ready;
    this.#dropping = waits && this.#number.dropped;
    if (waits && !this.#dropping && this.#passes.firstStep === 0) this.#seeder.announce();
    this.#starting = waits && !this.#dropping && this.#consumer.free && this.#seeder.resting;
    this.#scanning = this.#state === SCAN && !this.#seeder.loading;
    if (this.#committed && this.#state === FLUSH && this.#last === 1) this.#image.release();
    if (this.#dropping) this.#image.release();
  }

  #push(): boolean {
    this.#next.set(this.#states);
    this.#spikes.fill(0);
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
    if (this.#state !== IDLE || this.#starting || this.#dropping || this.#seeder.moving) this.changed = true;
    if (this.#valid === 1) this.#states.set(this.#next);
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

  probe(probe: Probe): void {
    probe.word('state', 2, this.#state);
    probe.word('addr', indexBits(this.#elements), this.#addr);
    probe.word('first_step', this.#passes.bits, this.#passes.firstStep);
    probe.word('active_lanes', this.#lanes, this.#active);
    probe.word('last_pass', 1, this.#last);
    probe.word('s1_valid', 1, this.#valid);
    this.#number.probe(probe);
    this.#seeder.probe(probe);
    probe.wide(stateName, 32, this.#states);
  }
}

/** Direct encoding: to the first layer the image looks like a frame of spikes that is read again for each pass. */
export class DirectInput implements Source, Probed {
  changed = true;
  readonly #image: FrameBuffer;
  readonly #passes: Passes;
  readonly #number: ImageNumber;
  #releasing = false;
  #ending = false;

  constructor(plan: Plan, image: FrameBuffer, decision: Decision) {
    this.#number = new ImageNumber(plan, decision);
    this.#image = image;
    this.#passes = new Passes(plan);
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
      this.changed = true;
    }
    this.#releasing = false;
  }

  probe(probe: Probe): void {
    probe.word('first_step', this.#passes.bits, this.#passes.firstStep);
    this.#number.probe(probe);
  }
}

function stateName(lane: number): string {
  return `lane_${lane}.state`;
}
