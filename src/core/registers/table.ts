/**
 * The registers behind a core's bus, each written once: addresses, the hardware's decoder, `registers.json`, the bindings, the C header,
 * SystemRDL and docs/registers.md are made from these rows. The golden model has its own list, from that page.
 */
import { type DeviceNeuron, type DevicePlan, type LayerPlan, type Plan, unsignedBits } from '../../plan/index.ts';

export type DeviceLayer = Omit<LayerPlan, 'neuron'> & { readonly neuron: DeviceNeuron };

/** What a row is asked about. */
export interface CoreScope {
  readonly plan: Plan;
  readonly device: DevicePlan;
  readonly layers: readonly DeviceLayer[];
}

/** The same for a register that each layer has. */
export interface LayerScope {
  readonly device: DevicePlan;
  readonly layer: DeviceLayer;
}

export interface Row<Scope> {
  /** Word address; of a layer's registers, from the layer's base. */
  readonly address: number;
  /** Default 'read-write'. */
  readonly access?: 'read' | 'write';
  /** Bits; a function where they depend on the core, then `bits` says how. Default 32. */
  readonly width?: number | ((scope: Scope) => number);
  readonly bits?: string;
  readonly signed?: true;
  /** Default 0. */
  readonly reset?: (scope: Scope) => number;
  /** Cores that have it; all when absent. */
  readonly has?: (scope: Scope) => boolean;
  /** Words of a row of equal registers, default 1. */
  readonly words?: number;
  readonly doc: string;
  /** With what only a core can tell. */
  readonly docOf?: (scope: Scope) => string;
}

/** Potentials that one self-test can measure. */
export const testPoints = 64;
/** 'SPF' and the version of this map. */
export const mapId = 0x53504601;
export const counterBits = 40;
export const trimGainBits = 10;
export const phaseBits = 8;
/** Where the registers of the first layer begin, and how far apart those of two layers are. */
export const layersAddress = 128;
export const layerStride = 16;

/** Bits of a trimmed potential: the gain is below 4. */
export function trimmedBits(layer: Pick<LayerPlan, 'accumulatorBits'>): number {
  return layer.accumulatorBits + 2;
}

/** What a core has, one bit each. */
function featureBits({ device, layers }: CoreScope): number {
  const { phases, counters, loadTable, faults, selfTest } = device;
  const some = (has: (neuron: DeviceNeuron) => unknown) => layers.some(({ neuron }) => has(neuron));
  const flags = [phases, counters, some(({ trim }) => trim), loadTable, faults, some((n) => n.variation), selfTest];
  return flags.reduce<number>((bits, flag, bit) => bits + (flag ? 2 ** bit : 0), 0);
}

const phase = (address: number, name: 'write' | 'read' | 'reset') =>
  ({
    address,
    width: phaseBits,
    has: ({ device }) => device.phases !== null,
    reset: ({ device }) => device.phases![`${name}Clocks`],
    doc: `Clocks of the ${name} phase; 0 is as 1.`,
  }) satisfies Row<CoreScope>;

const fault = (address: number, name: 'missed' | 'falseRead' | 'failedReset', what: string) =>
  ({
    address,
    width: 16,
    has: ({ device }) => device.faults !== null,
    reset: ({ device }) => device.faults![name],
    doc: `Probability in 1/65536 that ${what}; 65535 is always.`,
  }) satisfies Row<CoreScope>;

const tested = ({ device }: CoreScope) => device.selfTest;

/** Registers of the core. */
export const coreRows = {
  ID: { address: 0, access: 'read', reset: () => mapId, doc: "0x53504601: 'SPF' and the version of this map." },
  FEATURES: {
    address: 1,
    access: 'read',
    reset: featureBits,
    doc: 'What the core has: phases, counters, trim, loadable table, faults, variation, self-test from bit 0.',
  },
  FAST: {
    address: 2,
    width: 1,
    has: ({ device }) => device.phases !== null,
    reset: ({ device }) => Number(device.phases!.fast),
    doc: '1: write, read and reset in one clock. Taken over between two neurons.',
  },
  WRITE_CLOCKS: phase(3, 'write'),
  READ_CLOCKS: phase(4, 'read'),
  RESET_CLOCKS: phase(5, 'reset'),
  READ_MISSED: fault(6, 'missed', 'a switched device is read as idle'),
  READ_FALSE: fault(7, 'falseRead', 'an idle device is read as switched'),
  RESET_FAILED: fault(8, 'failedReset', 'a reset has no effect'),
  TEST: {
    address: 9,
    width: 1,
    has: tested,
    doc: 'Writing 1 starts a self-test; 1 while it runs. Its registers take no writes then.',
  },
  TEST_LAYER: {
    address: 10,
    width: ({ layers }) => unsignedBits(layers.length - 1),
    bits: 'of the number of layers',
    has: (scope) => tested(scope) && scope.layers.length > 1,
    doc: 'Layer under test, of those with neurons.',
  },
  TEST_FROM: { address: 11, signed: true, has: tested, doc: 'First potential, in units of the accumulator.' },
  TEST_STEP: { address: 12, signed: true, has: tested, doc: 'Distance of two potentials.' },
  TEST_POINTS: {
    address: 13,
    width: unsignedBits(testPoints),
    has: tested,
    doc: `Potentials, 1 to ${testPoints}.`,
  },
  TEST_PASSES: {
    address: 14,
    width: 16,
    has: tested,
    doc: 'Passes a potential: each draws every neuron of the layer in every lane.',
  },
  TEST_LANES: {
    address: 15,
    width: ({ plan }) => plan.timeSteps.lanes,
    bits: 'time lanes',
    has: tested,
    reset: ({ plan }) => 2 ** plan.timeSteps.lanes - 1,
    doc: 'Time lanes whose spikes are counted, one bit each.',
  },
  TEST_COUNTS: { address: 64, access: 'read', words: testPoints, has: tested, doc: 'Spikes at each potential.' },
} as const satisfies Readonly<Record<string, Row<CoreScope>>>;

const counted = ({ device }: LayerScope) => device.counters;
const low = (address: number, what: string) =>
  ({ address, access: 'read', has: counted, doc: `${what}, low 32 bits.` }) satisfies Row<LayerScope>;
const high = (address: number, what: string) =>
  ({
    ...{ address, access: 'read', width: counterBits - 32, has: counted },
    doc: `${what}, high bits.`,
  }) satisfies Row<LayerScope>;

/** Registers of each layer whose neurons behave like devices. */
export const layerRows = {
  TRIM_GAIN: {
    address: 0,
    width: trimGainBits,
    has: ({ layer }) => layer.neuron.trim !== null,
    reset: ({ layer }) => layer.neuron.trim!.gain,
    doc: 'Factor of the potential, in 1/256.',
  },
  TRIM_OFFSET: {
    address: 1,
    width: ({ layer }) => trimmedBits(layer),
    bits: 'accumulator + 2',
    signed: true,
    has: ({ layer }) => layer.neuron.trim !== null,
    reset: ({ layer }) => layer.neuron.trim!.offset,
    doc: "Added to the potential, in the layer's units of it.",
    docOf: ({ layer }) => `Added to the potential, in 1/${2 ** layer.fractionBits}.`,
  },
  TABLE_INDEX: {
    address: 2,
    width: ({ layer }) => unsignedBits(layer.neuron.table.length - 1),
    bits: "of the table's address",
    has: ({ device, layer }) => device.loadTable && layer.neuron.table.length > 1,
    doc: 'Next entry of the table to be written.',
  },
  TABLE_DATA: {
    address: 3,
    access: 'write',
    width: 16,
    has: ({ device }) => device.loadTable,
    doc: 'Writes a code to the entry and goes on to the next.',
  },
  CLEAR: { address: 4, access: 'write', width: 1, has: counted, doc: "A write clears the layer's counters." },
  WRITES: low(5, 'Write pulses'),
  WRITES_HIGH: high(6, 'Write pulses'),
  READS: low(7, 'Reads'),
  READS_HIGH: high(8, 'Reads'),
  RESETS: low(9, 'Reset pulses'),
  RESETS_HIGH: high(10, 'Reset pulses'),
  SPIKES: low(11, 'Spikes'),
  SPIKES_HIGH: high(12, 'Spikes'),
} as const satisfies Readonly<Record<string, Row<LayerScope>>>;

export type CoreRegisterName = keyof typeof coreRows;
export type LayerRegisterName = keyof typeof layerRows;

/** The rows as a table in Markdown. */
export function registersPage(): string {
  const line = (at: string, name: string, { access, width = 32, bits, signed, doc, words = 1 }: Row<never>) => {
    const shown = `${typeof width === 'number' ? width : bits}${signed ? ', signed' : ''}`;
    return `| ${at}${words > 1 ? ` and the ${words - 1} after it` : ''} | ${name} | ${access ?? 'read, write'} | ${shown} | ${doc} |`;
  };
  return [
    '| word | name | access | bits | |',
    '| --- | --- | --- | --- | --- |',
    ...Object.entries<Row<never>>(coreRows).map(([name, row]) => line(String(row.address), name, row)),
    `| ${layersAddress} + ${layerStride} i | | | | layer i of those with neurons: |`,
    ...Object.entries<Row<never>>(layerRows).map(([name, row]) => line(`+ ${row.address}`, name, row)),
  ].join('\n');
}
