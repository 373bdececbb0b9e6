/** The words that decide over read errors and failed resets: two for each neuron, from a stream of their own. */
import type { Plan, StreamPlan } from '../../../plan/index.ts';
import { nextWord } from '../../stream.ts';
import type { Probe, Probed } from '../probe.ts';
import { Seeder } from '../seeder.ts';
import { type BankControl, below } from './bank-control.ts';

export class FaultSource implements Probed {
  changed = true;
  readonly #stream: StreamPlan;
  readonly #seeder: Seeder | undefined;
  readonly #states: Uint32Array;
  readonly #readWords: Uint32Array;
  readonly #resetWords: Uint32Array;

  constructor(plan: Plan, stream: StreamPlan) {
    const { lanes, max, seeding } = plan.timeSteps;
    const drawn = seeding === 'draw';
    this.#stream = stream;
    this.#seeder = drawn ? undefined : new Seeder(stream, max, lanes);
    this.#states = new Uint32Array(lanes).fill(drawn ? stream.seed : 1);
    this.#readWords = new Uint32Array(lanes);
    this.#resetWords = new Uint32Array(lanes);
  }

  start(last: number): void {
    this.#seeder?.start(last);
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
    this.changed = true;
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

  probe(probe: Probe): void {
    this.#seeder?.probe(probe);
    probe.wide((lane) => `state_${lane}`, 32, this.#states);
    probe.wide((lane) => `read_word_${lane}`, 16, this.#readWords);
    probe.wide((lane) => `reset_word_${lane}`, 16, this.#resetWords);
  }
}
