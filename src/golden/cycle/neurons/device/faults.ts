/** The words that decide over read errors and failed resets: two for each neuron, from a stream of their own. */
import type { Plan, StreamPlan } from '../../../../plan/schema/index.ts';
import { nextWord } from '../../../stream.ts';
import { copyWords, type RegisterFile, type RegisterList, type Registers } from '../../registers.ts';
import { Seeder } from '../../seeder.ts';
import { type BankControl, below } from './bank-control.ts';

export class FaultSource implements Registers {
  readonly words: Int32Array;
  readonly #stream: StreamPlan;
  readonly #seeder: Seeder | undefined;
  readonly #states: Uint32Array;
  readonly #readWords: Uint32Array;
  readonly #resetWords: Uint32Array;

  constructor(file: RegisterFile, plan: Plan, stream: StreamPlan) {
    const { lanes, max } = plan.timeSteps;
    const drawn = plan.seeding === 'draw';
    this.#stream = stream;
    this.#seeder = drawn ? undefined : new Seeder(stream, max, lanes);
    this.#states = new Uint32Array(lanes).fill(drawn ? stream.seed : 1);
    this.#readWords = new Uint32Array(lanes);
    this.#resetWords = new Uint32Array(lanes);
    this.words = file.take(this);
  }

  start(last: number): void {
    this.#seeder?.start(last);
  }

  skipImage(): void {
    this.#seeder?.skip();
  }

  /** A neuron is drawn in this clock. */
  fire(): void {
    for (let t = 0; t < this.#states.length; t += 1) {
      const first = this.#states[t]!;
      const second = nextWord(first, this.#stream);
      this.#readWords[t] = first & 0xffff;
      this.#resetWords[t] = second & 0xffff;
      this.#states[t] = nextWord(second, this.#stream);
    }
  }

  /** The rest of the clock; `skips`: a neuron's words are thrown away. */
  update(skips: boolean): void {
    if (skips) this.#states[0] = nextWord(nextWord(this.#states[0]!, this.#stream), this.#stream);
    this.#seeder?.update(this.#states);
  }

  decide(lane: number, codes: Pick<BankControl, 'missed' | 'falseRead' | 'failedReset'>) {
    const read = this.#readWords[lane]!;
    return {
      miss: below(read, codes.missed),
      wrong: below(read, codes.falseRead),
      fail: below(this.#resetWords[lane]!, codes.failedReset),
    };
  }

  list(list: RegisterList): void {
    this.#seeder?.list(list);
    const lanes = this.#states.length;
    list.bank((lane) => `state_${lane}`, 32, lanes);
    list.bank((lane) => `read_word_${lane}`, 16, lanes);
    list.bank((lane) => `reset_word_${lane}`, 16, lanes);
  }

  refresh(): void {
    const { words } = this;
    let at = this.#seeder?.sample(words, 0) ?? 0;
    at = copyWords(this.#states, words, at);
    at = copyWords(this.#readWords, words, at);
    copyWords(this.#resetWords, words, at);
  }
}
