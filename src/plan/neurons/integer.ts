/** Values in place of spikes. */
import { loadsMemories } from '../planner/equipment.ts';
import type { NeuronParts } from './contract.ts';
import { bitsAbove, tableOf } from './shared.ts';

const valueBits = 8;

export const integerParts: NeuronParts = (facts, { equipment }) => ({
  terms: { integerNeuron: 1, neuronBit: bitsAbove(facts) },
  memories: [tableOf(valueBits, !loadsMemories(equipment))],
  checked: tableOf(valueBits, true),
});
