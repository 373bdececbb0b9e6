/** From a potential to the drive of a neuron's own device: trim, then offset, gain and faults of the device. */
import {
  type Bool,
  bool,
  component,
  counter,
  input,
  type ModuleBuilder,
  mux,
  output,
  type SInt,
  sint,
  type UInt,
  uint,
} from '../../../hdl/index.ts';
import { type DeviceNeuron, unsignedBits, type VariationPlan } from '../../../plan/index.ts';
import { clocked } from '../../links/index.ts';
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
  const factor = m.name('trim_factor', trim.gain.toSInt());
  const valid = m.register('trim_valid', bool(), { reset: 0 });
  m.next(valid, drawn.valid);
  const [potential] = drawn.potentials as [SInt, ...SInt[]];
  const bits = { potential: potential.width, factor: factor.width, offset: trim.offset.width, out: trimmedBits(layer) };
  const lane = trimOfLane(layer.name, bits);
  const given = { valid: drawn.valid, potentialIn: drawn.potentials, factor, offset: trim.offset };
  return { valid, potentials: m.placeArray('trim', drawn.potentials.length, lane, given).out };
}

/** One potential. */
function trimOfLane(
  layer: string,
  bits: { readonly potential: number; readonly factor: number; readonly offset: number; readonly out: number },
) {
  const ports = {
    ...clocked,
    valid: input(bool(), 'the potential is drawn'),
    potentialIn: input(sint(bits.potential), 'of one time lane'),
    factor: input(sint(bits.factor), 'in 1/256'),
    offset: input(sint(bits.offset), 'in steps of a potential'),
    out: output(sint(bits.out), 'the trimmed potential, a clock later'),
  };
  return component(
    `${layer}_trim`,
    ports,
    (m, { valid, potentialIn, factor, offset, out }) => {
      const register = m.register('trimmed', sint(bits.out), { reset: 0 });
      const product = m.name('trim_product', potentialIn.mulFull(factor));
      m.when(valid, () => m.next(register, product.shiftRight(8).addGrow(offset).saturate(bits.out)));
      m.assign(out, register);
    },
    { loopBody: true },
  );
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
  const [potential] = drawn.potentials as [SInt, ...SInt[]];
  const bits = { potential: potential.width, gain: gain.width, offset: offset.width };
  const lane = addressOfLane(stage.layer.name, bits, { entries: table.length, shift: tableShift });
  const given = { valid: drawn.valid, potentialIn: drawn.potentials, gain, offset };
  return { valid, addresses: m.placeArray('vary', drawn.potentials.length, lane, given).address, stuck };
}

/** Where in the table one potential stands for the neuron's own device. */
function addressOfLane(
  layer: string,
  bits: { readonly potential: number; readonly gain: number; readonly offset: number },
  table: { readonly entries: number; readonly shift: number },
) {
  const addressBits = unsignedBits(table.entries - 1);
  const ports = {
    ...clocked,
    valid: input(bool(), 'the potential is drawn'),
    potentialIn: input(sint(bits.potential), 'of one time lane'),
    gain: input(sint(bits.gain), 'in 1/256'),
    offset: input(sint(bits.offset), 'in 1/256 of a step of the table'),
    address: output(uint(addressBits), 'of the table, a clock later'),
  };
  return component(
    `${layer}_vary`,
    ports,
    (m, { valid, potentialIn, gain, offset, address }) => {
      const shift = Math.max(0, table.shift) + 8;
      const register = m.register('vary_addr', uint(addressBits), { reset: 0 });
      const product = potentialIn.mulFull(gain).shiftLeft(Math.max(0, -table.shift));
      const drive = m.name('drive', product.addGrow(offset.shiftLeft(Math.max(0, table.shift))));
      const index = drive.extend(Math.max(drive.width, shift + addressBits + 2)).shiftRight(shift);
      m.when(valid, () => m.next(register, clamped(index, table.entries)));
      m.assign(address, register);
    },
    { loopBody: true },
  );
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
