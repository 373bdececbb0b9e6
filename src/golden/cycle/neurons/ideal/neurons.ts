/** Ideal MTJ neurons of a layer, one for each time lane. */
import type { Plan, SpikingNeuron } from '../../../../plan/schema/index.ts';
import { nextWord } from '../../../stream.ts';
import type { Consumer } from '../../buffer.ts';
import { type CheckedMemory, checkedCodes } from '../../monitors/check.ts';
import type { PassState } from '../../pass.ts';
import { type RegisterFile, Registers } from '../../registers.ts';
import { Seeder } from '../../seeder.ts';
import { SkippedWords } from '../../skipped-words.ts';
import type { LayerNeurons } from '../contract.ts';

export class Neurons implements LayerNeurons {
  readonly parts = [];
  readonly registers: Registers;
  readonly #r;
  readonly #lanes: number;
  readonly #neurons: SpikingNeuron;
  readonly #start: Seeder | SkippedWords;
  readonly #spikes = new Uint32Array(1);
  readonly #consumer: Consumer;
  readonly #scale: number;
  #last = 0;
  #potentials: Int32Array | undefined;
  /** The same for all lanes. */
  readonly #table: number[];
  #checkRow = -1;

  constructor(file: RegisterFile, plan: Plan, neurons: SpikingNeuron, consumer: Consumer) {
    this.#lanes = plan.timeSteps.lanes;
    this.#neurons = neurons;
    this.#table = [...neurons.table];
    const { stream } = neurons;
    const unseeded = plan.seeding === 'none';
    const registers = new Registers(file);
    this.registers = registers;
    this.#start = unseeded
      ? new SkippedWords(registers, stream, plan.timeSteps.max)
      : new Seeder(registers, stream, plan.timeSteps.max, this.#lanes);
    this.#r = {
      valid: registers.word('spikes_push', 1),
      states: registers.bank((lane) => `lane[${lane}].noise`, 32, this.#lanes).fill(unseeded ? stream.seed : 1),
      words: registers.bank((lane) => `lane[${lane}].word`, 16, this.#lanes),
      codes: registers.bank((lane) => `lane[${lane}].switching_table.data`, 16, this.#lanes),
    };
    this.#consumer = consumer;
    this.#scale = 2 ** -this.#neurons.tableShift;
  }

  get check(): CheckedMemory {
    const table = this.#table;
    return checkedCodes(table.length, (row) => new Array<number>(this.#lanes).fill(table[row]!), {
      isFree: () => this.#potentials === undefined,
      read: (row) => {
        this.#checkRow = row;
      },
      codes: () => this.#r.codes,
      load: {
        bits: 16,
        replace: (row, [code = 0]) => {
          table[row] = code & 0xffff;
        },
        part: () => this.#r.codes[0]!,
      },
    });
  }

  get resting(): boolean {
    return this.#start.resting;
  }

  get loading(): boolean {
    return this.#start.loading;
  }

  start(last: number): void {
    this.#start.start(last);
  }

  /** In this clock the host passes over the next image. */
  skipImage(): void {
    this.#start.skip();
  }

  /** This cycle the first pass of a new image waits. */
  announce(): void {
    this.#start.announce();
  }

  /** The neuron's potential in each time lane (one for all lanes under direct encoding) is drawn in this cycle. */
  draw(potentials: Int32Array): void {
    this.#potentials = potentials;
  }

  /** Pushes the spikes of the neuron drawn one clock ago; true when they complete the consumer's frame. */
  combine(pass: PassState): boolean {
    this.#last = pass.last;
    if (this.#r.valid.now === 0) return false;
    let spikes = 0;
    for (let t = 0; t < this.#lanes; t += 1) {
      const code = this.#r.codes[t]!;
      if (code === 65535 || this.#r.words[t]! < code) spikes |= 1 << t;
    }
    this.#spikes[0] = spikes & pass.active;
    return this.#consumer.push(this.#spikes, pass.active, pass.last, pass.image);
  }

  update(): void {
    const r = this.#r;
    const potentials = this.#potentials;
    if (this.#checkRow >= 0) {
      this.#r.codes.fill(this.#table[this.#checkRow]!);
      this.#checkRow = -1;
    }
    if (potentials === undefined && r.valid.now === 0 && !this.#start.moving) return;
    r.valid.now = potentials === undefined ? 0 : 1;
    if (potentials !== undefined) {
      for (let t = 0; t < this.#lanes; t += 1) {
        const state = r.states[t]!;
        r.codes[t] = this.#code(potentials.length === 1 ? potentials[0]! : potentials[t]!);
        r.words[t] = state & 0xffff;
        r.states[t] = nextWord(state, this.#neurons.stream);
      }
      if (this.#start instanceof SkippedWords) this.#start.drew(this.#last);
    }
    this.#start.update(r.states);
    this.#potentials = undefined;
  }

  #code(potential: number): number {
    const table = this.#table;
    const { tableOffset } = this.#neurons;
    const address = Math.floor(potential * this.#scale) + tableOffset;
    return table[Math.max(0, Math.min(table.length - 1, address))]!;
  }
}
