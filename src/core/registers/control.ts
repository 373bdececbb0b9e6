/** The registers behind the bus (docs/microarchitecture-device.md, "Bus"), and the self-test. */
import { component, flip, lit, type ModuleBuilder, mux, uint, wishbone } from '../../hdl/index.ts';
import { type DevicePlan, type Plan, wordBits } from '../../plan/index.ts';
import { clocked } from '../links/index.ts';
import { eventNames, type RegistersOut, registersLink } from '../neurons/device/registers.ts';
import { coreShape } from '../stage.ts';
import { type BusAccess, registerBus, setting } from './bus.ts';
import {
  type BusRegister,
  busAddressBits,
  type CoreRegisters,
  coreRegisters,
  deviceLayers,
  deviceRegisters,
} from './map.ts';
import { selfTest } from './self-test.ts';

/** The register block of a core; `banks` has a link for each layer whose neurons behave like devices, by the layer's name. */
export function deviceControl(plan: Plan, device: DevicePlan) {
  const { passLanes, seeding } = coreShape(plan);
  const layers = deviceLayers(plan);
  const ports = {
    ...clocked,
    wb: flip(wishbone(busAddressBits(plan))),
    banks: Object.fromEntries(
      layers.map((layer) => [layer.name, registersLink(device, layer, passLanes, seeding === 'seeder')]),
    ),
  };
  return component(`${plan.name}_device_control`, ports, (m, { wb, banks }) => {
    m.doc('Registers that the host reaches through the bus.');
    m.unused(wb.datW, 'no register needs all of it in every core');
    m.unused(wb.we, 'a core may have nothing to write');
    const bus = registerBus(m, wb, deviceRegisters(plan));
    m.assign(wb.ack, bus.ack);
    const map = coreRegisters(plan, device);
    const links = layers.map((layer) => ({ layer, registers: banks[layer.name]! }));
    for (const { address, reset } of [map.core.ID!, map.core.FEATURES!]) bus.show(address, lit(reset, uint(32)));
    const ends = links.map(({ registers }) => registers);
    phasesAndFaults(m, map.core, bus, ends);
    for (const [index, { layer, registers }] of links.entries())
      layerRegisters(m, layer, map.layers[index]!, registers, bus);
    const counts = device.selfTest ? selfTest(m, map.core, bus, links) : undefined;

    const readData = bus.readData();
    m.assign(wb.datR, counts ? mux(counts.reading, counts.data, readData) : readData);
  });
}

/** Registers that all layers share: each of their links shows them. */
function phasesAndFaults(
  m: ModuleBuilder,
  map: CoreRegisters['core'],
  bus: BusAccess,
  links: readonly RegistersOut[],
): void {
  const value = (register: BusRegister) =>
    setting(m, bus, 'uint', register, { name: `${register.name.toLowerCase()}_value` });
  const { FAST, WRITE_CLOCKS, READ_CLOCKS, RESET_CLOCKS, READ_MISSED, READ_FALSE, RESET_FAILED } = map;
  if (FAST && WRITE_CLOCKS && READ_CLOCKS && RESET_CLOCKS) {
    m.section('Phases');
    const fast = setting(m, bus, 'bool', FAST, { name: 'fast_value' });
    const writeClocks = value(WRITE_CLOCKS);
    const readClocks = value(READ_CLOCKS);
    const resetClocks = value(RESET_CLOCKS);
    for (const link of links) if (link.phases) m.assign(link.phases, { fast, writeClocks, readClocks, resetClocks });
  }
  if (READ_MISSED && READ_FALSE && RESET_FAILED) {
    m.section('Faults');
    const missed = value(READ_MISSED);
    const falseRead = value(READ_FALSE);
    const failed = value(RESET_FAILED);
    for (const link of links) if (link.faults) m.assign(link.faults, { missed, falseRead, failed });
  }
}

type DeviceLayer = ReturnType<typeof deviceLayers>[number];

type LayerMap = CoreRegisters['layers'][number];

function layerRegisters(
  m: ModuleBuilder,
  layer: DeviceLayer,
  map: LayerMap,
  registers: RegistersOut,
  bus: BusAccess,
): void {
  const { name } = layer;
  const { TRIM_GAIN, TRIM_OFFSET, CLEAR } = map;
  m.section(`Layer ${name}`);
  if (registers.trim && TRIM_GAIN && TRIM_OFFSET) {
    m.assign(registers.trim.gain, setting(m, bus, 'uint', TRIM_GAIN, { name: `${name}_trim_gain_value` }));
    m.assign(registers.trim.offset, setting(m, bus, 'sint', TRIM_OFFSET, { name: `${name}_trim_offset_value` }));
  }
  if (registers.table) loadTable(m, layer, registers.table, bus, map);
  if (registers.counters && CLEAR) {
    m.assign(registers.counters.clear, bus.writes(CLEAR.address));
    for (const event of eventNames) {
      const total = registers.counters[event];
      const [low, high] = [map[upper(event)]!, map[`${upper(event)}_HIGH`]!];
      bus.show(low.address, total.slice(low.width - 1, 0));
      bus.show(high.address, total.slice(low.width + high.width - 1, low.width));
    }
  }
}

const upper = <Word extends string>(word: Word) => word.toUpperCase() as Uppercase<Word>;

/** Codes that the host writes one after the other. */
function loadTable(
  m: ModuleBuilder,
  { name }: DeviceLayer,
  table: NonNullable<RegistersOut['table']>,
  bus: BusAccess,
  { TABLE_DATA, TABLE_INDEX }: LayerMap,
): void {
  const writes = m.name(`${name}_loads`, bus.writes(TABLE_DATA!.address));
  m.assign(table.write, writes);
  m.assign(table.code, bus.data.truncate(wordBits));
  if (!TABLE_INDEX) {
    m.assign(table.index, 0);
    return;
  }
  const { address, width } = TABLE_INDEX;
  const position = m.register(`${name}_table_position`, uint(width), { reset: 0 });
  m.when(bus.writes(address), () => m.next(position, bus.data.truncate(width))).elseWhen(writes, () =>
    m.next(position, position.addWrap(1)),
  );
  m.assign(table.index, position);
  bus.show(address, position);
}
