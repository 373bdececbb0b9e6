/** The words that decide over read errors and failed resets: two for each neuron, from a stream of their own. */
import type { Plan, StreamPlan } from '../../../../plan/schema/index.ts';
import { nextWord } from '../../../stream.ts';
import { type RegisterFile, Registers } from '../../registers.ts';
import { Seeder } from '../../seeder.ts';
import { type BankControl, below } from './bank-control.ts';

export class FaultSource {
  readonly registers: Registers;
  readonly #r;
  readonly #stream: StreamPlan;
  readonly #seeder: Seeder | undefined;

  constructor(file: RegisterFile, plan: Plan, stream: StreamPlan) {
    const { lanes, max } = plan.timeSteps;
    const unseeded = plan.seeding === 'none';
    this.#stream = stream;
    const registers = new Registers(file);
    this.registers = registers;
    this.#seeder = unseeded ? undefined : new Seeder(registers, stream, max, lanes);
    this.#r = {
      states: registers.bank((lane) => `lane[${lane}].noise`, 32, lanes).fill(unseeded ? stream.seed : 1),
      readWords: registers.bank((lane) => `lane[${lane}].read_word`, 16, lanes),
      resetWords: registers.bank((lane) => `lane[${lane}].reset_word`, 16, lanes),
    };
  }

  start(last: number): void {
    this.#seeder?.start(last);
  }

  skipImage(): void {
    this.#seeder?.skip();
  }

  /** A neuron is drawn in this clock. */
  fire(): void {
    const r = this.#r;
    for (let t = 0; t < r.states.length; t += 1) {
      const first = r.states[t]!;
      const second = nextWord(first, this.#stream);
      r.readWords[t] = first & 0xffff;
      r.resetWords[t] = second & 0xffff;
      r.states[t] = nextWord(second, this.#stream);
    }
  }

  /** The rest of the clock; `skips`: a neuron's words are thrown away. */
  update(skips: boolean): void {
    if (skips) this.#r.states[0] = nextWord(nextWord(this.#r.states[0]!, this.#stream), this.#stream);
    this.#seeder?.update(this.#r.states);
  }

  decide(lane: number, codes: Pick<BankControl, 'missed' | 'falseRead' | 'failedReset'>) {
    const read = this.#r.readWords[lane]!;
    return {
      miss: below(read, codes.missed),
      wrong: below(read, codes.falseRead),
      fail: below(this.#r.resetWords[lane]!, codes.failedReset),
    };
  }
}
