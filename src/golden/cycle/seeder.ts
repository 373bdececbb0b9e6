/** Gives each time lane of a stream its start state at the start of a pass, by jumping over whole time steps. */
import type { StreamPlan } from '../../plan/schema/index.ts';
import { bitsFor } from '../geometry.ts';
import { Jump } from '../stream.ts';
import type { Registers } from './registers.ts';

const REST = 0;
const LOAD = 1;
const SKIP = 2;

export class Seeder {
  readonly #r;
  #starting = -1;
  #newImage = false;
  #skip = false;
  readonly #jump: Jump;
  readonly #max: number;
  readonly #lanes: number;

  /** Its registers are among `registers`. */
  constructor(registers: Registers, stream: StreamPlan, maxSteps: number, lanes: number) {
    this.#r = {
      state: registers.word('seeder.seed', 32, stream.seed),
      step: registers.word('seeder.step', bitsFor(maxSteps)),
      loadLane: registers.word('seeder.load_lane', bitsFor(lanes - 1)),
      seedLast: registers.word('seeder.seed_last', 1),
      seeding: registers.word('seeder.seeding', 2, REST),
    };
    this.#jump = new Jump(stream, BigInt(stream.wordsPerTimeStep));
    this.#max = maxSteps;
    this.#lanes = lanes;
  }

  get resting(): boolean {
    return this.#r.seeding.now === REST && !this.#leftOver;
  }

  /** This cycle a new image waits: the image before is over, whatever time steps it left. */
  announce(): void {
    this.#newImage = true;
  }

  get #leftOver(): boolean {
    return this.#newImage && this.#r.step.now !== 0;
  }

  /** In this clock the host passes over the whole next image. */
  skip(): void {
    this.#skip = true;
  }

  /** Between two images. */
  get fresh(): boolean {
    return this.#r.seeding.now === REST && this.#r.step.now === 0;
  }

  /** False when this clock changes no register. */
  get moving(): boolean {
    return this.#r.seeding.now !== REST || this.#starting >= 0 || this.#newImage || this.#skip;
  }

  get loading(): boolean {
    return this.#r.seeding.now === LOAD;
  }

  /** A pass begins in this cycle; `last` when it is its image's last. */
  start(last: number): void {
    this.#starting = last;
  }

  /** One clock: loads a lane's state into `states`, or skips a time step that no lane used. */
  update(states: Uint32Array): void {
    const r = this.#r;
    if (r.seeding.now === REST) {
      if (this.#starting >= 0) {
        r.seeding.now = LOAD;
        r.loadLane.now = 0;
        r.seedLast.now = this.#starting;
      } else if (this.#leftOver || this.#skip) r.seeding.now = SKIP;
    } else if (r.seeding.now === LOAD) {
      states[r.loadLane.now] = r.state.now;
      this.#advance();
      if (r.loadLane.now === this.#lanes - 1) {
        r.loadLane.now = 0;
        r.seeding.now = r.seedLast.now === 1 ? SKIP : REST;
      } else r.loadLane.now += 1;
    } else if (!this.#advance()) {
      r.step.now = 0;
      r.seeding.now = REST;
    }
    this.#starting = -1;
    this.#newImage = false;
    this.#skip = false;
  }

  /** To the next time step of the image; false when all of its steps are used up. */
  #advance(): boolean {
    const r = this.#r;
    if (r.step.now >= this.#max) return false;
    r.state.now = this.#jump.apply(r.state.now);
    r.step.now += 1;
    return true;
  }
}
