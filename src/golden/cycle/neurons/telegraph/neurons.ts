/** Telegraphic neurons of a layer (docs/microarchitecture-telegraph.md). */
import type { NeuronOf, Plan } from '../../../../plan/schema/index.ts';
import { bitsFor } from '../../../geometry.ts';
import { nextWord } from '../../../stream.ts';
import type { Consumer } from '../../buffer.ts';
import { type Cell, Cells } from '../../cells.ts';
import { type CheckedMemory, checkedCodes } from '../../monitors/check.ts';
import type { PassState } from '../../pass.ts';
import type { RegisterFile, RegisterList, Registers } from '../../registers.ts';
import { Seeder } from '../../seeder.ts';
import { SkippedWords } from '../../skipped-words.ts';
import type { LayerNeurons } from '../contract.ts';

/** Registers of the bank and of a time lane; only lane 0 begins an image. */
type Bank = Readonly<Record<'valid' | 'index' | 'firstPass' | 'stateData', Cell>>;
type Lane = Readonly<Record<'word' | 'flip' | 'stay' | 'first', Cell>>;

export class TelegraphNeurons implements LayerNeurons {
  readonly words: Int32Array;
  readonly parts = [];
  readonly #neuron: NeuronOf<'telegraph'>;
  readonly #cells: readonly Cells[];
  readonly #at: Bank;
  readonly #lanes: readonly Lane[];
  readonly #isStationary: boolean;
  readonly #stream: Seeder | SkippedWords;
  readonly #states: Uint32Array;
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
    const drawn = plan.seeding === 'draw';
    this.#neuron = neuron;
    this.#consumer = consumer;
    this.#memory = new Uint8Array(stream.wordsPerTimeStep);
    this.#stream = drawn ? new SkippedWords(stream, max) : new Seeder(stream, max, lanes);
    this.#states = new Uint32Array(lanes).fill(drawn ? stream.seed : 1);
    this.words = file.take(this);
    const { cells, at } = Cells.declare(file, {
      valid: ['s1_valid', 1],
      index: ['neuron', bitsFor(stream.wordsPerTimeStep - 1)],
      firstPass: ['first_pass', 1, 1],
      stateData: ['state_data', 1],
    });
    this.#at = at;
    const laneCells = Array.from({ length: lanes }, (_, t) =>
      Cells.declare(file, {
        word: [`lane_${t}.word`, 16],
        flip: [`lane_${t}.flip_code`, 16],
        stay: [`lane_${t}.stay_code`, 16],
        first: [`lane_${t}.first_code`, t === 0 && start === 'stationary' ? 16 : 0],
      }),
    );
    this.#lanes = laneCells.map((lane) => lane.at);
    this.#cells = [cells, ...laneCells.map((lane) => lane.cells)];
    this.#isStationary = start === 'stationary';
  }

  get registers(): readonly Registers[] {
    return [this, ...this.#cells];
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
    if (this.#at.valid.now === 0) return false;
    const isFirst = this.#at.firstPass.now === 1;
    let state = isFirst ? 0 : this.#at.stateData.now;
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
    this.#at.valid.next = this.#potentials === undefined ? 0 : 1;
    if (this.#potentials !== undefined) {
      this.#compare(this.#potentials);
      if (this.#stream instanceof SkippedWords) this.#stream.drew(this.#last);
    }
    if (this.#checkRow >= 0) this.#readTables(this.#checkRow);
    this.#checkRow = -1;
    this.#stream.update(this.#states);
    this.#potentials = undefined;
    this.#newImage = false;
    for (const cells of this.#cells) cells.tick();
  }

  /** The state of the neuron that is done goes into the memory, that of the next one comes out. */
  #order(): void {
    const index = this.#at.index.now;
    const done = this.#at.valid.now === 1;
    const atLast = index === this.#memory.length - 1;
    const following = done ? (atLast ? 0 : index + 1) : index;
    // The memory gives the old content where it is written.
    this.#at.stateData.next = this.#memory[following]!;
    if (done) this.#memory[index] = this.#after;
    if (done && atLast) this.#at.firstPass.next = this.#last;
    if (this.#newImage) this.#at.firstPass.next = 1;
    this.#at.index.next = following;
  }

  #compare(potentials: Int32Array): void {
    const { table, tableShift, tableOffset, stream } = this.#neuron;
    for (const [t, lane] of this.#lanes.entries()) {
      const potential = potentials[potentials.length === 1 ? 0 : t]!;
      const place = Math.floor(potential * 2 ** -tableShift) + tableOffset;
      const address = Math.max(0, Math.min(table.length - 1, place));
      const state = this.#states[t]!;
      this.#readTable(lane, address);
      lane.word.next = state & 0xffff;
      this.#states[t] = nextWord(state, stream);
    }
  }

  #readTable(lane: Lane, address: number): void {
    const { table, flip, stay } = this.#neuron;
    lane.flip.next = flip[address]!;
    lane.stay.next = stay[address]!;
    lane.first.next = table[address]!;
  }

  #readTables(address: number): void {
    for (const lane of this.#lanes) this.#readTable(lane, address);
  }

  /** The streams; all else is in the cells. */
  list(list: RegisterList): void {
    this.#stream.list(list);
    list.bank((t) => `lane_${t}.state`, 32, this.#states.length);
  }

  refresh(): void {
    const at = this.#stream.sample(this.words, 0);
    this.words.set(this.#states, at);
  }
}

function below(word: number, code: number): boolean {
  return code === 65535 || word < code;
}
