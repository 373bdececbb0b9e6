/**
 * The register map of a core's bus, as data: the hardware decodes by it, the bindings and docs show it. Registers of features
 * that a core has not do not exist, the addresses of the others stay.
 */
import { type DeviceNeuron, type DevicePlan, type LayerPlan, type Plan, unsignedBits } from '../../plan/index.ts';

/** A register on the host's bus: address, fields, access. */
export interface BusRegister {
  /** `FAST`, or of a layer `CONV1_TRIM_GAIN`. */
  readonly name: string;
  /** Word address; a byte address is four times as much. */
  readonly address: number;
  readonly access: 'read' | 'write' | 'read-write';
  readonly width: number;
  readonly signed: boolean;
  readonly reset: number;
  readonly doc: string;
  /** Words of a row of equal registers, 1 otherwise. */
  readonly words: number;
  readonly layer?: string;
}

/** Word addresses; those of a layer are counted from its base. */
export const addresses = {
  ID: 0,
  FEATURES: 1,
  FAST: 2,
  WRITE_CLOCKS: 3,
  READ_CLOCKS: 4,
  RESET_CLOCKS: 5,
  READ_MISSED: 6,
  READ_FALSE: 7,
  RESET_FAILED: 8,
  TEST: 9,
  TEST_LAYER: 10,
  TEST_FROM: 11,
  TEST_STEP: 12,
  TEST_POINTS: 13,
  TEST_PASSES: 14,
  TEST_LANES: 15,
  TEST_COUNTS: 64,
  LAYERS: 128,
} as const;

export const layerAddresses = {
  TRIM_GAIN: 0,
  TRIM_OFFSET: 1,
  TABLE_INDEX: 2,
  TABLE_DATA: 3,
  CLEAR: 4,
  WRITES: 5,
  WRITES_HIGH: 6,
  READS: 7,
  READS_HIGH: 8,
  RESETS: 9,
  RESETS_HIGH: 10,
  SPIKES: 11,
  SPIKES_HIGH: 12,
} as const;

export const layerStride = 16;
/** Potentials that one self-test can measure. */
export const testPoints = 64;
/** 'SPF' and the version of this map. */
export const mapId = 0x53504601;
export const counterBits = 40;
export const trimGainBits = 10;
export const phaseBits = 8;

type DeviceLayer = Omit<LayerPlan, 'neuron'> & { readonly neuron: DeviceNeuron };

/** Layers whose neurons behave like devices, in order: the layers of the map. */
export function deviceLayers(plan: Plan): DeviceLayer[] {
  return plan.layers.flatMap((layer) => (layer.neuron.kind === 'device' ? [{ ...layer, neuron: layer.neuron }] : []));
}

export function layerBase(index: number): number {
  return addresses.LAYERS + index * layerStride;
}

/** Width of the bus's word address. */
export function busAddressBits(plan: Plan): number {
  return unsignedBits(layerBase(deviceLayers(plan).length) - 1);
}

/** Bits of a trimmed potential: the gain is below 4. */
export function trimmedBits(layer: Pick<LayerPlan, 'accumulatorBits'>): number {
  return layer.accumulatorBits + 2;
}

/** What a core has, one bit each. */
export function featureBits(plan: Plan): number {
  if (plan.neuron.kind !== 'device') return 0;
  const { phases, counters, loadTable, faults, selfTest } = plan.neuron;
  const some = (has: (neuron: DeviceNeuron) => unknown) => deviceLayers(plan).some(({ neuron }) => has(neuron));
  const flags = [phases, counters, some(({ trim }) => trim), loadTable, faults, some((n) => n.variation), selfTest];
  return flags.reduce<number>((bits, flag, bit) => bits + (flag ? 2 ** bit : 0), 0);
}

type Draft = Pick<BusRegister, 'doc'> & Partial<Omit<BusRegister, 'name' | 'address'>>;

/** All registers of a core, by address; none where neurons are ideal. */
export function registerMap(plan: Plan): BusRegister[] {
  const device = plan.neuron;
  if (device.kind !== 'device') return [];
  const layers = deviceLayers(plan);
  return [
    ...coreRegisters(plan, device),
    ...layers.flatMap((layer, index) => layerRegisters(device, layer, layerBase(index))),
  ];
}

function register(name: string, address: number, draft: Draft): BusRegister {
  return { access: 'read-write', width: 32, signed: false, reset: 0, words: 1, ...draft, name, address };
}

function coreRegisters(plan: Plan, { phases, faults, selfTest }: DevicePlan): BusRegister[] {
  const core = (name: keyof typeof addresses, draft: Draft) => register(name, addresses[name], draft);
  const clocks = (what: string, reset: number): Draft => ({
    width: phaseBits,
    reset,
    doc: `Clocks of the ${what} phase; 0 is as 1.`,
  });
  const code = (what: string, reset: number): Draft => ({
    width: 16,
    reset,
    doc: `Probability in 1/65536 that ${what}; 65535 is always.`,
  });
  const layers = deviceLayers(plan).length;
  return [
    core('ID', { access: 'read', reset: mapId, doc: "'SPF' and the version of this map." }),
    core('FEATURES', {
      access: 'read',
      reset: featureBits(plan),
      doc: 'What the core has: phases, counters, trim, loadable table, faults, variation, self-test from bit 0.',
    }),
    ...(phases
      ? [
          core('FAST', { width: 1, reset: Number(phases.fast), doc: '1: write, read and reset in one clock.' }),
          core('WRITE_CLOCKS', clocks('write', phases.writeClocks)),
          core('READ_CLOCKS', clocks('read', phases.readClocks)),
          core('RESET_CLOCKS', clocks('reset', phases.resetClocks)),
        ]
      : []),
    ...(faults
      ? [
          core('READ_MISSED', code('a switched device is read as idle', faults.missed)),
          core('READ_FALSE', code('an idle device is read as switched', faults.falseRead)),
          core('RESET_FAILED', code('a reset has no effect', faults.failedReset)),
        ]
      : []),
    ...(selfTest
      ? [
          core('TEST', {
            width: 1,
            doc: 'Writing 1 starts a self-test; 1 while it runs. Its registers take no writes then.',
          }),
          ...(layers > 1
            ? [core('TEST_LAYER', { width: unsignedBits(layers - 1), doc: 'Layer under test, of those with neurons.' })]
            : []),
          core('TEST_FROM', { signed: true, doc: 'First potential.' }),
          core('TEST_STEP', { signed: true, doc: 'Distance of two potentials.' }),
          core('TEST_POINTS', { width: 7, doc: `Potentials, 1 to ${testPoints}.` }),
          core('TEST_PASSES', {
            width: 16,
            doc: 'Passes a potential: each draws every neuron of the layer in every lane.',
          }),
          core('TEST_LANES', {
            width: plan.timeSteps.lanes,
            reset: 2 ** plan.timeSteps.lanes - 1,
            doc: 'Time lanes whose spikes are counted, one bit each.',
          }),
          core('TEST_COUNTS', { access: 'read', words: testPoints, doc: 'Spikes at each potential.' }),
        ]
      : []),
  ];
}

function layerRegisters({ counters, loadTable }: DevicePlan, layer: DeviceLayer, base: number): BusRegister[] {
  const { table, trim } = layer.neuron;
  const own = (name: keyof typeof layerAddresses, draft: Draft) =>
    register(`${layer.name.toUpperCase()}_${name}`, base + layerAddresses[name], { ...draft, layer: layer.name });
  const counter = (name: 'WRITES' | 'READS' | 'RESETS' | 'SPIKES', doc: string) => [
    own(name, { access: 'read', doc: `${doc}, low 32 bits.` }),
    own(`${name}_HIGH`, { access: 'read', width: counterBits - 32, doc: `${doc}, high bits.` }),
  ];
  return [
    ...(trim
      ? [
          own('TRIM_GAIN', { width: trimGainBits, reset: trim.gain, doc: 'Factor of the potential, in 1/256.' }),
          own('TRIM_OFFSET', {
            width: trimmedBits(layer),
            signed: true,
            reset: trim.offset,
            doc: `Added to the potential, in 1/${2 ** layer.fractionBits}.`,
          }),
        ]
      : []),
    ...(loadTable
      ? [
          ...(table.length > 1
            ? [
                own('TABLE_INDEX', {
                  width: unsignedBits(table.length - 1),
                  doc: 'Next entry of the table to be written.',
                }),
              ]
            : []),
          own('TABLE_DATA', { access: 'write', width: 16, doc: 'Writes a code to the entry and goes on to the next.' }),
        ]
      : []),
    ...(counters
      ? [
          own('CLEAR', { access: 'write', width: 1, doc: "A write clears the layer's counters." }),
          ...counter('WRITES', 'Write pulses'),
          ...counter('READS', 'Reads'),
          ...counter('RESETS', 'Reset pulses'),
          ...counter('SPIKES', 'Spikes'),
        ]
      : []),
  ];
}
