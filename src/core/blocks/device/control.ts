/** The registers behind the bus (docs/microarchitecture-device.md, "Bus"), and the self-test. */
import {
  type Bool,
  bool,
  defineModule,
  lit,
  type ModuleBuilder,
  type ModuleDefinition,
  mux,
  type SInt,
  sint,
  type UInt,
  uint,
} from '../../../hdl/index.ts';
import type { DevicePlan, Plan } from '../../../plan/index.ts';
import { unsignedBits, wordBits } from '../../../plan/index.ts';
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
} from '../../registers/map.ts';
import { selfTest } from './self-test.ts';

/** Totals of a bank, in the order of their addresses. */
export const counterNames = ['writes_total', 'reads_total', 'resets_total', 'spikes_total'] as const;

/** One access of the bus. */
export interface BusAccess {
  readonly address: UInt;
  readonly data: UInt;
  /** Taken in this clock. */
  readonly taken: Bool;
  readonly writes: (address: number) => Bool;
  /** A register that can be read: address and value, of at most 32 bits. */
  readonly show: (address: number, value: UInt | Bool | SInt) => void;
}

export function controlModule(plan: Plan, device: DevicePlan): ModuleDefinition {
  return defineModule(`${plan.name}_device_control`, (m) => {
    m.doc('Registers that the host reaches through the bus.');
    m.clock('clk');
    m.reset('rst');
    const cycle = m.input('wb_cyc', bool());
    const strobe = m.input('wb_stb', bool());
    const write = m.input('wb_we', bool());
    const address = m.input('wb_adr', uint(busAddressBits(plan)));
    const data = m.input('wb_dat_w', uint(32));
    const dataOut = m.output('wb_dat_r', uint(32));
    const ackOut = m.output('wb_ack', bool());

    m.unused(data, 'no register needs all of it in every core');
    m.unused(write, 'a core may have nothing to write');
    const ack = m.register('ack', bool(), { reset: 0 });
    const taken = m.name('bus_access', cycle.and(strobe).and(ack.not()));
    const writing = m.name('write_access', taken.and(write));
    m.next(ack, taken);
    m.assign(ackOut, ack);
    const shown: { address: number; value: UInt }[] = [];
    const bus: BusAccess = {
      address,
      data,
      taken,
      writes: (at) => writing.and(address.equals(at)),
      show: (at, value) => shown.push({ address: at, value: word(value) }),
    };
    bus.show(addresses.ID, lit(mapId, uint(32)));
    bus.show(addresses.FEATURES, lit(featureBits(plan), uint(32)));
    coreRegisters(m, device, bus);
    for (const [index, layer] of deviceLayers(plan).entries()) layerRegisters(m, device, layer, index, bus);
    if (device.loadTable) m.assign(m.output('table_data', uint(wordBits)), data.truncate(wordBits));
    const counts = device.selfTest ? selfTest(m, plan, bus) : undefined;

    m.section('Reading');
    const readData = m.register('read_data', uint(32), { reset: 0 });
    const value = m.wire('selected', uint(32));
    const choices = shown.map(({ address: at, value: own }) => [at, () => m.assign(value, own)] as const);
    m.switchValue(address, choices, () => m.assign(value, 0));
    m.when(taken, () => m.next(readData, value));
    m.assign(dataOut, counts ? mux(counts.reading, counts.data, readData) : readData);
  });
}

function word(value: UInt | Bool | SInt): UInt {
  if (value.kind === 'bool') return value.asUInt().extend(32);
  return value.kind === 'sint' ? value.extend(32).asUInt() : value.extend(32);
}

function coreRegisters(m: ModuleBuilder, { phases, faults }: DevicePlan, bus: BusAccess): void {
  const plain = (name: string, at: number, bits: number, reset: number) => {
    const output = m.output(name, uint(bits));
    const register = m.register(`${name}_value`, uint(bits), { reset });
    m.when(bus.writes(at), () => m.next(register, bus.data.truncate(bits)));
    m.assign(output, register);
    bus.show(at, register);
  };
  if (phases) {
    m.section('Phases');
    const output = m.output('fast', bool());
    const fast = m.register('fast_value', bool(), { reset: Number(phases.fast) });
    m.when(bus.writes(addresses.FAST), () => m.next(fast, bus.data.bit(0)));
    m.assign(output, fast);
    bus.show(addresses.FAST, fast);
    plain('write_clocks', addresses.WRITE_CLOCKS, phaseBits, phases.writeClocks);
    plain('read_clocks', addresses.READ_CLOCKS, phaseBits, phases.readClocks);
    plain('reset_clocks', addresses.RESET_CLOCKS, phaseBits, phases.resetClocks);
  }
  if (faults) {
    m.section('Faults');
    plain('read_missed', addresses.READ_MISSED, wordBits, faults.missed);
    plain('read_false', addresses.READ_FALSE, wordBits, faults.falseRead);
    plain('reset_failed', addresses.RESET_FAILED, wordBits, faults.failedReset);
  }
}

type NeuronLayer = ReturnType<typeof deviceLayers>[number];

function layerRegisters(
  m: ModuleBuilder,
  { counters, loadTable }: DevicePlan,
  layer: NeuronLayer,
  index: number,
  bus: BusAccess,
): void {
  const { trim, table } = layer.neuron;
  const at = (name: keyof typeof layerAddresses) => layerBase(index) + layerAddresses[name];
  const { name } = layer;
  m.section(`Layer ${name}`);
  if (trim) {
    const bits = trimmedBits(layer);
    const gainOut = m.output(`${name}_trim_gain`, uint(trimGainBits));
    const offsetOut = m.output(`${name}_trim_offset`, sint(bits));
    const gain = m.register(`${name}_trim_gain_value`, uint(trimGainBits), { reset: trim.gain });
    const offset = m.register(`${name}_trim_offset_value`, sint(bits), { reset: trim.offset });
    m.when(bus.writes(at('TRIM_GAIN')), () => m.next(gain, bus.data.truncate(trimGainBits)));
    m.when(bus.writes(at('TRIM_OFFSET')), () => m.next(offset, bus.data.truncate(bits).asSInt()));
    m.assign(gainOut, gain);
    m.assign(offsetOut, offset);
    bus.show(at('TRIM_GAIN'), gain);
    bus.show(at('TRIM_OFFSET'), offset);
  }
  if (loadTable) {
    const bits = unsignedBits(table.length - 1);
    const writeOut = m.output(`${name}_table_write`, bool());
    const indexOut = m.output(`${name}_table_index`, uint(bits));
    const writes = m.name(`${name}_loads`, bus.writes(at('TABLE_DATA')));
    m.assign(writeOut, writes);
    if (table.length === 1) m.assign(indexOut, 0);
    else {
      const position = m.register(`${name}_table_position`, uint(bits), { reset: 0 });
      m.when(bus.writes(at('TABLE_INDEX')), () => m.next(position, bus.data.truncate(bits))).elseWhen(writes, () =>
        m.next(position, position.addWrap(1)),
      );
      m.assign(indexOut, position);
      bus.show(at('TABLE_INDEX'), position);
    }
  }
  if (counters) {
    m.assign(m.output(`${name}_clear`, bool()), bus.writes(at('CLEAR')));
    for (const [i, total] of counterNames.entries()) {
      const value = m.input(`${name}_${total}`, uint(counterBits));
      bus.show(at('WRITES') + 2 * i, value.slice(31, 0));
      bus.show(at('WRITES') + 2 * i + 1, value.slice(counterBits - 1, 32));
    }
  }
}
