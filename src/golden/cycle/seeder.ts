/** Gives each time lane of a stream its start state at the start of a pass, by jumping over whole time steps. */
import type { StreamPlan } from '../../plan/schema/index.ts';
import { bitsFor } from '../geometry.ts';
import { Jump } from '../stream.ts';
import type { PartOfRegisters, RegisterList } from './registers.ts';

const REST = 0;
const LOAD = 1;
const SKIP = 2;

export class Seeder implements PartOfRegisters {
  #seed: number;
  #step = 0;
  #loadLane = 0;
  #seedLast = 0;
  #seeding = REST;
  #starting = -1;
  #newImage = false;
  #skip = false;
  readonly #jump: Jump;
  readonly #max: number;
  readonly #lanes: number;
  readonly #stepBits: number;
  readonly #laneBits: number;

  constructor(stream: StreamPlan, maxSteps: number, lanes: number) {
    this.#seed = stream.seed;
    this.#jump = new Jump(stream, BigInt(stream.wordsPerTimeStep));
    this.#max = maxSteps;
    this.#lanes = lanes;
    this.#stepBits = bitsFor(maxSteps);
    this.#laneBits = bitsFor(lanes - 1);
  }

  get resting(): boolean {
    return this.#seeding === REST && !this.#leftOver;
  }

  /** This cycle a new image waits: the image before is over, whatever time steps it left. */
  announce(): void {
    this.#newImage = true;
  }

  get #leftOver(): boolean {
    return this.#newImage && this.#step !== 0;
  }

  /** In this clock the host passes over the whole next image. */
  skip(): void {
    this.#skip = true;
  }

  /** Between two images. */
  get fresh(): boolean {
    return this.#seeding === REST && this.#step === 0;
  }

  /** False when this clock changes no register. */
  get moving(): boolean {
    return this.#seeding !== REST || this.#starting >= 0 || this.#newImage || this.#skip;
  }

  get loading(): boolean {
    return this.#seeding === LOAD;
  }

  /** A pass begins in this cycle; `last` when it is its image's last. */
  start(last: number): void {
    this.#starting = last;
  }

  /** One clock: loads a lane's state into `states`, or skips a time step that no lane used. */
  update(states: Uint32Array): void {
    if (this.#seeding === REST) {
      if (this.#starting >= 0) {
        this.#seeding = LOAD;
        this.#loadLane = 0;
        this.#seedLast = this.#starting;
      } else if (this.#leftOver || this.#skip) this.#seeding = SKIP;
    } else if (this.#seeding === LOAD) {
      states[this.#loadLane] = this.#seed;
      this.#advance();
      if (this.#loadLane === this.#lanes - 1) {
        this.#loadLane = 0;
        this.#seeding = this.#seedLast === 1 ? SKIP : REST;
      } else this.#loadLane += 1;
    } else if (!this.#advance()) {
      this.#step = 0;
      this.#seeding = REST;
    }
    this.#starting = -1;
    this.#newImage = false;
    this.#skip = false;
  }

  /** To the next time step of the image; false when all of its steps are used up. */
  #advance(): boolean {
    if (this.#step >= this.#max) return false;
    this.#seed = this.#jump.apply(this.#seed);
    this.#step += 1;
    return true;
  }

  list(list: RegisterList): void {
    list.word('seeder.state', 32);
    list.word('seeder.step', this.#stepBits);
    list.word('seeder.load_lane', this.#laneBits);
    list.word('seeder.seed_last', 1);
    list.word('seeder.seeding', 2);
  }

  sample(words: Int32Array, begin: number): number {
    let at = begin;
    words[at++] = this.#seed;
    words[at++] = this.#step;
    words[at++] = this.#loadLane;
    words[at++] = this.#seedLast;
    words[at++] = this.#seeding;
    return at;
  }
}
