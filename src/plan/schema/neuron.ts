/** Kinds of neuron: what a core's neurons have in common, and what each layer's have of their own. */
import { z } from 'zod';
import { code, count, integers, stream, width } from './parts.ts';

const clocks = z.int().min(0).max(255);

const phases = z
  .strictObject({ fast: z.boolean(), writeClocks: clocks, readClocks: clocks, resetClocks: clocks })
  .describe('Write, read and reset take clocks of their own, unless `fast` folds them into one.');

const faults = z
  .strictObject({ missed: code, falseRead: code, failedReset: code })
  .describe('A switched device is not read as such, an idle one is, a reset has no effect.');

export const neuron = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('ideal') }).describe('A clock a neuron; no register bus.'),
    z
      .strictObject({
        kind: z.literal('device'),
        phases: phases.nullable(),
        counters: z.boolean().describe('Writes, reads, resets and spikes are counted.'),
        loadTable: z.boolean().describe('The switching tables can be written.'),
        faults: faults.nullable(),
        selfTest: z.boolean().describe("The curve of a layer's neurons can be measured."),
      })
      .describe('Neurons behave like devices, and a register bus reaches them (docs/microarchitecture-device.md).'),
    z
      .strictObject({
        kind: z.literal('telegraph'),
        start: z
          .enum(['stationary', 'silent'])
          .describe('State before an image: drawn from the equilibrium at its first potential, or silent.'),
      })
      .describe(
        'Junctions that flip by themselves and keep their state between time steps (docs/microarchitecture-telegraph.md).',
      ),
    z
      .strictObject({ kind: z.literal('integer') })
      .describe(
        'The baseline without chance: 8-bit values go from layer to layer, each from a sigmoid table, and an image has one time step.',
      ),
  ])
  .describe('What all neurons of the core have in common.');

/** Potential v -> table[clamp(floor(v / 2^tableShift) + tableOffset)]; the length is a power of two. */
const place = {
  tableShift: z.int().min(-64).max(64).describe('Table address: floor(v / 2^tableShift) + tableOffset, clamped.'),
  tableOffset: z.int(),
};

const spiking = {
  stream,
  table: z
    .array(code)
    .min(1)
    .describe(
      'Codes by table address, a power of two of them; a neuron spikes if its code is 65535 or its word is below it.',
    ),
  ...place,
};

const trim = z
  .strictObject({
    gain: z.int().min(0).max(1023),
    offset: z.int().describe('In units of the potential, accumulatorBits + 2 bits with sign.'),
  })
  .describe('The neurons see floor(v * gain / 256) + offset in place of the potential v; values after reset.');

const variation = z
  .strictObject({
    gain: z.array(count).describe('In 1/256.'),
    offset: integers.describe('In 1/256 of a table entry; takes the place of tableOffset and contains it.'),
    stuck: z.array(z.int().min(0).max(2)).describe('0 works, 1 always spikes, 2 never does.'),
    gainBits: width.describe('Unsigned width that holds all gains.'),
    offsetBits: width.max(64).describe('Signed width that holds all offsets.'),
  })
  .describe(
    'A device of its own for each neuron in visiting order. Table address: floor((v * gain / 2^tableShift + offset) / 256), clamped.',
  );

export const layerNeuron = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('none') }).describe('The potentials go to the readout.'),
    z.strictObject({ kind: z.literal('ideal'), ...spiking }),
    z.strictObject({
      kind: z.literal('device'),
      ...spiking,
      trim: trim.nullable(),
      variation: variation.nullable(),
      faultStream: stream.nullable().describe('Words that decide over faults, two for each neuron; there with faults.'),
    }),
    z.strictObject({
      kind: z.literal('telegraph'),
      ...spiking,
      flip: z
        .array(code)
        .min(1)
        .describe('Codes by table address of a silent junction; `table` holds those of the equilibrium.'),
      stay: z.array(code).min(1).describe('Codes by table address of a spiking junction, none below its `flip`.'),
    }),
    z.strictObject({
      kind: z.literal('integer'),
      table: z.array(z.int().min(0).max(255)).min(1).describe('Values by table address, a power of two of them.'),
      ...place,
    }),
  ])
  .describe("What takes the layer's potentials: none, or neurons of the core's kind.");
