/** Telegraphic neurons of a layer (docs/microarchitecture-telegraph.md). */
import type { NeuronOf, Plan } from '../../../../plan/schema/index.ts';
import { bitsFor } from '../../../geometry.ts';
import { nextWord } from '../../../stream.ts';
import { tableAddress } from '../../../table.ts';
import type { Consumer } from '../../buffer.ts';
import { type CheckedMemory, checkedCodes } from '../../monitors/check.ts';
import type { PassState } from '../../pass.ts';
import { type Register, type RegisterFile, Registers } from '../../registers.ts';
import { Seeder } from '../../seeder.ts';
import { SkippedWords } from '../../skipped-words.ts';
import type { LayerNeurons } from '../contract.ts';

/** Registers of a time lane. */
type Lane = Readonly<Record<'word' | 'flip' | 'stay' | 'first', Register>>;

export class TelegraphNeurons implements LayerNeurons {
  readonly registers: Registers;
  readonly parts = [];
  readonly #r;
  readonly #neuron: NeuronOf<'telegraph'>;
  readonly #lanes: readonly Lane[];
  readonly #isStationary: boolean;
  readonly #stream: Seeder | SkippedWords;
  readonly #memory: Uint8Array;
  readonly #consumer: Consumer;
  readonly #spikes = new Uint32Array(1);
  // Of this clock only.
  #potentials: Int32Array | undefined;
  #last = 0;
  #after = 0;
  #newImage = false;
  #checkRow = -1;

  constructor(
    file: RegisterFile,
    plan: Plan,
    neuron: NeuronOf<'telegraph'>,
    start: 'stationary' | 'silent',
    consumer: Consumer,
  ) {
    const { lanes, max } = plan.timeSteps;
    const { stream } = neuron;
    const unseeded = plan.seeding === 'none';
    this.#neuron = neuron;
    this.#consumer = consumer;
    this.#memory = new Uint8Array(stream.wordsPerTimeStep);
    const registers = new Registers(file);
    this.registers = registers;
    this.#stream = unseeded ? new SkippedWords(registers, stream, max) : new Seeder(registers, stream, max, lanes);
    this.#r = {
      states: registers.bank((t) => `lane_${t}.noise`, 32, lanes).fill(unseeded ? stream.seed : 1),
      valid: registers.word('spikes_push', 1),
      index: registers.word('neuron', bitsFor(stream.wordsPerTimeStep - 1)),
      firstPass: registers.word('first_pass', 1, 1),
      stateData: registers.word('state_data', 1),
    };
    this.#lanes = Array.from({ length: lanes }, (_, t) => ({
      word: registers.word(`lane_${t}.word`, 16),
      flip: registers.word(`lane_${t}.flip_table.data`, 16),
      stay: registers.word(`lane_${t}.stay_table.data`, 16),
      // Only lane 0 begins an image.
      first: registers.word(`lane_${t}.first_table.data`, t === 0 && start === 'stationary' ? 16 : 0),
    }));
    this.#isStationary = start === 'stationary';
  }

  get check(): CheckedMemory {
    const { table, flip, stay } = this.#neuron;
    const ofLane = (t: number, row: number) => {
      const later = [flip[row]!, stay[row]!];
      return t === 0 && this.#isStationary ? [...later, table[row]!] : later;
    };
    return checkedCodes(table.length, (row) => this.#lanes.flatMap((_, t) => ofLane(t, row)), {
      isFree: () => this.#potentials === undefined,
      read: (row) => {
        this.#checkRow = row;
      },
      codes: () =>
        this.#lanes.flatMap(({ flip: up, stay: on, first }, t) =>
          t === 0 && this.#isStationary ? [up.now, on.now, first.now] : [up.now, on.now],
        ),
    });
  }

  get resting(): boolean {
    return this.#stream.resting;
  }

  get loading(): boolean {
    return this.#stream.loading;
  }

  start(last: number): void {
    this.#stream.start(last);
  }

  announce(): void {
    this.#stream.announce();
    this.#newImage = true;
  }

  skipImage(): void {
    this.#stream.skip();
  }

  draw(potentials: Int32Array): void {
    this.#potentials = potentials;
  }

  combine(pass: PassState): boolean {
    this.#last = pass.last;
    if (this.#r.valid.now === 0) return false;
    const isFirst = this.#r.firstPass.now === 1;
    let state = isFirst ? 0 : this.#r.stateData.now;
    let spikes = 0;
    for (const [t, { word, flip, stay, first }] of this.#lanes.entries()) {
      const silent = isFirst && t === 0 && this.#isStationary ? first : flip;
      state = below(word.now, (state === 1 ? stay : silent).now) ? 1 : 0;
      if (state === 1) spikes |= 1 << t;
    }
    this.#after = state;
    this.#spikes[0] = spikes & pass.active;
    return this.#consumer.push(this.#spikes, pass.active, pass.last, pass.image);
  }

  update(): void {
    this.#order();
    this.#r.valid.now = this.#potentials === undefined ? 0 : 1;
    if (this.#potentials !== undefined) {
      this.#compare(this.#potentials);
      if (this.#stream instanceof SkippedWords) this.#stream.drew(this.#last);
    }
    if (this.#checkRow >= 0) this.#readTables(this.#checkRow);
    this.#checkRow = -1;
    this.#stream.update(this.#r.states);
    this.#potentials = undefined;
    this.#newImage = false;
  }

  /** The state of the neuron that is done goes into the memory, that of the next one comes out. */
  #order(): void {
    const { index, valid, firstPass, stateData } = this.#r;
    const own = index.now;
    const done = valid.now === 1;
    const atLast = own === this.#memory.length - 1;
    const following = done ? (atLast ? 0 : own + 1) : own;
    // The memory gives the old content where it is written.
    stateData.now = this.#memory[following]!;
    if (done) this.#memory[own] = this.#after;
    if (done && atLast) firstPass.now = this.#last;
    if (this.#newImage) firstPass.now = 1;
    index.now = following;
  }

  #compare(potentials: Int32Array): void {
    const { stream } = this.#neuron;
    for (const [t, lane] of this.#lanes.entries()) {
      const potential = potentials[potentials.length === 1 ? 0 : t]!;
      const state = this.#r.states[t]!;
      this.#readTable(lane, tableAddress(this.#neuron, potential));
      lane.word.now = state & 0xffff;
      this.#r.states[t] = nextWord(state, stream);
    }
  }

  #readTable(lane: Lane, address: number): void {
    const { table, flip, stay } = this.#neuron;
    lane.flip.now = flip[address]!;
    lane.stay.now = stay[address]!;
    lane.first.now = table[address]!;
  }

  #readTables(address: number): void {
    for (const lane of this.#lanes) this.#readTable(lane, address);
  }
}

function below(word: number, code: number): boolean {
  return code === 65535 || word < code;
}
