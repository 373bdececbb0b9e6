/** The register map of one core: the rows of the table that it has, with their widths and resets. */
import { type DevicePlan, type Plan, unsignedBits } from '../../plan/index.ts';
import {
  type CoreRegisterName,
  coreRows,
  type DeviceLayer,
  type LayerRegisterName,
  layerRows,
  layerStride,
  layersAddress,
  type Row,
} from './table.ts';

/** A register on the host's bus: address, fields, access. */
export interface BusRegister {
  /** `FAST`, or of a layer `CONV1_TRIM_GAIN`. */
  readonly name: string;
  /** Word address; a byte address is four times as much. */
  readonly address: number;
  readonly access: 'read' | 'write' | 'read-write';
  /** Bits, 1 to 32; the others read as 0, or as the sign. */
  readonly width: number;
  readonly signed: boolean;
  readonly reset: number;
  readonly doc: string;
  /** Words of a row of equal registers, 1 otherwise. */
  readonly words: number;
  readonly layer?: string;
}

/** The registers of the core, and of each of its layers, by the names of the table; those that it has not are absent. */
export interface CoreRegisters {
  readonly core: Partial<Record<CoreRegisterName, BusRegister>>;
  /** In the order of `deviceLayers`. */
  readonly layers: readonly Partial<Record<LayerRegisterName, BusRegister>>[];
}

/** Layers whose neurons behave like devices, in order: the layers of the map. */
export function deviceLayers(plan: Plan): DeviceLayer[] {
  return plan.layers.flatMap((layer) => (layer.neuron.kind === 'device' ? [{ ...layer, neuron: layer.neuron }] : []));
}

/** Word address of the monitors' registers of a layer: behind those of all device layers. */
export function watchBase(plan: Plan, index: number): number {
  return layersAddress + (deviceLayers(plan).length + index) * layerStride;
}

/** Whether the host reaches registers of the core by a bus. */
export function hasBus(plan: Plan): boolean {
  return plan.neuron.kind === 'device' || plan.monitors !== undefined;
}

/** With a window of memory words, whose addresses have the highest of these bits. */
const windowBits = 16;

/** Width of the bus's word address. */
export function busAddressBits(plan: Plan): number {
  if (plan.monitors?.load) return windowBits;
  return unsignedBits(watchBase(plan, plan.monitors ? plan.layers.length : 0) - 1);
}

export function coreRegisters(plan: Plan, device: DevicePlan): CoreRegisters {
  const layers = deviceLayers(plan);
  return {
    core: registersOf(coreRows, { plan, device, layers }, (name) => ({ name })),
    layers: layers.map((layer, index) =>
      registersOf(layerRows, { device, layer }, (name, offset) => ({
        name: `${layer.name.toUpperCase()}_${name}`,
        address: layersAddress + index * layerStride + offset,
        layer: layer.name,
      })),
    ),
  };
}

/** Those of the device's behaviour, by address; none where neurons are ideal. */
export function deviceRegisters(plan: Plan): BusRegister[] {
  if (plan.neuron.kind !== 'device') return [];
  const { core, layers } = coreRegisters(plan, plan.neuron);
  return [core, ...layers].flatMap((registers) => Object.values(registers));
}

type Named = Pick<BusRegister, 'name'> & Partial<Pick<BusRegister, 'address' | 'layer'>>;

function registersOf<Scope, Name extends string>(
  rows: Readonly<Record<Name, Row<Scope>>>,
  scope: Scope,
  named: (name: Name, address: number) => Named,
): Partial<Record<Name, BusRegister>> {
  const registers: Partial<Record<Name, BusRegister>> = {};
  for (const [name, row] of Object.entries<Row<Scope>>(rows) as [Name, Row<Scope>][]) {
    const { address, access = 'read-write', width = 32, signed = false, reset, has, words = 1, docOf } = row;
    if (has?.(scope) === false) continue;
    registers[name] = {
      ...{ access, width: typeof width === 'number' ? width : width(scope), signed },
      ...{ reset: reset?.(scope) ?? 0, words, doc: docOf?.(scope) ?? row.doc, address },
      ...named(name, address),
    };
  }
  return registers;
}
