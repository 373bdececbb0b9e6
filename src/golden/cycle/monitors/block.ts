/** Registers, sticky bits and alarm of what watches over a core (docs/monitors.md). */
import type { MonitorPlan, Plan } from '../../../plan/schema/index.ts';
import { bitsFor } from '../../geometry.ts';
import type { Consumer } from '../buffer.ts';
import { type BusInputs, idleBus } from '../neurons/device/control.ts';
import type { RegisterFile, RegisterList, Registers } from '../registers.ts';
import { type CheckedMemory, MemoryCheck } from './check.ts';
import { type RateLimits, SpikeWatch } from './watch.ts';

const LAYERS = 128;
const STRIDE = 16;

/** What the core does in a clock, as far as it is watched. */
export interface CoreEvents {
  /** An image has begun and is not answered. */
  readonly busy: boolean;
  /** A beat comes or goes. */
  readonly moves: boolean;
  /** An answer that abstains leaves. */
  readonly abstained: boolean;
}

interface WatchedLayer {
  readonly name: string;
  /** Place among all layers. */
  readonly index: number;
  /** Bits of a limit. */
  readonly bits: number;
  readonly limits: RateLimits;
  watch: SpikeWatch | undefined;
}

export class MonitorBlock implements Registers {
  readonly words: Int32Array;
  /** Margin below which an answer abstains. */
  abstainBelow: number;
  readonly #monitors: MonitorPlan;
  readonly #plan: Plan;
  readonly #file: RegisterFile;
  readonly #layers: readonly WatchedLayer[];
  readonly #base: number;
  readonly #hasDevice: boolean;
  readonly #seenBits: readonly number[];
  #input: SpikeWatch | undefined;
  #check: MemoryCheck | undefined;
  #ack = 0;
  #readData = 0;
  #answersOwn = 0;
  #abstentions = 0;
  #busyClocks = 0;
  #stillClocks = 0;
  #seen = 0;
  // Of this clock.
  #bus = idleBus;
  #asked = false;
  #taken = false;
  #selected = 0;
  #events: CoreEvents = { busy: false, moves: false, abstained: false };

  constructor(file: RegisterFile, plan: Plan, monitors: MonitorPlan) {
    this.#plan = plan;
    this.#file = file;
    this.#monitors = monitors;
    this.#hasDevice = plan.neuron.kind === 'device';
    const spiking = plan.layers.flatMap((layer, index) =>
      'stream' in layer.neuron ? [{ name: layer.name, index, words: layer.neuron.stream.wordsPerTimeStep }] : [],
    );
    this.#base = LAYERS + (this.#hasDevice ? STRIDE * spiking.length : 0);
    this.#layers = spiking.map(({ name, index, words }, i) => ({
      ...{ name, index, bits: bitsFor(words), watch: undefined },
      limits: { low: monitors.rates?.[i]?.low ?? 0, high: monitors.rates?.[i]?.high ?? 0 },
    }));
    this.abstainBelow = monitors.abstain?.below ?? 0;
    const { abstain, lockup, stall, rates, checksum = false } = monitors;
    this.#seenBits = [
      ...(abstain ? [0] : []),
      ...(lockup ? [1] : []),
      ...(stall ? [2] : []),
      ...(checksum ? [3] : []),
      ...(rates ? spiking.flatMap((_, i) => [8 + 2 * i, 9 + 2 * i]) : []),
    ];
    this.words = file.take(this);
  }

  /** What stands between a layer's neurons and `consumer`. */
  watchLayer(name: string, consumer: Consumer): Consumer {
    const { rates, activity } = this.#monitors;
    const layer = this.#layers.find((one) => one.name === name);
    if (layer === undefined || (!rates && !activity)) return consumer;
    layer.watch = new SpikeWatch(this.#file, consumer, {
      rate: rates ? { bits: layer.bits, limits: layer.limits } : undefined,
      counts: activity,
      countsSteps: activity && layer === this.#layers[0],
      maxTimeSteps: this.#plan.timeSteps.max,
    });
    return layer.watch;
  }

  /** What stands between the encoder and `consumer`. */
  watchInput(consumer: Consumer): Consumer {
    if (!this.#monitors.activity) return consumer;
    const options = { rate: undefined, counts: true, countsSteps: false, maxTimeSteps: this.#plan.timeSteps.max };
    this.#input = new SpikeWatch(this.#file, consumer, options);
    return this.#input;
  }

  /** Whose checksums are compared: of each layer the weights, then the table of its neurons. */
  watchMemories(memories: readonly CheckedMemory[]): void {
    if (this.#monitors.checksum) this.#check = new MemoryCheck(this.#file, memories);
  }

  get check(): MemoryCheck | undefined {
    return this.#check;
  }

  /** All watches with the names of their instances. */
  get watches(): { readonly name: string; readonly watch: SpikeWatch }[] {
    const layers = this.#layers.flatMap(({ name, watch }) => (watch ? [{ name: `${name}_watch`, watch }] : []));
    return this.#input ? [{ name: 'input_watch', watch: this.#input }, ...layers] : layers;
  }

  get ack(): boolean {
    return this.#ack === 1;
  }

  /** The last access was to these registers, not to the device's. */
  get answersOwn(): boolean {
    return !this.#hasDevice || this.#answersOwn === 1;
  }

  get data(): number {
    return this.#readData;
  }

  get alarm(): boolean {
    return (this.#seen & ~1) !== 0;
  }

  /** The access of this clock; returns what of it is for the device's registers. */
  combine(bus: BusInputs): BusInputs {
    const own = !this.#hasDevice || bus.address >= this.#base || bus.address >> 4 === 2;
    this.#bus = bus;
    this.#asked = bus.cycle && bus.strobe && this.#ack === 0;
    this.#taken = this.#asked && own;
    this.#selected = this.#read(bus.address);
    return own ? { ...bus, cycle: false } : bus;
  }

  observe(events: CoreEvents): void {
    this.#events = events;
    this.#check?.combine();
  }

  update(): void {
    const { busy, moves, abstained } = this.#events;
    const { activity, stall, abstain } = this.#monitors;
    const { write, address, data } = this.#bus;
    if (this.#asked) this.#answersOwn = this.#taken ? 1 : 0;
    if (this.#taken) this.#readData = this.#selected;
    const writes = this.#taken && write;
    if (writes && address === 33) this.#seen &= ~data;
    if (abstained && abstain) this.#saw(0);
    if (stall) {
      const top = 2 ** stall.bits - 1;
      if (this.#stillClocks === top) this.#saw(2);
      if (moves || !busy) this.#stillClocks = 0;
      else if (this.#stillClocks < top) this.#stillClocks += 1;
    }
    if (this.#check?.damaged) this.#saw(3);
    this.#layers.forEach(({ watch }, i) => {
      if (watch?.tooFew) this.#saw(8 + 2 * i);
      if (watch?.tooMany) this.#saw(9 + 2 * i);
    });
    if (abstained && abstain) this.#abstentions = (this.#abstentions + 1) & 0xffff;
    if (busy && activity) this.#busyClocks = (this.#busyClocks + 1) % 2 ** 32;
    for (const { watch } of this.watches) watch.update();
    this.#check?.update();
    if (writes && address === 39) this.#check?.write(data);
    this.#check?.tick();
    if (writes) this.#write(address, data);
    this.#ack = this.#taken ? 1 : 0;
  }

  #saw(bit: number): void {
    this.#seen |= 1 << bit;
  }

  #write(address: number, data: number): void {
    if (address === 34 && this.#monitors.abstain)
      this.abstainBelow = Number(BigInt.asUintN(this.#plan.readout.scoreBits, BigInt(data >>> 0)));
    if (!this.#monitors.rates || address < this.#base) return;
    const layer = this.#layers.find(({ index }) => index === (address - this.#base) >> 4);
    if (layer === undefined) return;
    const value = data & (2 ** layer.bits - 1);
    if ((address & 15) === 0) layer.limits.low = value;
    if ((address & 15) === 1) layer.limits.high = value;
  }

  #read(address: number): number {
    const { abstain, activity, rates, stall, lockup } = this.#monitors;
    switch (address) {
      case 32:
        return [abstain, rates, lockup, stall, activity, this.#check].reduce<number>(
          (bits, has, bit) => (has ? bits | (1 << bit) : bits),
          0,
        );
      case 33:
        return this.#seen >>> 0;
      case 34:
        return abstain ? this.abstainBelow : 0;
      case 35:
        return this.#abstentions;
      case 36:
        return activity ? (this.#layers[0]?.watch?.steps ?? 0) : 0;
      case 37:
        return this.#busyClocks;
      case 38:
        return this.#input?.spikes ?? 0;
      case 39:
      case 40:
      case 41:
        return this.#check?.read(address) ?? 0;
      default:
        return address < this.#base ? 0 : this.#readLayer((address - this.#base) >> 4, address & 15);
    }
  }

  #readLayer(place: number, register: number): number {
    const layer = this.#layers.find(({ index }) => index === place);
    if (layer === undefined) return 0;
    const { rates, activity } = this.#monitors;
    if (register < 2) return rates ? (register === 0 ? layer.limits.low : layer.limits.high) : 0;
    return register === 2 && activity ? (layer.watch?.spikes ?? 0) : 0;
  }

  list(list: RegisterList): void {
    const { abstain, rates, stall, activity } = this.#monitors;
    list.word('ack', 1);
    list.word('read_data', 32);
    list.word('answers_own', this.#hasDevice ? 1 : 0);
    list.word('abstain_limit', abstain ? this.#plan.readout.scoreBits : 0);
    list.word('abstentions', abstain ? 16 : 0);
    list.word('busy_clocks', activity ? 32 : 0);
    list.word('still_clocks', stall ? stall.bits : 0);
    for (const bit of this.#seenBits) list.word(`seen_${bit}`, 1);
    for (const { name, bits } of this.#layers) {
      list.word(`${name}_rate_low`, rates ? bits : 0);
      list.word(`${name}_rate_high`, rates ? bits : 0);
    }
  }

  refresh(): void {
    const { words } = this;
    let at = 0;
    words[at++] = this.#ack;
    words[at++] = this.#readData;
    words[at++] = this.#answersOwn;
    words[at++] = this.abstainBelow;
    words[at++] = this.#abstentions;
    words[at++] = this.#busyClocks;
    words[at++] = this.#stillClocks;
    for (const bit of this.#seenBits) words[at++] = (this.#seen >>> bit) & 1;
    for (const { limits } of this.#layers) {
      words[at++] = limits.low;
      words[at++] = limits.high;
    }
    for (const { watch } of this.watches) watch.refresh();
  }
}
