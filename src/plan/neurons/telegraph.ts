/** Telegraphic neurons: each lane works out both cases of its time step; the first one a third, where images begin in equilibrium. */
import { bits, sumOfTerms } from '../planner/terms.ts';
import type { NeuronParts } from './contract.ts';
import { codeBits, drawTerms, neuronsOf, tableOf } from './shared.ts';

export const telegraphParts: NeuronParts = (facts, context) => {
  const { passLanes, equipment } = context;
  const tables = 2 * passLanes + (equipment.neuron?.start === 'stationary' ? 1 : 0);
  const count = neuronsOf(facts);
  return {
    terms: sumOfTerms([drawTerms(facts, context), { stateTable: tables, counterBit: bits(count) }]),
    memories: [
      ...Array.from({ length: tables }, () => tableOf(codeBits, true)),
      { depth: count, width: 1, isRom: false },
    ],
    checked: tableOf(codeBits * tables, true),
  };
};
