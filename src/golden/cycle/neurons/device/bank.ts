/** A layer's neurons with what their devices really do (docs/microarchitecture-device.md). */
import type { DeviceNeuron, DevicePlan, LayerPlan, Plan, VariationPlan } from '../../../../plan/schema/index.ts';
import { bitsFor, indexBits } from '../../../geometry.ts';
import { nextWord } from '../../../stream.ts';
import type { Consumer } from '../../buffer.ts';
import type { PassState } from '../../pass.ts';
import { copyWords, type RegisterFile, type RegisterList } from '../../registers.ts';
import { Seeder } from '../../seeder.ts';
import { SkippedWords } from '../../skipped-words.ts';
import type { LayerNeurons } from '../contract.ts';
import { type BankControl, below, noControl } from './bank-control.ts';
import { FaultSource } from './faults.ts';

const REST = 0;
const WRITE = 1;
const READ = 2;
const RESET = 3;

function ones(word: number): number {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

export class DeviceNeurons implements LayerNeurons {
  readonly registers = [this];
  readonly words: Int32Array;
  readonly faults: FaultSource | undefined;
  /** Given anew in each clock. */
  control: BankControl = noControl;
  readonly #device: DevicePlan;
  readonly #neurons: DeviceNeuron;
  readonly #lanes: number;
  readonly #count: number;
  readonly #bits: number;
  readonly #addressBits: number;
  readonly #stream: Seeder | SkippedWords;
  readonly #consumer: Consumer;
  readonly #table: number[];
  readonly #states: Uint32Array;
  readonly #words: Uint32Array;
  readonly #codes: Uint32Array;
  readonly #trimmed: Int32Array;
  readonly #addresses: Uint32Array;
  readonly #left: Uint8Array;
  readonly #packedSpikes = new Uint32Array(1);
  #trimValid = 0;
  #deviceIndex = 0;
  #varyValid = 0;
  #varyStuck = 0;
  #s1Valid = 0;
  #s1Stuck = 0;
  #slow = 0;
  #phase = REST;
  #phaseLeft = 0;
  #neuron = 0;
  #firstPass = 1;
  #leftData = 0;
  #totals = { writes: 0, reads: 0, resets: 0, spikes: 0 };
  #testing = 0;
  #passOpen = 0;
  // Of this clock only.
  #draw: Int32Array | undefined;
  #start = -1;
  #pass: PassState = { active: 0, last: 0, image: 0 };
  #spikes = 0;
  #leftAfter = 0;

  constructor(
    file: RegisterFile,
    plan: Plan,
    device: DevicePlan,
    layer: LayerPlan,
    neurons: DeviceNeuron,
    consumer: Consumer,
  ) {
    const { max, lanes } = plan.timeSteps;
    this.#device = device;
    this.#neurons = neurons;
    this.#lanes = lanes;
    this.#count = neurons.stream.wordsPerTimeStep;
    this.#bits = layer.accumulatorBits;
    this.#addressBits = indexBits(neurons.table.length);
    this.#consumer = consumer;
    const drawn = plan.seeding === 'draw';
    this.#stream = drawn ? new SkippedWords(neurons.stream, max) : new Seeder(neurons.stream, max, lanes);
    this.#table = [...neurons.table];
    this.#states = new Uint32Array(lanes).fill(drawn ? neurons.stream.seed : 1);
    this.#words = new Uint32Array(lanes);
    this.#codes = new Uint32Array(lanes);
    this.#trimmed = new Int32Array(neurons.trim ? layer.timeLanes : 0);
    this.#addresses = new Uint32Array(neurons.variation ? layer.timeLanes : 0);
    this.#left = new Uint8Array(this.#count);
    if (neurons.faultStream) this.faults = new FaultSource(file, plan, neurons.faultStream);
    this.words = file.take(this);
  }

  get parts() {
    return this.faults ? [{ name: 'faults', registers: this.faults }] : [];
  }

  get #empty(): boolean {
    return this.#phase === REST && this.#trimValid + this.#varyValid + this.#s1Valid === 0;
  }

  get #busy(): boolean {
    return this.#slow === 1 && !this.#empty;
  }

  get resting(): boolean {
    return this.#testing === 0 && this.testResting;
  }

  /** The engine must not draw. */
  get loading(): boolean {
    return this.#stream.loading || this.#busy || this.#testing === 1;
  }

  get testing(): boolean {
    return this.#testing === 1;
  }

  get testResting(): boolean {
    return this.#stream.resting && this.#phase === REST;
  }

  get testReady(): boolean {
    return !this.#stream.loading && !this.#busy;
  }

  /** Spikes of the self-test in this clock; undefined when there are none to count. */
  get testSpikes(): number | undefined {
    return this.#testing === 1 && this.#readDone ? this.#spikes : undefined;
  }

  /** Writes, reads, resets, spikes. */
  get totals(): readonly number[] {
    const { writes, reads, resets, spikes } = this.#totals;
    return [writes, reads, resets, spikes];
  }

  /** In this clock the host passes over the next image. */
  skipImage(): void {
    this.#stream.skip();
    this.faults?.skipImage();
  }

  start(last: number): void {
    this.#start = last;
  }

  draw(potentials: Int32Array): void {
    this.#draw = potentials;
  }

  get #atOnce(): boolean {
    return this.#s1Valid === 1 && this.#slow === 0;
  }

  #done(phase: number): boolean {
    return this.#atOnce || (this.#phase === phase && this.#phaseLeft <= 1);
  }

  get #readDone(): boolean {
    return this.#done(READ);
  }

  /** New images matter to early exit only, which a core with device behaviour does not have. */
  announce(): void {}

  /** What the devices say now; pushes the spikes when their read is over. True when they complete the consumer's frame. */
  combine(pass: PassState): boolean {
    const active = this.#testing === 1 ? 2 ** this.#lanes - 1 : pass.active;
    this.#pass = { active, last: this.#testing === 1 ? 1 : pass.last, image: pass.image };
    this.#read(this.control);
    if (this.#testing === 1 || !this.#readDone) return false;
    this.#packedSpikes[0] = this.#spikes;
    return this.#consumer.push(this.#packedSpikes, pass.active, pass.last, pass.image);
  }

  #read(control: BankControl): void {
    const { active } = this.#pass;
    let left = this.#firstPass === 1 ? 0 : this.#leftData;
    let spikes = 0;
    for (let t = 0; t < this.#lanes; t += 1) {
      const hit = below(this.#words[t]!, this.#codes[t]!);
      const switched = this.#s1Stuck === 0 ? hit || left === 1 : this.#s1Stuck === 1;
      let read = switched;
      const isActive = ((active >>> t) & 1) === 1;
      if (this.faults !== undefined) {
        const { miss, wrong, fail } = this.faults.decide(t, control);
        read = switched ? !miss : wrong;
        if (isActive) left = switched && (miss || fail) ? 1 : 0;
      }
      if (read && isActive) spikes |= 1 << t;
    }
    this.#spikes = spikes >>> 0;
    this.#leftAfter = left;
  }

  update(): void {
    const { control } = this;
    const { test } = control;
    const testing = this.#testing === 1;
    const drawIn = this.#draw !== undefined || test.draw;
    const started = this.#start >= 0 || test.start;
    const resetDone = this.#done(RESET);
    const lastDone = resetDone && this.#neuron === this.#count - 1;
    const claims = test.run && this.#between && this.#start < 0 && this.#draw === undefined;
    const empty = this.#empty;

    this.#countEvents(control.clear, resetDone);
    this.#order(resetDone, lastDone);
    this.#move(control, empty);
    this.#travel(control, drawIn);
    if (control.load) this.#table[control.load.index] = control.load.code;
    if (started) {
      const last = testing || this.#start === 1 ? 1 : 0;
      this.#stream.start(last);
      this.faults?.start(last);
    }
    this.faults?.update(this.#stream instanceof SkippedWords && !this.#stream.resting);
    this.#stream.update(this.#states);

    if (started) this.#passOpen = 1;
    else if (lastDone) this.#passOpen = 0;
    this.#testing = testing ? Number(test.run) : Number(claims);
    this.#draw = undefined;
    this.#start = -1;
  }

  /** Between two images, as far as the registers tell. */
  get #between(): boolean {
    const open = this.#stream instanceof Seeder && this.#passOpen === 1;
    return this.#empty && this.#stream.fresh && !open;
  }

  #countEvents(clear: boolean, resetDone: boolean): void {
    const totals = this.#totals;
    const pulses = ones(this.#pass.active);
    const fired = ones(this.#spikes);
    const add = (total: number, happens: boolean, by: number) => (clear ? 0 : (total + (happens ? by : 0)) % 2 ** 40);
    totals.writes = add(totals.writes, this.#done(WRITE), pulses);
    totals.reads = add(totals.reads, this.#readDone, pulses);
    totals.resets = add(totals.resets, resetDone, fired);
    totals.spikes = add(totals.spikes, this.#readDone, fired);
  }

  #order(resetDone: boolean, lastDone: boolean): void {
    const next = resetDone ? (lastDone ? 0 : this.#neuron + 1) : this.#neuron;
    // The memory gives the old content where it is written.
    this.#leftData = this.#left[next]!;
    if (resetDone) this.#left[this.#neuron] = this.#leftAfter;
    if (lastDone) this.#firstPass = this.#pass.last;
    this.#neuron = next;
  }

  #move(control: BankControl, empty: boolean): void {
    if (this.#device.phases === null) return;
    const enter = (phase: number, clocks: number) => {
      this.#phase = phase;
      this.#phaseLeft = clocks;
    };
    if (this.#phase === REST) {
      if (this.#s1Valid === 1 && this.#slow === 1) enter(WRITE, control.writeClocks);
    } else if (this.#phaseLeft > 1) this.#phaseLeft -= 1;
    else if (this.#phase === WRITE) enter(READ, control.readClocks);
    else if (this.#phase === READ) enter(RESET, control.resetClocks);
    else enter(REST, 0);
    if (empty) this.#slow = control.fast ? 0 : 1;
  }

  /** Trim, variation and comparison, each a clock behind the other; from the last to the first. */
  #travel(control: BankControl, drawIn: boolean): void {
    const { trim, variation } = this.#neurons;
    const arrives = trim ? this.#trimValid === 1 : drawIn;
    const fire = variation ? this.#varyValid === 1 : arrives;
    const input = (t: number): number => {
      if (this.#testing === 1) return this.#saturate(control.test.potential, this.#bits);
      const own = this.#draw!;
      return own.length === 1 ? own[0]! : own[t]!;
    };
    const potential = (t: number): number => (trim ? this.#trimmed[this.#trimmed.length === 1 ? 0 : t]! : input(t));
    if (fire) this.#compare(potential);
    this.#s1Valid = fire ? 1 : 0;
    if (variation) {
      if (arrives) {
        for (let t = 0; t < this.#addresses.length; t += 1) this.#addresses[t] = this.#deviceAddress(potential(t));
        this.#varyStuck = variation.stuck[this.#deviceIndex]!;
        this.#deviceIndex = this.#deviceIndex === this.#count - 1 ? 0 : this.#deviceIndex + 1;
      }
      this.#varyValid = arrives ? 1 : 0;
    }
    if (trim) {
      if (drawIn) {
        for (let t = 0; t < this.#trimmed.length; t += 1) {
          const moved = Math.floor((input(t) * control.trimGain) / 256) + control.trimOffset;
          this.#trimmed[t] = this.#saturate(moved, this.#bits + 2);
        }
      }
      this.#trimValid = drawIn ? 1 : 0;
    }
  }

  #compare(potential: (t: number) => number): void {
    const { stream, variation } = this.#neurons;
    for (let t = 0; t < this.#lanes; t += 1) {
      const state = this.#states[t]!;
      const varied = this.#addresses[this.#addresses.length === 1 ? 0 : t];
      this.#codes[t] = this.#table[variation ? varied! : this.#clamp(this.#plainAddress(potential(t)))]!;
      this.#words[t] = state & 0xffff;
      this.#states[t] = nextWord(state, stream);
    }
    if (variation) this.#s1Stuck = this.#varyStuck;
    if (this.#stream instanceof SkippedWords) this.#stream.drew(this.#pass.last);
    this.faults?.fire();
  }

  #plainAddress(potential: number): number {
    const { tableShift, tableOffset } = this.#neurons;
    return Math.floor(potential * 2 ** -tableShift) + tableOffset;
  }

  /** Integers times powers of two: exact in doubles. */
  #deviceAddress(potential: number): number {
    const { tableShift, variation } = this.#neurons;
    const gain = variation!.gain[this.#deviceIndex]!;
    const offset = variation!.offset[this.#deviceIndex]!;
    return this.#clamp(Math.floor((potential * gain * 2 ** -tableShift + offset) / 256));
  }

  #clamp(address: number): number {
    return Math.max(0, Math.min(this.#table.length - 1, address));
  }

  #saturate(value: number, bits: number): number {
    return Math.max(-(2 ** (bits - 1)), Math.min(2 ** (bits - 1) - 1, value));
  }

  list(list: RegisterList): void {
    const { phases, counters, faults, selfTest } = this.#device;
    const { trim, variation } = this.#neurons;
    const seeded = this.#stream instanceof Seeder;
    this.#stream.list(list);
    list.word('trim_valid', trim ? 1 : 0);
    list.signedBank((t) => `trimmed_${t}`, this.#bits + 2, this.#trimmed.length);
    if (variation) this.#listDevice(list, variation);
    list.word('s1_valid', 1);
    list.word('s1_stuck', variation ? 2 : 0);
    list.word('slow', phases ? 1 : 0);
    list.word('phase', phases ? 2 : 0);
    list.word('phase_left', phases ? 8 : 0);
    list.word('neuron', faults || (selfTest && seeded) ? bitsFor(this.#count - 1) : 0);
    list.word('first_pass', faults ? 1 : 0);
    list.word('left_data', faults ? 1 : 0);
    if (counters) for (const name of counterNames) list.word(name, 40);
    list.word('testing', selfTest ? 1 : 0);
    list.word('pass_open', selfTest && seeded ? 1 : 0);
    list.bank((lane) => `lane[${lane}].unit.state`, 32, this.#lanes);
    list.bank((lane) => `lane[${lane}].unit.word`, 16, this.#lanes);
    list.bank((lane) => `lane[${lane}].unit.code`, 16, this.#lanes);
  }

  refresh(): void {
    this.faults?.refresh();
    const { words } = this;
    let at = this.#stream.sample(words, 0);
    words[at++] = this.#trimValid;
    at = copyWords(this.#trimmed, words, at);
    if (this.#neurons.variation) at = this.#sampleDevice(words, at, this.#neurons.variation);
    words[at++] = this.#s1Valid;
    words[at++] = this.#s1Stuck;
    words[at++] = this.#slow;
    words[at++] = this.#phase;
    words[at++] = this.#phaseLeft;
    words[at++] = this.#neuron;
    words[at++] = this.#firstPass;
    words[at++] = this.#leftData;
    if (this.#device.counters) {
      for (const total of this.totals) {
        words[at++] = total % 2 ** 32;
        words[at++] = Math.floor(total / 2 ** 32);
      }
    }
    words[at++] = this.#testing;
    words[at++] = this.#passOpen;
    at = copyWords(this.#states, words, at);
    at = copyWords(this.#words, words, at);
    copyWords(this.#codes, words, at);
  }

  #listDevice(list: RegisterList, variation: VariationPlan): void {
    list.word('device_index', bitsFor(this.#count - 1));
    list.word('device_data', 2 + variation.offsetBits + variation.gainBits);
    list.word('vary_valid', 1);
    list.word('vary_stuck', 2);
    list.bank((t) => `vary_addr_${t}`, this.#addressBits, this.#addresses.length);
  }

  #sampleDevice(words: Int32Array, begin: number, variation: VariationPlan): number {
    const { gain, offset, stuck, gainBits, offsetBits } = variation;
    const index = this.#deviceIndex;
    const upper = (BigInt(stuck[index]!) << BigInt(offsetBits)) | BigInt.asUintN(offsetBits, BigInt(offset[index]!));
    let data = (upper << BigInt(gainBits)) | BigInt(gain[index]!);
    let at = begin;
    words[at++] = index;
    for (let left = 2 + offsetBits + gainBits; left > 0; left -= 32) {
      words[at++] = Number(data & 0xffffffffn);
      data >>= 32n;
    }
    words[at++] = this.#varyValid;
    words[at++] = this.#varyStuck;
    return copyWords(this.#addresses, words, at);
  }
}

const counterNames = ['writes', 'reads', 'resets', 'spike_count'];
