/** Both sides of the ledger: every function of the chip, who does it on each side, and what it costs. */
import type { Plan } from '../plan/index.ts';
import type { Values } from './assumptions.ts';
import type { ChipEstimate } from './chip.ts';
import type { DigitalEstimate } from './digital.ts';

/** How a figure came about. `not modelled`: the measured CMOS block stands in, and its bar reaches from nothing to that block. */
export type Basis = 'computed' | 'measured' | 'assumed' | 'not modelled';

/** Joules for each image. */
export interface LedgerLine {
  readonly function: LedgerFunction;
  readonly scope: 'neuron' | 'synapse' | 'rest';
  readonly mtj: { readonly energyJ: number; readonly basis: Basis; readonly by: string };
  readonly cmos: { readonly energyJ: number; readonly basis: Basis; readonly by: string };
}

export const ledgerFunctions = [
  'neurons',
  'synapses',
  'encoder',
  'image memory',
  'buffers, window selection',
  'pools',
  'readout',
  'sequencing',
  'clock and pulses',
] as const;

export type LedgerFunction = (typeof ledgerFunctions)[number];

/** What a block under the top of a CMOS core does, by its name in docs/microarchitecture.md. */
export function blockFunction(name: string, plan: Plan): LedgerFunction {
  if (name === 'image_buffer') return 'image memory';
  if (name === 'encoder') return 'encoder';
  if (name === 'readout') return 'readout';
  for (const layer of plan.layers) {
    if (name === layer.name) return 'synapses';
    if (name === `${layer.name}_neurons`) return 'neurons';
    if (name === `${layer.name}_pool`) return 'pools';
    if (name === `${layer.name}_buffer`) return 'buffers, window selection';
  }
  return 'sequencing';
}

/** The analog chip as it was estimated, `digital` the CMOS core that it stands beside and whose blocks it shares; `plan` is the core's. */
export function ledger(
  chip: ChipEstimate,
  digital: DigitalEstimate,
  plan: Plan,
  shares: Values<'chip'>,
): readonly LedgerLine[] {
  const block = (name: LedgerFunction) =>
    digital.blocks
      .filter((each) => blockFunction(each.name, plan) === name)
      .reduce((sum, { totalJ }) => sum + totalJ, 0);
  const layer = (name: string) => chip.layers.find((each) => each.name === name)?.totalJ ?? 0;
  const encoderJ = layer('encoder');
  const readoutJ = layer('readout');
  const borrowed = (name: LedgerFunction, share: number, ownJ = 0) => ({
    energyJ: ownJ + share * block(name),
    basis: 'not modelled' as const,
    by: `${ownJ > 0 ? 'devices and converters, and ' : ''}${Number((100 * share).toPrecision(3))} % of the CMOS block`,
  });
  const mtj: Record<LedgerFunction, LedgerLine['mtj']> = {
    neurons: { energyJ: chip.neuronsJ, basis: 'computed', by: 'junctions: write, read, reset, spike register' },
    synapses: {
      energyJ: chip.neuronsAndSynapsesJ - chip.neuronsJ,
      basis: 'computed',
      by: 'crossbars, row wires, column clamps',
    },
    encoder: borrowed('encoder', shares.encoderShare, encoderJ),
    'image memory': borrowed('image memory', shares.imageMemoryShare),
    'buffers, window selection': borrowed('buffers, window selection', shares.buffersShare),
    pools: borrowed('pools', shares.poolsShare),
    readout: borrowed('readout', shares.readoutShare, readoutJ),
    sequencing: borrowed('sequencing', shares.sequencingShare),
    'clock and pulses': {
      energyJ: shares.pulseClockShare * chip.totalJ,
      basis: 'not modelled',
      by: `${Number((100 * shares.pulseClockShare).toPrecision(3))} % of everything analog`,
    },
  };
  return ledgerFunctions.map((name) => ({
    function: name,
    scope: name === 'neurons' ? 'neuron' : name === 'synapses' ? 'synapse' : 'rest',
    mtj: mtj[name],
    cmos:
      name === 'clock and pulses'
        ? { energyJ: 0, basis: 'assumed', by: 'within the blocks: an ideal clock, cmos.clockTreeScale' }
        : { energyJ: block(name), basis: 'measured', by: 'the netlist on real images' },
  }));
}

/** Joules of one side. */
export function ledgerTotal(lines: readonly LedgerLine[], side: 'mtj' | 'cmos'): number {
  return lines.reduce((sum, line) => sum + line[side].energyJ, 0);
}
