/** The Bernoulli encoder of a core with one time lane and streams that run on. */
import type { Plan, StreamPlan } from '../../plan/schema/index.ts';
import { bitsFor, indexBits, pixelsOf } from '../geometry.ts';
import { nextWord } from '../stream.ts';
import { pixelThreshold } from '../table.ts';
import type { Consumer } from './buffer.ts';
import { type Decision, ImageNumber } from './early-exit.ts';
import type { FrameBuffer } from './frame-buffer.ts';
import { type RegisterFile, Registers } from './registers.ts';
import { Work } from './work.ts';

const IDLE = 0;
const SCAN = 1;
const FLUSH = 2;
const SKIP = 3;

export class UnseededEncoder {
  readonly registers: Registers;
  readonly #r;
  readonly work = new Work();
  readonly #image: FrameBuffer;
  readonly #consumer: Consumer;
  readonly #stream: StreamPlan;
  readonly #pixels: number;
  readonly #maxSteps: number;
  readonly #spike = new Uint32Array(1);
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
    this.#image = image;
    this.#consumer = consumer;
    this.#stream = stream;
    this.#pixels = pixelsOf(plan);
    this.#maxSteps = plan.timeSteps.max;
    this.registers = new Registers(file);
    this.#r = {
      state: this.registers.word('state', 2, IDLE),
      addr: this.registers.word('image_address', indexBits(this.#pixels)),
      firstStep: this.registers.word('first_step', bitsFor(this.#maxSteps - 1)),
      active: this.registers.word('pass_active', 1),
      last: this.registers.word('pass_last', 1),
      valid: this.registers.word('pass_push', 1),
      noise: this.registers.word('noise', 32, stream.seed),
    };
    this.#number = new ImageNumber(this.registers, plan, decision);
  }

  /** Pixel at which the encoder reads. */
  get pixel(): number {
    return this.#r.addr.now;
  }

  /** In this clock the host passes over the next image. */
  skipImage(): void {
    this.#skipping = true;
  }

  combine(): void {
    const r = this.#r;
    this.#image.read(r.addr.now);
    this.#committed = r.valid.now === 1 && this.#push();
    const waits = r.state.now === IDLE && this.#image.ready;
    this.#dropping = waits && this.#number.dropped;
    this.#starting = waits && !this.#dropping && this.#consumer.free;
    this.#scanning = r.state.now === SCAN && this.#image.isWritten(r.addr.now);
    if (this.#committed && r.state.now === FLUSH && r.last.now === 1) this.#image.release();
    if (this.#dropping) this.#image.release();
  }

  #push(): boolean {
    const r = this.#r;
    const threshold = pixelThreshold(this.#image.data[0]!);
    this.#spike[0] = (r.noise.now & 0xffff) < threshold ? r.active.now : 0;
    return this.#consumer.push(this.#spike, r.active.now, r.last.now, this.#number.number);
  }

  update(): void {
    const r = this.#r;
    const state = r.state.now;
    if (r.valid.now === 1 || state === SKIP) r.noise.now = nextWord(r.noise.now, this.#stream);
    r.valid.now = this.#scanning ? 1 : 0;
    if (this.#starting) this.#start();
    else if (this.#dropping) this.#drop();
    else if (this.#skipping && state === IDLE) r.state.now = SKIP;
    else if (this.#scanning && this.#nextPixel()) r.state.now = FLUSH;
    else if (state === FLUSH && this.#committed) {
      const ends = this.#nextStep();
      r.state.now = r.last.now === 1 && !ends ? SKIP : IDLE;
      if (r.last.now === 1) this.#number.end();
    } else if (state === SKIP && this.#nextPixel() && this.#nextStep()) r.state.now = IDLE;
    this.#skipping = false;
  }

  #start(): void {
    const r = this.#r;
    const steps = this.#image.active;
    r.state.now = SCAN;
    this.work.begin(r.last.now, 1);
    r.active.now = r.firstStep.now < steps ? 1 : 0;
    r.last.now = r.firstStep.now + 1 >= steps ? 1 : 0;
  }

  /** The image is over before its last pass. */
  #drop(): void {
    this.#r.state.now = SKIP;
    this.#number.end();
  }

  /** True after the last pixel. */
  #nextPixel(): boolean {
    const r = this.#r;
    r.addr.now = r.addr.now === this.#pixels - 1 ? 0 : r.addr.now + 1;
    return r.addr.now === 0;
  }

  /** True after the last time step that an image owns words of. */
  #nextStep(): boolean {
    const r = this.#r;
    r.firstStep.now = r.firstStep.now === this.#maxSteps - 1 ? 0 : r.firstStep.now + 1;
    return r.firstStep.now === 0;
  }
}
