/** Registers, sticky bits and alarm of what watches over a core (docs/monitors.md). */
import type { MonitorPlan, Plan } from '../../../plan/schema/index.ts';
import { bitsFor } from '../../geometry.ts';
import type { Consumer } from '../buffer.ts';
import { type BusInputs, idleBus } from '../neurons/device/control.ts';
import { type RegisterFile, Registers } from '../registers.ts';
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

export class MonitorBlock {
  readonly registers: Registers;
  readonly #r;
  readonly #monitors: MonitorPlan;
  readonly #plan: Plan;
  readonly #file: RegisterFile;
  readonly #layers: readonly WatchedLayer[];
  readonly #base: number;
  readonly #hasDevice: boolean;
  #input: SpikeWatch | undefined;
  #check: MemoryCheck | undefined;
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
    const { abstain, lockup, stall, rates, activity, checksum = false } = monitors;
    const registers = new Registers(file);
    this.registers = registers;
    const seenBits = [
      ...(abstain ? [0] : []),
      ...(lockup ? [1] : []),
      ...(stall ? [2] : []),
      ...(checksum ? [3] : []),
      ...(rates ? spiking.flatMap((_, i) => [8 + 2 * i, 9 + 2 * i]) : []),
    ];
    this.#r = {
      ack: registers.word('ack', 1),
      readData: registers.word('read_data', 32),
      answersOwn: registers.word('answers_own', this.#hasDevice ? 1 : 0),
      abstainLimit: registers.word('abstain_limit', abstain ? plan.readout.scoreBits : 0, abstain?.below),
      abstentions: registers.word('abstentions', abstain ? 16 : 0),
      busyClocks: registers.word('busy_clocks', activity ? 32 : 0),
      stillClocks: registers.word('still_clocks', stall ? stall.bits : 0),
      seen: seenBits.map((bit) => ({ bit, flag: registers.flag(`seen_${bit}`) })),
    };
    this.#layers = spiking.map(({ name, index, words }, i) => {
      const bits = bitsFor(words);
      const limit = (which: 'low' | 'high') =>
        registers.word(`${name}_rate_${which}`, rates ? bits : 0, rates?.[i]?.[which]);
      return { name, index, bits, watch: undefined, limits: { low: limit('low'), high: limit('high') } };
    });
  }

  /** Margin below which an answer abstains. */
  get abstainBelow(): number {
    return this.#r.abstainLimit.now;
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
    const { checksum, load = false } = this.#monitors;
    if (checksum) this.#check = new MemoryCheck(this.#file, memories, load);
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
    return this.#r.ack.now === 1;
  }

  /** The last access was to these registers, not to the device's. */
  get answersOwn(): boolean {
    return !this.#hasDevice || this.#r.answersOwn.now === 1;
  }

  /** No image begins. */
  get closed(): boolean {
    return this.#check?.host?.closed ?? false;
  }

  get data(): number {
    return this.#check?.host?.data ?? this.#r.readData.now;
  }

  get alarm(): boolean {
    for (const { bit, flag } of this.#r.seen) if (bit > 0 && flag.now) return true;
    return false;
  }

  /** The access of this clock; returns what of it is for the device's registers. */
  combine(bus: BusInputs): BusInputs {
    const own = !this.#hasDevice || bus.address >= this.#base || bus.address >> 4 === 2;
    this.#bus = bus;
    this.#asked = bus.cycle && bus.strobe && this.#r.ack.now === 0;
    this.#taken = this.#asked && own;
    this.#selected = this.#read(bus.address);
    return own ? { ...bus, cycle: false } : bus;
  }

  observe(events: CoreEvents): void {
    this.#events = events;
    const check = this.#check;
    check?.combine();
    check?.host?.combine(this.#taken, this.#bus, events.busy, check.memory);
  }

  update(): void {
    const r = this.#r;
    const { busy, moves, abstained } = this.#events;
    const { activity, stall, abstain } = this.#monitors;
    const { write, address, data } = this.#bus;
    if (this.#asked) r.answersOwn.now = this.#taken ? 1 : 0;
    if (this.#taken) r.readData.now = this.#selected;
    const writes = this.#taken && write;
    if (writes && address === 33) this.#acknowledge(data);
    if (abstained && abstain) this.#saw(0);
    if (stall) {
      const top = 2 ** stall.bits - 1;
      if (r.stillClocks.now === top) this.#saw(2);
      if (moves || !busy) r.stillClocks.now = 0;
      else if (r.stillClocks.now < top) r.stillClocks.now += 1;
    }
    if (this.#check?.damaged) this.#saw(3);
    this.#layers.forEach(({ watch }, i) => {
      if (watch?.tooFew) this.#saw(8 + 2 * i);
      if (watch?.tooMany) this.#saw(9 + 2 * i);
    });
    if (abstained && abstain) r.abstentions.now = (r.abstentions.now + 1) & 0xffff;
    if (busy && activity) r.busyClocks.now = (r.busyClocks.now + 1) % 2 ** 32;
    for (const { watch } of this.watches) watch.update();
    this.#check?.update();
    if (writes && address === 39) this.#check?.write(data);
    if (this.#check?.host?.update()) this.#check.hold();
    if (writes) this.#write(address, data);
    r.ack.now = this.#taken ? 1 : 0;
  }

  #saw(bit: number): void {
    for (const seen of this.#r.seen) if (seen.bit === bit) seen.flag.now = true;
  }

  #acknowledge(bits: number): void {
    for (const { bit, flag } of this.#r.seen) if ((bits >>> bit) & 1) flag.now = false;
  }

  #write(address: number, data: number): void {
    if (address === 34 && this.#monitors.abstain)
      this.#r.abstainLimit.now = Number(BigInt.asUintN(this.#plan.readout.scoreBits, BigInt(data >>> 0)));
    if (!this.#monitors.rates || address < this.#base) return;
    const layer = this.#layers.find(({ index }) => index === (address - this.#base) >> 4);
    if (layer === undefined) return;
    const value = data & (2 ** layer.bits - 1);
    if ((address & 15) === 0) layer.limits.low.now = value;
    if ((address & 15) === 1) layer.limits.high.now = value;
  }

  #read(address: number): number {
    const { abstain, activity, rates, stall, lockup } = this.#monitors;
    switch (address) {
      case 32:
        return [abstain, rates, lockup, stall, activity, this.#check, this.#monitors.load].reduce<number>(
          (bits, has, bit) => (has ? bits | (1 << bit) : bits),
          0,
        );
      case 33:
        return this.#r.seen.reduce((bits, { bit, flag }) => (flag.now ? bits | (1 << bit) : bits), 0) >>> 0;
      case 34:
        return abstain ? this.abstainBelow : 0;
      case 35:
        return this.#r.abstentions.now;
      case 36:
        return activity ? (this.#layers[0]?.watch?.steps ?? 0) : 0;
      case 37:
        return this.#r.busyClocks.now;
      case 38:
        return this.#input?.spikes ?? 0;
      case 39:
      case 40:
      case 41:
        return this.#check?.read(address) ?? 0;
      case 42:
      case 43:
      case 44:
      case 45:
        return this.#check?.host?.read(address) ?? 0;
      default:
        return address < this.#base ? 0 : this.#readLayer((address - this.#base) >> 4, address & 15);
    }
  }

  #readLayer(place: number, register: number): number {
    const layer = this.#layers.find(({ index }) => index === place);
    if (layer === undefined) return 0;
    const { rates, activity } = this.#monitors;
    if (register < 2) return rates ? (register === 0 ? layer.limits.low : layer.limits.high).now : 0;
    return register === 2 && activity ? (layer.watch?.spikes ?? 0) : 0;
  }
}
