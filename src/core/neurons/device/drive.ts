/** From a potential to the drive of a neuron's own device: trim, then offset, gain and faults of the device. */
import {
  type Bool,
  bool,
  counter,
  type ModuleBuilder,
  mux,
  type SInt,
  sint,
  type UInt,
  uint,
} from '../../../hdl/index.ts';
import { type DeviceNeuron, unsignedBits, type VariationPlan } from '../../../plan/index.ts';
import { rom } from '../../parts/rom.ts';
import { trimmedBits } from '../../registers/table.ts';
import type { Stage } from '../../stage.ts';
import { clamped } from '../parts/table.ts';
import type { RegistersIn } from './registers.ts';

/** Potentials on their way; `valid` goes with them. */
export interface Drawn {
  readonly valid: Bool;
  readonly potentials: readonly SInt[];
}

/** floor(v * gain / 256) + offset, saturated, one clock later. */
export function trimmed(
  m: ModuleBuilder,
  { layer }: Stage,
  trim: NonNullable<RegistersIn['trim']>,
  drawn: Drawn,
): Drawn {
  m.section('Trim');
  const bits = trimmedBits(layer);
  const factor = m.name('trim_factor', trim.gain.toSInt());
  const valid = m.register('trim_valid', bool(), { reset: 0 });
  m.next(valid, drawn.valid);
  const potentials = drawn.potentials.map((potential, t) => {
    const register = m.register(`trimmed_${t}`, sint(bits), { reset: 0 });
    const product = m.name(`trim_product_${t}`, potential.mulFull(factor));
    m.when(drawn.valid, () => m.next(register, product.shiftRight(8).addGrow(trim.offset).saturate(bits)));
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
  stage: Stage,
  neuron: DeviceNeuron,
  variation: VariationPlan,
  drawn: Drawn,
): Addressed {
  const { table, tableShift } = neuron;
  m.section("Each neuron's own device");
  const { gain, offset, stuck: fault } = ownDevice(m, stage, neuron, variation, drawn.valid);
  const valid = m.register('vary_valid', bool(), { reset: 0 });
  m.next(valid, drawn.valid);
  const stuck = m.register('vary_stuck', uint(2), { reset: 0 });
  m.when(drawn.valid, () => m.next(stuck, fault));
  const shift = Math.max(0, tableShift) + 8;
  const bits = unsignedBits(table.length - 1);
  const addresses = drawn.potentials.map((potential, t) => {
    const register = m.register(`vary_addr_${t}`, uint(bits), { reset: 0 });
    const product = potential.mulFull(gain).shiftLeft(Math.max(0, -tableShift));
    const drive = m.name(`drive_${t}`, product.addGrow(offset.shiftLeft(Math.max(0, tableShift))));
    const index = drive.extend(Math.max(drive.width, shift + bits + 2)).shiftRight(shift);
    m.when(drawn.valid, () => m.next(register, clamped(index, table.length)));
    return register;
  });
  return { valid, addresses, stuck };
}

/** The entry of the neuron that is drawn next, from a memory with one for each. */
function ownDevice(
  m: ModuleBuilder,
  { core, layer }: Stage,
  neuron: DeviceNeuron,
  variation: VariationPlan,
  drawn: Bool,
) {
  const { gainBits, offsetBits } = variation;
  const count = neuron.stream.wordsPerTimeStep;
  const index = counter(m, 'device_index', count, { last: 'at_last_device' });
  m.when(drawn, () => index.step());
  const next = count === 1 ? index.value : m.name('next_device', mux(drawn, index.following(), index.value));
  const words = variation.gain.map((gain, n) => {
    const shift = BigInt.asUintN(offsetBits, BigInt(variation.offset[n]!));
    return (((BigInt(variation.stuck[n]!) << BigInt(offsetBits)) | shift) << BigInt(gainBits)) | BigInt(gain);
  });
  const memory = rom({ core, name: `${core}_${layer.name}_devices`, width: 2 + offsetBits + gainBits, words });
  const device = m.place('devices', memory, { enable: 1, address: next }).data;
  return {
    gain: m.name('device_gain', device.slice(gainBits - 1, 0).toSInt()),
    offset: m.name('device_offset', device.slice(offsetBits + gainBits - 1, gainBits).asSInt()),
    stuck: device.slice(offsetBits + gainBits + 1, offsetBits + gainBits),
  };
}
