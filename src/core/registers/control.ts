/** The registers behind the bus (docs/microarchitecture-device.md, "Bus"), and the self-test. */
import {
  bool,
  component,
  flip,
  lit,
  type ModuleBuilder,
  mux,
  sint,
  type UInt,
  uint,
  wishbone,
} from '../../hdl/index.ts';
import { type DevicePlan, type Plan, unsignedBits, wordBits } from '../../plan/index.ts';
import { clocked } from '../links/index.ts';
import { eventNames, type RegistersOut, registersLink } from '../neurons/device/registers.ts';
import { coreShape } from '../stage.ts';
import { type BusAccess, busWord, setting } from './bus.ts';
import {
  addresses,
  busAddressBits,
  counterBits,
  deviceLayers,
  featureBits,
  layerAddresses,
  layerBase,
  mapId,
  phaseBits,
  trimGainBits,
  trimmedBits,
} from './map.ts';
import { selfTest } from './self-test.ts';

/** The register block of a core; `banks` has a link for each layer whose neurons behave like devices, by the layer's name. */
export function deviceControl(plan: Plan, device: DevicePlan) {
  const { passSteps, seeding } = coreShape(plan);
  const layers = deviceLayers(plan);
  const ports = {
    ...clocked,
    wb: flip(wishbone(busAddressBits(plan))),
    banks: Object.fromEntries(
      layers.map((layer) => [layer.name, registersLink(device, layer, passSteps, seeding === 'seeder')]),
    ),
  };
  return component(`${plan.name}_device_control`, ports, (m, { wb, banks }) => {
    m.doc('Registers that the host reaches through the bus.');
    m.unused(wb.datW, 'no register needs all of it in every core');
    m.unused(wb.we, 'a core may have nothing to write');
    const ack = m.register('ack', bool(), { reset: 0 });
    const taken = m.name('bus_access', wb.cyc.and(wb.stb).and(ack.not()));
    const writing = m.name('write_access', taken.and(wb.we));
    m.next(ack, taken);
    m.assign(wb.ack, ack);
    const shown: { address: number; value: UInt }[] = [];
    const bus: BusAccess = {
      ...{ address: wb.adr, data: wb.datW, taken },
      writes: (at) => writing.and(wb.adr.equals(at)),
      show: (address, value) => shown.push({ address, value: busWord(value) }),
    };
    const links = layers.map((layer) => ({ layer, registers: banks[layer.name]! }));
    bus.show(addresses.ID, lit(mapId, uint(32)));
    bus.show(addresses.FEATURES, lit(featureBits(plan), uint(32)));
    coreRegisters(
      m,
      device,
      bus,
      links.map(({ registers }) => registers),
    );
    for (const [index, { layer, registers }] of links.entries()) layerRegisters(m, layer, index, registers, bus);
    const counts = device.selfTest ? selfTest(m, plan, bus, links) : undefined;

    m.section('Reading');
    const readData = m.register('read_data', uint(32), { reset: 0 });
    const value = m.wire('selected', uint(32));
    const choices = shown.map(({ address: at, value: own }) => [at, () => m.assign(value, own)] as const);
    m.switchValue(wb.adr, choices, () => m.assign(value, 0));
    m.when(taken, () => m.next(readData, value));
    m.assign(wb.datR, counts ? mux(counts.reading, counts.data, readData) : readData);
  });
}

/** Registers that all layers share: each of their links shows them. */
function coreRegisters(
  m: ModuleBuilder,
  { phases, faults }: DevicePlan,
  bus: BusAccess,
  links: readonly RegistersOut[],
): void {
  const clocks = (name: string, address: number, reset: number) =>
    setting(m, bus, uint(phaseBits), { name: `${name}_clocks_value`, address, reset });
  const code = (name: string, address: number, reset: number) =>
    setting(m, bus, uint(wordBits), { name: `${name}_value`, address, reset });
  if (phases) {
    m.section('Phases');
    const fast = setting(m, bus, bool(), { name: 'fast_value', address: addresses.FAST, reset: Number(phases.fast) });
    const writeClocks = clocks('write', addresses.WRITE_CLOCKS, phases.writeClocks);
    const readClocks = clocks('read', addresses.READ_CLOCKS, phases.readClocks);
    const resetClocks = clocks('reset', addresses.RESET_CLOCKS, phases.resetClocks);
    for (const link of links) if (link.phases) m.assign(link.phases, { fast, writeClocks, readClocks, resetClocks });
  }
  if (faults) {
    m.section('Faults');
    const missed = code('read_missed', addresses.READ_MISSED, faults.missed);
    const falseRead = code('read_false', addresses.READ_FALSE, faults.falseRead);
    const failed = code('reset_failed', addresses.RESET_FAILED, faults.failedReset);
    for (const link of links) if (link.faults) m.assign(link.faults, { missed, falseRead, failed });
  }
}

type DeviceLayer = ReturnType<typeof deviceLayers>[number];

function layerRegisters(
  m: ModuleBuilder,
  layer: DeviceLayer,
  index: number,
  registers: RegistersOut,
  bus: BusAccess,
): void {
  const at = (name: keyof typeof layerAddresses) => layerBase(index) + layerAddresses[name];
  const { name, neuron } = layer;
  m.section(`Layer ${name}`);
  if (registers.trim && neuron.trim) {
    const gainOf = { name: `${name}_trim_gain_value`, address: at('TRIM_GAIN'), reset: neuron.trim.gain };
    const offsetOf = { name: `${name}_trim_offset_value`, address: at('TRIM_OFFSET'), reset: neuron.trim.offset };
    m.assign(registers.trim.gain, setting(m, bus, uint(trimGainBits), gainOf));
    m.assign(registers.trim.offset, setting(m, bus, sint(trimmedBits(layer)), offsetOf));
  }
  if (registers.table) loadTable(m, layer, registers.table, bus, at);
  if (registers.counters) {
    m.assign(registers.counters.clear, bus.writes(at('CLEAR')));
    for (const [i, event] of eventNames.entries()) {
      const total = registers.counters[event];
      bus.show(at('WRITES') + 2 * i, total.slice(31, 0));
      bus.show(at('WRITES') + 2 * i + 1, total.slice(counterBits - 1, 32));
    }
  }
}

/** Codes that the host writes one after the other. */
function loadTable(
  m: ModuleBuilder,
  { name, neuron }: DeviceLayer,
  table: NonNullable<RegistersOut['table']>,
  bus: BusAccess,
  at: (name: keyof typeof layerAddresses) => number,
): void {
  const writes = m.name(`${name}_loads`, bus.writes(at('TABLE_DATA')));
  m.assign(table.write, writes);
  m.assign(table.code, bus.data.truncate(wordBits));
  const bits = unsignedBits(neuron.table.length - 1);
  if (neuron.table.length === 1) {
    m.assign(table.index, 0);
    return;
  }
  const position = m.register(`${name}_table_position`, uint(bits), { reset: 0 });
  m.when(bus.writes(at('TABLE_INDEX')), () => m.next(position, bus.data.truncate(bits))).elseWhen(writes, () =>
    m.next(position, position.addWrap(1)),
  );
  m.assign(table.index, position);
  bus.show(at('TABLE_INDEX'), position);
}
