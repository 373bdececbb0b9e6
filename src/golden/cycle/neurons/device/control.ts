/** The registers behind the bus (docs/microarchitecture-device.md, "Bus", and docs/registers.md). */
import type { DeviceNeuron, DevicePlan, LayerPlan, Plan } from '../../../../plan/schema/index.ts';
import { bitsFor, indexBits } from '../../../geometry.ts';
import type { RegisterFile, RegisterList, Registers } from '../../registers.ts';
import type { DeviceNeurons } from './bank.ts';
import type { BankControl } from './bank-control.ts';
import { SelfTest } from './self-test.ts';

/** The bus in one clock. */
export interface BusInputs {
  readonly cycle: boolean;
  readonly strobe: boolean;
  readonly write: boolean;
  /** Word address. */
  readonly address: number;
  readonly data: number;
}

export const idleBus: BusInputs = { cycle: false, strobe: false, write: false, address: 0, data: 0 };

const LAYERS = 128;
const STRIDE = 16;

/** A layer of the map. */
export interface DeviceLayer {
  readonly plan: LayerPlan;
  readonly neuron: DeviceNeuron;
  readonly bank: DeviceNeurons;
}

interface LayerRegisters extends DeviceLayer {
  trimGain: number;
  trimOffset: number;
  tablePosition: number;
}

export class DeviceControl implements Registers {
  readonly words: Int32Array;
  readonly #device: DevicePlan;
  readonly #layers: readonly LayerRegisters[];
  readonly #test: SelfTest | undefined;
  #ack = 0;
  #readData = 0;
  #readCounts = 0;
  #countData = 0;
  #registers = { fast: 0, writeClocks: 0, readClocks: 0, resetClocks: 0, missed: 0, falseRead: 0, failedReset: 0 };
  #bus = idleBus;
  #taken = false;
  #selected = 0;

  constructor(file: RegisterFile, plan: Plan, device: DevicePlan, banks: readonly DeviceLayer[]) {
    const { phases, faults, selfTest } = device;
    this.#device = device;
    this.#layers = banks.map((layer) => ({
      ...{ ...layer, tablePosition: 0 },
      trimGain: layer.neuron.trim?.gain ?? 0,
      trimOffset: layer.neuron.trim?.offset ?? 0,
    }));
    this.#registers = {
      fast: phases?.fast ? 1 : 0,
      writeClocks: phases?.writeClocks ?? 0,
      readClocks: phases?.readClocks ?? 0,
      resetClocks: phases?.resetClocks ?? 0,
      missed: faults?.missed ?? 0,
      falseRead: faults?.falseRead ?? 0,
      failedReset: faults?.failedReset ?? 0,
    };
    if (selfTest) this.#test = new SelfTest(plan, banks);
    this.words = file.take(this);
  }

  get ack(): boolean {
    return this.#ack === 1;
  }

  /** Unsigned. */
  get data(): number {
    return this.#readCounts === 1 ? this.#countData : this.#readData;
  }

  /** The access of this clock, and what the banks see of it. Before the banks combine. */
  combine(bus: BusInputs): void {
    this.#bus = bus;
    this.#taken = bus.cycle && bus.strobe && this.#ack === 0;
    this.#selected = this.#read(bus.address);
    this.#test?.combine();
  }

  /** What bank `index` gets from the registers in this clock. */
  control(index: number): BankControl {
    const { fast, ...codes } = this.#registers;
    const { trimGain, trimOffset, tablePosition } = this.#layers[index]!;
    const loads = this.#device.loadTable && this.#writes(LAYERS + STRIDE * index + 3);
    return {
      ...codes,
      ...{ fast: fast === 1 || this.#device.phases === null, trimGain, trimOffset },
      load: loads ? { index: tablePosition, code: this.#bus.data & 0xffff } : undefined,
      clear: this.#writes(LAYERS + STRIDE * index + 4),
      test: this.#test?.forLayer(index) ?? noTest,
    };
  }

  #writes(address: number): boolean {
    return this.#taken && this.#bus.write && this.#bus.address === address;
  }

  /** After the banks have combined, before they change. */
  observe(): void {
    this.#test?.observe();
  }

  update(): void {
    const { address, data } = this.#bus;
    this.#countData = this.#test?.counts[address & 63] ?? 0;
    this.#test?.update(this.#taken && this.#bus.write ? { address, data } : undefined);
    if (this.#taken) {
      this.#readData = this.#selected;
      this.#readCounts = this.#test !== undefined && address >> 6 === 1 ? 1 : 0;
      if (this.#bus.write) this.#write(address, data);
    }
    this.#ack = this.#taken ? 1 : 0;
  }

  #write(address: number, data: number): void {
    const registers = this.#registers;
    const { phases, faults } = this.#device;
    if (phases) {
      if (address === 2) registers.fast = data & 1;
      if (address === 3) registers.writeClocks = data & 255;
      if (address === 4) registers.readClocks = data & 255;
      if (address === 5) registers.resetClocks = data & 255;
    }
    if (faults) {
      if (address === 6) registers.missed = data & 0xffff;
      if (address === 7) registers.falseRead = data & 0xffff;
      if (address === 8) registers.failedReset = data & 0xffff;
    }
    const layer = this.#layers[(address - LAYERS) >> 4];
    if (address >= LAYERS && layer) this.#writeLayer(layer, address & 15, data);
  }

  #writeLayer(layer: LayerRegisters, register: number, data: number): void {
    const { trim, table } = layer.neuron;
    if (trim && register === 0) layer.trimGain = data & 1023;
    if (trim && register === 1) {
      const unused = 32 - (layer.plan.accumulatorBits + 2);
      layer.trimOffset = (data << unused) >> unused;
    }
    if (!this.#device.loadTable) return;
    const mask = table.length - 1;
    if (register === 2) layer.tablePosition = data & mask;
    if (register === 3) layer.tablePosition = (layer.tablePosition + 1) & mask;
  }

  #read(address: number): number {
    const { phases, faults } = this.#device;
    const r = this.#registers;
    if (address === 0) return 0x53504601;
    if (address === 1) return this.#features();
    if (address < 6) return phases ? ([r.fast, r.writeClocks, r.readClocks, r.resetClocks][address - 2] ?? 0) : 0;
    if (address < 9) return faults ? ([r.missed, r.falseRead, r.failedReset][address - 6] ?? 0) : 0;
    if (address < 16) return this.#test?.read(address) ?? 0;
    const layer = this.#layers[(address - LAYERS) >> 4];
    return address < LAYERS || layer === undefined ? 0 : this.#readLayer(layer, address & 15);
  }

  #readLayer({ neuron, bank, trimGain, trimOffset, tablePosition }: LayerRegisters, register: number): number {
    const { loadTable, counters } = this.#device;
    if (register < 2) return neuron.trim ? (register === 0 ? trimGain : trimOffset >>> 0) : 0;
    if (register === 2) return loadTable ? tablePosition : 0;
    if (register < 5 || register > 12 || !counters) return 0;
    const total = bank.totals[(register - 5) >> 1]!;
    return register % 2 === 1 ? total % 2 ** 32 : Math.floor(total / 2 ** 32);
  }

  #features(): number {
    const { phases, counters, loadTable, faults, selfTest } = this.#device;
    const neurons = this.#layers.map(({ neuron }) => neuron);
    const flags = [
      phases !== null,
      counters,
      neurons.some(({ trim }) => trim !== null),
      loadTable,
      faults !== null,
      neurons.some(({ variation }) => variation !== null),
      selfTest,
    ];
    return flags.reduce<number>((bits, flag, bit) => (flag ? bits | (1 << bit) : bits), 0);
  }

  list(list: RegisterList): void {
    const { phases, faults, loadTable, selfTest } = this.#device;
    list.word('ack', 1);
    list.word('read_data', 32);
    list.word('read_counts', selfTest ? 1 : 0);
    list.word('count_data', selfTest ? 32 : 0);
    list.word('fast_value', phases ? 1 : 0);
    list.word('write_clocks_value', phases ? 8 : 0);
    list.word('read_clocks_value', phases ? 8 : 0);
    list.word('reset_clocks_value', phases ? 8 : 0);
    list.word('read_missed_value', faults ? 16 : 0);
    list.word('read_false_value', faults ? 16 : 0);
    list.word('reset_failed_value', faults ? 16 : 0);
    for (const { plan, neuron } of this.#layers) {
      const { trim, table } = neuron;
      list.word(`${plan.name}_trim_gain_value`, trim ? 10 : 0);
      list.signed(`${plan.name}_trim_offset_value`, trim ? plan.accumulatorBits + 2 : 0);
      list.word(`${plan.name}_table_position`, loadTable && table.length > 1 ? indexBits(table.length) : 0);
    }
    this.#test?.list(list);
  }

  refresh(): void {
    const { words } = this;
    let at = 0;
    const r = this.#registers;
    words[at++] = this.#ack;
    words[at++] = this.#readData;
    words[at++] = this.#readCounts;
    words[at++] = this.#countData;
    words[at++] = r.fast;
    words[at++] = r.writeClocks;
    words[at++] = r.readClocks;
    words[at++] = r.resetClocks;
    words[at++] = r.missed;
    words[at++] = r.falseRead;
    words[at++] = r.failedReset;
    for (const { trimGain, trimOffset, tablePosition } of this.#layers) {
      words[at++] = trimGain;
      words[at++] = trimOffset;
      words[at++] = tablePosition;
    }
    this.#test?.sample(words, at);
  }
}

const noTest = { run: false, start: false, draw: false, potential: 0 };

/** Bits of the bus's address, on a core that has one: registers of device layers, behind them those of watched layers. */
export function busAddressBits(plan: Plan): number {
  const devices = plan.neuron.kind === 'device' ? plan.layers.filter(({ neuron }) => 'stream' in neuron).length : 0;
  const watched = plan.monitors ? plan.layers.length : 0;
  return bitsFor(LAYERS + STRIDE * (devices + watched) - 1);
}
