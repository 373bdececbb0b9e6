/** What a kind of neuron is to the planner: what a layer of them is made of. */
import type { LayerFacts } from '../planner/facts.ts';
import type { LayerContext } from '../planner/parts.ts';
import type { PlannedMemory } from '../planner/ram.ts';
import type { Terms } from '../planner/terms.ts';

/** Terms and memories. */
export interface Made {
  readonly terms: Terms;
  readonly memories: readonly PlannedMemory[];
}

export interface NeuronsMade extends Made {
  /** What their tables together show to whoever reads them for a checksum; absent where they are the host's to change. */
  readonly checked?: PlannedMemory;
}

/** A layer of neurons of a kind: each has a price. */
export type NeuronParts = (facts: LayerFacts, context: LayerContext) => NeuronsMade;
