/** The kinds of neuron, for those who plan. */
import type { Equipment } from '../planner/equipment.ts';
import { hasDevices } from '../planner/equipment.ts';
import type { LayerFacts } from '../planner/facts.ts';
import type { LayerContext } from '../planner/parts.ts';
import type { NeuronPlan } from '../schema/index.ts';
import type { NeuronParts, NeuronsMade } from './contract.ts';
import { deviceParts } from './device.ts';
import { idealParts } from './ideal.ts';
import { integerParts } from './integer.ts';
import { telegraphParts } from './telegraph.ts';

export type { Made } from './contract.ts';
export { streamTerms } from './shared.ts';

/** By the plan's word for each. */
const kinds: Readonly<Record<NeuronPlan['kind'], NeuronParts>> = {
  ideal: idealParts,
  device: deviceParts,
  telegraph: telegraphParts,
  integer: integerParts,
};

function kindOf({ isInteger }: LayerFacts, equipment: Equipment): NeuronPlan['kind'] {
  if (isInteger) return 'integer';
  return equipment.neuron?.kind ?? (hasDevices(equipment) ? 'device' : 'ideal');
}

/** Terms and memories of a layer's neurons. */
export function neuronParts(facts: LayerFacts, context: LayerContext): NeuronsMade {
  return kinds[kindOf(facts, context.equipment)](facts, context);
}
