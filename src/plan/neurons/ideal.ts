/** Junctions of one draw. */
import { loadsMemories } from '../planner/equipment.ts';
import type { NeuronParts } from './contract.ts';
import { codeBits, drawTerms, tableOf } from './shared.ts';

export const idealParts: NeuronParts = (facts, context) => {
  const { passLanes, equipment } = context;
  const isRom = !loadsMemories(equipment);
  return {
    terms: drawTerms(facts, context),
    memories: Array.from({ length: passLanes }, () => tableOf(codeBits, isRom)),
    checked: tableOf(codeBits * passLanes, true),
  };
};
