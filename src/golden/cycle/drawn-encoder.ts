/** The Bernoulli encoder of a core with one time lane and streams that run on. */
import type { Plan, StreamPlan } from '../../plan/schema/index.ts';
import { bitsFor, indexBits, pixelsOf } from '../geometry.ts';
import { nextWord } from '../stream.ts';
import type { Consumer, FrameBuffer } from './buffer.ts';
import { type Decision, ImageNumber } from './early-exit.ts';
import type { RegisterFile, RegisterList, Registers } from './registers.ts';
import { Work } from './work.ts';

const IDLE = 0;
const SCAN = 1;
const FLUSH = 2;
const SKIP = 3;

export class DrawnEncoder implements Registers {
  #changed = true;
  readonly words: Int32Array;
  readonly work = new Work();
  readonly #image: FrameBuffer;
  readonly #consumer: Consumer;
  readonly #stream: StreamPlan;
  readonly #pixels: number;
  readonly #maxSteps: number;
  readonly #spike = new Uint32Array(1);
  #state = IDLE;
  #addr = 0;
  #firstStep = 0;
  #active = 0;
  #last = 0;
  #valid = 0;
  #noise: number;
  readonly #number: ImageNumber;
  #starting = false;
  #scanning = false;
  #dropping = false;
  #skipping = false;
  #committed = false;

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
    this.#pixels = pixelsOf(plan);
    this.#maxSteps = plan.timeSteps.max;
    this.#noise = stream.seed;
    this.words = file.take(this);
  }

  /** Pixel at which the encoder reads. */
  get pixel(): number {
    return this.#addr;
  }

  /** In this clock the host passes over the next image. */
  skipImage(): void {
    this.#skipping = true;
  }

  combine(): void {
    this.#image.read(this.#addr);
    this.#committed = this.#valid === 1 && this.#push();
    const waits = this.#state === IDLE && this.#image.ready;
    this.#dropping = waits && this.#number.dropped;
    this.#starting = waits && !this.#dropping && this.#consumer.free;
    this.#scanning = this.#state === SCAN && this.#image.isWritten(this.#addr);
    if (this.#committed && this.#state === FLUSH && this.#last === 1) this.#image.release();
    if (this.#dropping) this.#image.release();
  }

  #push(): boolean {
    const pixel = this.#image.data[0]!;
    const threshold = pixel * 257 + (pixel >>> 7);
    this.#spike[0] = (this.#noise & 0xffff) < threshold ? this.#active : 0;
    return this.#consumer.push(this.#spike, this.#active, this.#last, this.#number.number);
  }

  update(): void {
    if (this.#state !== IDLE || this.#starting || this.#dropping || this.#skipping) this.#changed = true;
    const state = this.#state;
    if (this.#valid === 1 || state === SKIP) this.#noise = nextWord(this.#noise, this.#stream);
    this.#valid = this.#scanning ? 1 : 0;
    if (this.#starting) this.#start();
    else if (this.#dropping) this.#drop();
    else if (this.#skipping && state === IDLE) this.#state = SKIP;
    else if (this.#scanning && this.#nextPixel()) this.#state = FLUSH;
    else if (state === FLUSH && this.#committed) {
      const ends = this.#nextStep();
      this.#state = this.#last === 1 && !ends ? SKIP : IDLE;
      if (this.#last === 1) this.#number.end();
    } else if (state === SKIP && this.#nextPixel() && this.#nextStep()) this.#state = IDLE;
    this.#skipping = false;
  }

  #start(): void {
    const steps = this.#image.active;
    this.#state = SCAN;
    this.work.begin(this.#last, 1);
    this.#active = this.#firstStep < steps ? 1 : 0;
    this.#last = this.#firstStep + 1 >= steps ? 1 : 0;
  }

  /** The image is over before its last pass. */
  #drop(): void {
    this.#state = SKIP;
    this.#number.end();
  }

  /** True after the last pixel. */
  #nextPixel(): boolean {
    this.#addr = this.#addr === this.#pixels - 1 ? 0 : this.#addr + 1;
    return this.#addr === 0;
  }

  /** True after the last time step that an image owns words of. */
  #nextStep(): boolean {
    this.#firstStep = this.#firstStep === this.#maxSteps - 1 ? 0 : this.#firstStep + 1;
    return this.#firstStep === 0;
  }

  list(list: RegisterList): void {
    list.word('state', 2);
    list.word('addr', indexBits(this.#pixels));
    list.word('first_step', bitsFor(this.#maxSteps - 1));
    list.word('active_lanes', 1);
    list.word('last_pass', 1);
    list.word('s1_valid', 1);
    this.#number.list(list);
    list.word('noise', 32);
  }

  refresh(): void {
    if (!this.#changed) return;
    this.#changed = false;
    const { words } = this;
    let at = 0;
    words[at++] = this.#state;
    words[at++] = this.#addr;
    words[at++] = this.#firstStep;
    words[at++] = this.#active;
    words[at++] = this.#last;
    words[at++] = this.#valid;
    at = this.#number.sample(words, at);
    words[at] = this.#noise;
  }
}
