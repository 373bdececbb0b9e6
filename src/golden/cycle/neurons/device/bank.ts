/** A layer's neurons with what their devices really do (docs/microarchitecture-device.md). */
import type { DeviceNeuron, DevicePlan, LayerPlan, Plan, VariationPlan } from '../../../../plan/schema/index.ts';
import { bitsFor, indexBits } from '../../../geometry.ts';
import { nextWord } from '../../../stream.ts';
import type { Consumer } from '../../buffer.ts';
import { insert, wordsFor } from '../../packed.ts';
import type { PassState } from '../../pass.ts';
import { type RegisterFile, Registers } from '../../registers.ts';
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
  readonly registers: Registers;
  readonly #r;
  readonly faults: FaultSource | undefined;
  /** Given anew in each clock. */
  control: BankControl = noControl;
  readonly #device: DevicePlan;
  readonly #neurons: DeviceNeuron;
  readonly #lanes: number;
  readonly #count: number;
  readonly #bits: number;
  /** Rows of the memory of devices. */
  readonly #devices: readonly Uint32Array[];
  readonly #stream: Seeder | SkippedWords;
  readonly #consumer: Consumer;
  readonly #table: number[];
  readonly #left: Uint8Array;
  readonly #packedSpikes = new Uint32Array(1);
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
    this.#consumer = consumer;
    const unseeded = plan.seeding === 'none';
    const { stream, trim, variation } = neurons;
    const { phases, counters, faults, selfTest } = device;
    const registers = new Registers(file);
    this.registers = registers;
    this.#stream = unseeded ? new SkippedWords(registers, stream, max) : new Seeder(registers, stream, max, lanes);
    this.#table = [...neurons.table];
    this.#devices = variation ? rowsOf(variation) : [];
    const [phased, counted, tested] = [phases ? 1 : 0, counters ? 40 : 0, selfTest ? 1 : 0];
    const lane = (name: string) => (index: number) => `lane[${index}].${name}`;
    this.#r = {
      trimValid: registers.word('trim_valid', trim ? 1 : 0),
      trimmed: registers.signedBank((t) => `trim[${t}].trimmed`, this.#bits + 2, trim ? layer.timeLanes : 0),
      deviceIndex: registers.word('device_index', variation ? bitsFor(this.#count - 1) : 0),
      deviceData: registers.wide('devices.data', variation ? deviceBits(variation) : 0),
      varyValid: registers.word('vary_valid', variation ? 1 : 0),
      varyStuck: registers.word('vary_stuck', variation ? 2 : 0),
      addresses: registers.bank(
        (t) => `vary[${t}].vary_addr`,
        indexBits(neurons.table.length),
        variation ? layer.timeLanes : 0,
      ),
      s1Valid: registers.word('s1_valid', 1),
      s1Stuck: registers.word('s1_stuck', variation ? 2 : 0),
      slow: registers.word('slow', phased),
      phase: registers.word('phase', 2 * phased, REST),
      phaseLeft: registers.word('phase_left', 8 * phased),
      neuron: registers.word('neuron', faults || (selfTest && !unseeded) ? bitsFor(this.#count - 1) : 0),
      firstPass: registers.word('first_pass', faults ? 1 : 0, 1),
      leftData: registers.word('left_data', faults ? 1 : 0),
      totals: {
        writes: registers.wide('writes', counted),
        reads: registers.wide('reads', counted),
        resets: registers.wide('resets', counted),
        spikes: registers.wide('spike_count', counted),
      },
      testing: registers.word('testing', tested),
      passOpen: registers.word('pass_open', unseeded ? 0 : tested),
      states: registers.bank(lane('noise'), 32, lanes).fill(unseeded ? stream.seed : 1),
      words: registers.bank(lane('word'), 16, lanes),
      codes: registers.bank(lane('switching_table.data'), 16, lanes),
    };
    if (variation) this.#r.deviceData.set(this.#devices[0]!);
    this.#left = new Uint8Array(this.#count);
    if (neurons.faultStream) this.faults = new FaultSource(file, plan, neurons.faultStream);
  }

  get parts() {
    return this.faults ? [{ name: 'faults', registers: this.faults.registers }] : [];
  }

  get #empty(): boolean {
    const r = this.#r;
    return r.phase.now === REST && r.trimValid.now + r.varyValid.now + r.s1Valid.now === 0;
  }

  get #busy(): boolean {
    return this.#r.slow.now === 1 && !this.#empty;
  }

  get resting(): boolean {
    return this.#r.testing.now === 0 && this.testResting;
  }

  /** The engine must not draw. */
  get loading(): boolean {
    return this.#stream.loading || this.#busy || this.#r.testing.now === 1;
  }

  get testing(): boolean {
    return this.#r.testing.now === 1;
  }

  get testResting(): boolean {
    return this.#stream.resting && this.#r.phase.now === REST;
  }

  get testReady(): boolean {
    return !this.#stream.loading && !this.#busy;
  }

  /** Spikes of the self-test in this clock; undefined when there are none to count. */
  get testSpikes(): number | undefined {
    return this.#r.testing.now === 1 && this.#readDone ? this.#spikes : undefined;
  }

  /** Writes, reads, resets, spikes: the low and the high word of each. */
  get totals(): readonly Uint32Array[] {
    const { writes, reads, resets, spikes } = this.#r.totals;
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
    return this.#r.s1Valid.now === 1 && this.#r.slow.now === 0;
  }

  #done(phase: number): boolean {
    return this.#atOnce || (this.#r.phase.now === phase && this.#r.phaseLeft.now <= 1);
  }

  get #readDone(): boolean {
    return this.#done(READ);
  }

  /** New images matter to early exit only, which a core with device behaviour does not have. */
  announce(): void {}

  /** What the devices say now; pushes the spikes when their read is over. True when they complete the consumer's frame. */
  combine(pass: PassState): boolean {
    const active = this.#r.testing.now === 1 ? 2 ** this.#lanes - 1 : pass.active;
    this.#pass = { active, last: this.#r.testing.now === 1 ? 1 : pass.last, image: pass.image };
    this.#read(this.control);
    if (this.#r.testing.now === 1 || !this.#readDone) return false;
    this.#packedSpikes[0] = this.#spikes;
    return this.#consumer.push(this.#packedSpikes, pass.active, pass.last, pass.image);
  }

  #read(control: BankControl): void {
    const r = this.#r;
    const { active } = this.#pass;
    let left = r.firstPass.now === 1 ? 0 : r.leftData.now;
    let spikes = 0;
    for (let t = 0; t < this.#lanes; t += 1) {
      const hit = below(r.words[t]!, r.codes[t]!);
      const switched = r.s1Stuck.now === 0 ? hit || left === 1 : r.s1Stuck.now === 1;
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
    const r = this.#r;
    const { control } = this;
    const { test } = control;
    const testing = r.testing.now === 1;
    const drawIn = this.#draw !== undefined || test.draw;
    const started = this.#start >= 0 || test.start;
    const resetDone = this.#done(RESET);
    const lastDone = resetDone && r.neuron.now === this.#count - 1;
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
    this.#stream.update(r.states);

    if (started) r.passOpen.now = 1;
    else if (lastDone) r.passOpen.now = 0;
    r.testing.now = testing ? Number(test.run) : Number(claims);
    this.#draw = undefined;
    this.#start = -1;
  }

  /** Between two images, as far as the registers tell. */
  get #between(): boolean {
    const open = this.#stream instanceof Seeder && this.#r.passOpen.now === 1;
    return this.#empty && this.#stream.fresh && !open;
  }

  #countEvents(clear: boolean, resetDone: boolean): void {
    if (!this.#device.counters) return;
    const totals = this.#r.totals;
    const pulses = ones(this.#pass.active);
    const fired = ones(this.#spikes);
    const add = (total: Uint32Array, happens: boolean, by: number) => {
      const sum = clear ? 0 : total[0]! + 2 ** 32 * total[1]! + (happens ? by : 0);
      total[0] = sum % 2 ** 32;
      total[1] = Math.floor(sum / 2 ** 32) & 0xff;
    };
    add(totals.writes, this.#done(WRITE), pulses);
    add(totals.reads, this.#readDone, pulses);
    add(totals.resets, resetDone, fired);
    add(totals.spikes, this.#readDone, fired);
  }

  #order(resetDone: boolean, lastDone: boolean): void {
    const r = this.#r;
    const next = resetDone ? (lastDone ? 0 : r.neuron.now + 1) : r.neuron.now;
    // The memory gives the old content where it is written.
    r.leftData.now = this.#left[next]!;
    if (resetDone) this.#left[r.neuron.now] = this.#leftAfter;
    if (lastDone) r.firstPass.now = this.#pass.last;
    r.neuron.now = next;
  }

  #move(control: BankControl, empty: boolean): void {
    const r = this.#r;
    if (this.#device.phases === null) return;
    const enter = (phase: number, clocks: number) => {
      r.phase.now = phase;
      r.phaseLeft.now = clocks;
    };
    if (r.phase.now === REST) {
      if (r.s1Valid.now === 1 && r.slow.now === 1) enter(WRITE, control.writeClocks);
    } else if (r.phaseLeft.now > 1) r.phaseLeft.now -= 1;
    else if (r.phase.now === WRITE) enter(READ, control.readClocks);
    else if (r.phase.now === READ) enter(RESET, control.resetClocks);
    else enter(REST, 0);
    if (empty) r.slow.now = control.fast ? 0 : 1;
  }

  /** Trim, variation and comparison, each a clock behind the other; from the last to the first. */
  #travel(control: BankControl, drawIn: boolean): void {
    const r = this.#r;
    const { trim, variation } = this.#neurons;
    const arrives = trim ? r.trimValid.now === 1 : drawIn;
    const fire = variation ? r.varyValid.now === 1 : arrives;
    const input = (t: number): number => {
      if (r.testing.now === 1) return this.#saturate(control.test.potential, this.#bits);
      const own = this.#draw!;
      return own.length === 1 ? own[0]! : own[t]!;
    };
    const potential = (t: number): number => (trim ? r.trimmed[r.trimmed.length === 1 ? 0 : t]! : input(t));
    if (fire) this.#compare(potential);
    r.s1Valid.now = fire ? 1 : 0;
    if (variation) {
      if (arrives) {
        for (let t = 0; t < r.addresses.length; t += 1) r.addresses[t] = this.#deviceAddress(potential(t));
        r.varyStuck.now = variation.stuck[r.deviceIndex.now]!;
        r.deviceIndex.now = r.deviceIndex.now === this.#count - 1 ? 0 : r.deviceIndex.now + 1;
        r.deviceData.set(this.#devices[r.deviceIndex.now]!);
      }
      r.varyValid.now = arrives ? 1 : 0;
    }
    if (trim) {
      if (drawIn) {
        for (let t = 0; t < r.trimmed.length; t += 1) {
          const moved = Math.floor((input(t) * control.trimGain) / 256) + control.trimOffset;
          r.trimmed[t] = this.#saturate(moved, this.#bits + 2);
        }
      }
      r.trimValid.now = drawIn ? 1 : 0;
    }
  }

  #compare(potential: (t: number) => number): void {
    const r = this.#r;
    const { stream, variation } = this.#neurons;
    for (let t = 0; t < this.#lanes; t += 1) {
      const state = r.states[t]!;
      const varied = r.addresses[r.addresses.length === 1 ? 0 : t];
      r.codes[t] = this.#table[variation ? varied! : this.#clamp(this.#plainAddress(potential(t)))]!;
      r.words[t] = state & 0xffff;
      r.states[t] = nextWord(state, stream);
    }
    if (variation) r.s1Stuck.now = r.varyStuck.now;
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
    const gain = variation!.gain[this.#r.deviceIndex.now]!;
    const offset = variation!.offset[this.#r.deviceIndex.now]!;
    return this.#clamp(Math.floor((potential * gain * 2 ** -tableShift + offset) / 256));
  }

  #clamp(address: number): number {
    return Math.max(0, Math.min(this.#table.length - 1, address));
  }

  #saturate(value: number, bits: number): number {
    return Math.max(-(2 ** (bits - 1)), Math.min(2 ** (bits - 1) - 1, value));
  }
}

function deviceBits({ offsetBits, gainBits }: VariationPlan): number {
  return 2 + offsetBits + gainBits;
}

/** What the memory of devices gives for each neuron: stuck, offset, gain from the top, in words, low first. */
function rowsOf(variation: VariationPlan): Uint32Array[] {
  const { gain, offset, stuck, gainBits, offsetBits } = variation;
  return gain.map((own, index) => {
    const row = new Uint32Array(wordsFor(deviceBits(variation)));
    insert(row, 0, 0, gainBits, own);
    insert(row, 0, gainBits, offsetBits, offset[index]!);
    insert(row, 0, gainBits + offsetBits, 2, stuck[index]!);
    return row;
  });
}
