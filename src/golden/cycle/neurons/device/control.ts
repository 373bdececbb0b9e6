/** The registers behind the bus (docs/microarchitecture-device.md, "Bus", and docs/registers.md). */
import type { DeviceNeuron, DevicePlan, LayerPlan, Plan } from '../../../../plan/schema/index.ts';
import { bitsFor, indexBits } from '../../../geometry.ts';
import { type Register, type RegisterFile, Registers } from '../../registers.ts';
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
  readonly trimGain: Register;
  readonly trimOffset: Register;
  readonly tablePosition: Register;
}

export class DeviceControl {
  readonly registers: Registers;
  readonly #r;
  readonly #device: DevicePlan;
  readonly #layers: readonly LayerRegisters[];
  readonly #test: SelfTest | undefined;
  #bus = idleBus;
  #taken = false;
  #selected = 0;

  constructor(file: RegisterFile, plan: Plan, device: DevicePlan, banks: readonly DeviceLayer[]) {
    const { phases, faults, loadTable, selfTest } = device;
    this.#device = device;
    const registers = new Registers(file);
    this.registers = registers;
    const phase = (name: string, clocks: number | undefined) => registers.word(name, phases ? 8 : 0, clocks);
    const fault = (name: string, code: number | undefined) => registers.word(name, faults ? 16 : 0, code);
    this.#r = {
      ack: registers.word('ack', 1),
      readData: registers.word('read_data', 32),
      readCounts: registers.word('read_counts', selfTest ? 1 : 0),
      countData: registers.word('count_data', selfTest ? 32 : 0),
      fast: registers.word('fast_value', phases ? 1 : 0, phases?.fast ? 1 : 0),
      writeClocks: phase('write_clocks_value', phases?.writeClocks),
      readClocks: phase('read_clocks_value', phases?.readClocks),
      resetClocks: phase('reset_clocks_value', phases?.resetClocks),
      missed: fault('read_missed_value', faults?.missed),
      falseRead: fault('read_false_value', faults?.falseRead),
      failedReset: fault('reset_failed_value', faults?.failedReset),
    };
    this.#layers = banks.map((layer) => {
      const { plan: own, neuron } = layer;
      const { trim, table } = neuron;
      const positionBits = loadTable && table.length > 1 ? indexBits(table.length) : 0;
      return {
        ...layer,
        trimGain: registers.word(`${own.name}_trim_gain_value`, trim ? 10 : 0, trim?.gain),
        trimOffset: registers.signed(`${own.name}_trim_offset_value`, trim ? own.accumulatorBits + 2 : 0, trim?.offset),
        tablePosition: registers.word(`${own.name}_table_position`, positionBits),
      };
    });
    if (selfTest) this.#test = new SelfTest(registers, plan, banks);
  }

  get ack(): boolean {
    return this.#r.ack.now === 1;
  }

  /** Unsigned. */
  get data(): number {
    return this.#r.readCounts.now === 1 ? this.#r.countData.now : this.#r.readData.now;
  }

  /** The access of this clock, and what the banks see of it. Before the banks combine. */
  combine(bus: BusInputs): void {
    this.#bus = bus;
    this.#taken = bus.cycle && bus.strobe && this.#r.ack.now === 0;
    this.#selected = this.#read(bus.address);
    this.#test?.combine();
  }

  /** What bank `index` gets from the registers in this clock. */
  control(index: number): BankControl {
    const r = this.#r;
    const { trimGain, trimOffset, tablePosition } = this.#layers[index]!;
    const loads = this.#device.loadTable && this.#writes(LAYERS + STRIDE * index + 3);
    return {
      fast: r.fast.now === 1 || this.#device.phases === null,
      ...{ writeClocks: r.writeClocks.now, readClocks: r.readClocks.now, resetClocks: r.resetClocks.now },
      ...{ missed: r.missed.now, falseRead: r.falseRead.now, failedReset: r.failedReset.now },
      ...{ trimGain: trimGain.now, trimOffset: trimOffset.now },
      load: loads ? { index: tablePosition.now, code: this.#bus.data & 0xffff } : undefined,
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
    const r = this.#r;
    const { address, data } = this.#bus;
    r.countData.now = this.#test?.counts[address & 63] ?? 0;
    this.#test?.update(this.#taken && this.#bus.write ? { address, data } : undefined);
    if (this.#taken) {
      r.readData.now = this.#selected;
      r.readCounts.now = this.#test !== undefined && address >> 6 === 1 ? 1 : 0;
      if (this.#bus.write) this.#write(address, data);
    }
    r.ack.now = this.#taken ? 1 : 0;
  }

  #write(address: number, data: number): void {
    const r = this.#r;
    const { phases, faults } = this.#device;
    if (phases) {
      if (address === 2) r.fast.now = data & 1;
      if (address === 3) r.writeClocks.now = data & 255;
      if (address === 4) r.readClocks.now = data & 255;
      if (address === 5) r.resetClocks.now = data & 255;
    }
    if (faults) {
      if (address === 6) r.missed.now = data & 0xffff;
      if (address === 7) r.falseRead.now = data & 0xffff;
      if (address === 8) r.failedReset.now = data & 0xffff;
    }
    const layer = this.#layers[(address - LAYERS) >> 4];
    if (address >= LAYERS && layer) this.#writeLayer(layer, address & 15, data);
  }

  #writeLayer(layer: LayerRegisters, register: number, data: number): void {
    const { trim, table } = layer.neuron;
    if (trim && register === 0) layer.trimGain.now = data & 1023;
    if (trim && register === 1) {
      const unused = 32 - (layer.plan.accumulatorBits + 2);
      layer.trimOffset.now = (data << unused) >> unused;
    }
    if (!this.#device.loadTable) return;
    const mask = table.length - 1;
    if (register === 2) layer.tablePosition.now = data & mask;
    if (register === 3) layer.tablePosition.now = (layer.tablePosition.now + 1) & mask;
  }

  #read(address: number): number {
    const { phases, faults } = this.#device;
    const r = this.#r;
    if (address === 0) return 0x53504601;
    if (address === 1) return this.#features();
    if (address < 6) return phases ? ([r.fast, r.writeClocks, r.readClocks, r.resetClocks][address - 2]?.now ?? 0) : 0;
    if (address < 9) return faults ? ([r.missed, r.falseRead, r.failedReset][address - 6]?.now ?? 0) : 0;
    if (address < 16) return this.#test?.read(address) ?? 0;
    const layer = this.#layers[(address - LAYERS) >> 4];
    return address < LAYERS || layer === undefined ? 0 : this.#readLayer(layer, address & 15);
  }

  #readLayer({ neuron, bank, trimGain, trimOffset, tablePosition }: LayerRegisters, register: number): number {
    const { loadTable, counters } = this.#device;
    if (register < 2) return neuron.trim ? (register === 0 ? trimGain.now : trimOffset.now >>> 0) : 0;
    if (register === 2) return loadTable ? tablePosition.now : 0;
    if (register < 5 || register > 12 || !counters) return 0;
    return bank.totals[(register - 5) >> 1]![register % 2 === 1 ? 0 : 1]!;
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
}

const noTest = { run: false, start: false, draw: false, potential: 0 };

/** Bits of the bus's address, on a core that has one: registers of device layers, behind them those of watched layers. */
export function busAddressBits(plan: Plan): number {
  if (plan.monitors?.load) return 16;
  const devices = plan.neuron.kind === 'device' ? plan.layers.filter(({ neuron }) => 'stream' in neuron).length : 0;
  const watched = plan.monitors ? plan.layers.length : 0;
  return bitsFor(LAYERS + STRIDE * (devices + watched) - 1);
}
