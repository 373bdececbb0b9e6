/** What kinds of neurons have in common. */
import { coveredPositions } from '../engines/index.ts';
import type { LayerFacts } from '../planner/facts.ts';
import type { LayerContext } from '../planner/parts.ts';
import type { PlannedMemory } from '../planner/ram.ts';
import type { Terms } from '../planner/terms.ts';

/** z = v * 2^-fractionBits is looked up in steps of 1/16 (src/device, switchingTable). */
const tableStepBits = 4;
const tableEntries = 256;
/** Bits of a probability. */
export const codeBits = 16;

/** A table with a word for each address of a potential. */
export function tableOf(width: number, isRom: boolean): PlannedMemory {
  return { depth: tableEntries, width, isRom };
}

/** Those of a layer that draw in a time step. */
export function neuronsOf({ layer }: LayerFacts): number {
  return coveredPositions(layer) * layer.output.channels;
}

/** Bits of a potential beyond those that the table tells apart. */
export function bitsAbove({ layer, width }: LayerFacts): number {
  return Math.max(1, width - Math.max(0, layer.fractionBits - tableStepBits));
}

/** Random words of a layer, or of the encoder. */
export function streamTerms(lanes: number, seeding: LayerContext['seeding']): Terms {
  return seeding === 'none' ? { unseededStream: 1 } : { seeder: 1, loadedLane: lanes };
}

/** A draw in each time lane, with its words. */
export function drawTerms(facts: LayerFacts, { passLanes, seeding }: LayerContext): Terms {
  return { neuron: passLanes, neuronBit: passLanes * bitsAbove(facts), ...streamTerms(passLanes, seeding) };
}
