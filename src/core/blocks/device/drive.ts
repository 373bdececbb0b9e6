/** From a potential to the drive of a neuron's own device: trim, then offset, gain and faults of the device. */
import {
  type Bool,
  bool,
  concat,
  lit,
  type ModuleBuilder,
  mux,
  type SInt,
  sint,
  type UInt,
  uint,
} from '../../../hdl/index.ts';
import type { DeviceNeuron, LayerPlan, VariationPlan } from '../../../plan/index.ts';
import { unsignedBits } from '../../../plan/index.ts';
import { trimGainBits, trimmedBits } from '../../registers/map.ts';
import { counter } from '../parts.ts';

/** Potentials on their way; `valid` goes with them. */
export interface Drawn {
  readonly valid: Bool;
  readonly potentials: readonly SInt[];
}

/** floor(v * gain / 256) + offset, saturated, one clock later. */
export function trimmed(m: ModuleBuilder, layer: LayerPlan, drawn: Drawn): Drawn {
  m.section('Trim');
  const bits = trimmedBits(layer);
  const gain = m.input('trim_gain', uint(trimGainBits), { doc: 'in 1/256' });
  const offset = m.input('trim_offset', sint(bits));
  const factor = m.name('trim_factor', gain.toSInt());
  const valid = m.register('trim_valid', bool(), { reset: 0 });
  m.next(valid, drawn.valid);
  const potentials = drawn.potentials.map((potential, t) => {
    const register = m.register(`trimmed_${t}`, sint(bits), { reset: 0 });
    const product = m.name(`trim_product_${t}`, potential.mulFull(factor));
    m.when(drawn.valid, () => m.next(register, product.shiftRight(8).addGrow(offset).saturate(bits)));
    return register;
  });
  return { valid, potentials };
}

export interface Addressed {
  readonly valid: Bool;
  readonly addresses: readonly UInt[];
  /** 0 works, 1 always spikes, 2 never does. */
  readonly stuck: UInt;
}

/** The table address at which each neuron's own device stands, one clock later. */
export function varied(
  m: ModuleBuilder,
  core: string,
  layer: LayerPlan,
  neurons: DeviceNeuron,
  variation: VariationPlan,
  drawn: Drawn,
): Addressed {
  const { table, tableShift, stream } = neurons;
  const { gainBits, offsetBits } = variation;
  const count = stream.wordsPerTimeStep;
  m.section("Each neuron's own device");
  const index = counter(m, 'device_index', count - 1);
  const indexBits = unsignedBits(count - 1);
  const next =
    index === undefined
      ? lit(0, uint(indexBits))
      : m.name(
          'next_device',
          mux(drawn.valid, mux(index.equals(count - 1), lit(0, index.type), index.addWrap(1)), index),
        );
  if (index) m.next(index, next);
  const memory = m.memory('devices', {
    depth: count,
    type: uint(2 + offsetBits + gainBits),
    contents: variation.gain.map((gain, n) => {
      const offset = BigInt.asUintN(offsetBits, BigInt(variation.offset[n]!));
      return (((BigInt(variation.stuck[n]!) << BigInt(offsetBits)) | offset) << BigInt(gainBits)) | BigInt(gain);
    }),
    contentsFile: `${core}_${layer.name}_devices.mem`,
  });
  const device = memory.read('device_data', next);
  const gain = m.name('device_gain', device.slice(gainBits - 1, 0).toSInt());
  const offset = m.name('device_offset', device.slice(offsetBits + gainBits - 1, gainBits).asSInt());

  const valid = m.register('vary_valid', bool(), { reset: 0 });
  m.next(valid, drawn.valid);
  const stuck = m.register('vary_stuck', uint(2), { reset: 0 });
  m.when(drawn.valid, () => m.next(stuck, device.slice(offsetBits + gainBits + 1, offsetBits + gainBits)));
  const addresses = drawn.potentials.map((potential, t) => {
    const register = m.register(`vary_addr_${t}`, uint(unsignedBits(table.length - 1)), { reset: 0 });
    const product = potential.mulFull(gain).shiftLeft(Math.max(0, -tableShift));
    const drive = m.name(`drive_${t}`, product.addGrow(offset.shiftLeft(Math.max(0, tableShift))));
    m.when(drawn.valid, () => m.next(register, clamped(drive, Math.max(0, tableShift) + 8, table.length)));
    return register;
  });
  return { valid, addresses, stuck };
}

/** clamp(floor(value / 2^shift)) to 0..entries-1. */
function clamped(value: SInt, shift: number, entries: number): UInt {
  const bits = unsignedBits(entries - 1);
  const wide = value.extend(Math.max(value.width, shift + bits + 2));
  const index = wide.shiftRight(shift);
  const address = index.slice(bits - 1, 0);
  const above = index.greaterOrEqual(lit(entries, index.type));
  return mux(index.isNegative(), lit(0, address.type), mux(above, lit(entries - 1, address.type), address));
}

/** Number of set bits. */
export function ones(word: UInt): UInt {
  let total: UInt = word.bit(0).asUInt();
  for (let i = 1; i < word.width; i++) total = total.addGrow(word.bit(i).asUInt());
  const bits = unsignedBits(word.width);
  return total.width > bits ? total.truncate(bits) : total;
}

export function joined(bits: readonly Bool[]): UInt {
  return concat(...[...bits].reverse());
}
