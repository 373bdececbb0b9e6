/** What a kind of engine is to the planner: which layers it suits, what it is made of, how many clocks it takes. */
import type { QuantisedLayer } from '../../network/index.ts';
import type { LayerFold } from '../maker/options.ts';
import type { LayerFacts } from '../planner/facts.ts';
import type { PlannedMemory } from '../planner/ram.ts';
import type { Terms } from '../planner/terms.ts';
import type { EnginePlan, Plan } from '../schema/index.ts';

/** A kind of engine in the plan, with its own fields. */
export type EngineOf<Kind extends EnginePlan['kind']> = Extract<EnginePlan, { kind: Kind }>;

/** A layer that a fold is meant for; `direct`: it reads pixels from the image buffer. */
export interface FoldedLayer<Engine = EnginePlan> {
  readonly layer: QuantisedLayer;
  readonly fold: LayerFold;
  readonly engine: Engine;
  readonly direct: boolean;
  /** For messages. */
  readonly where: string;
}

/** The time steps of a pass, and how many accumulators a neuron has for them. */
export interface PassContext {
  readonly passLanes: number;
  readonly timeLanes: number;
}

export interface EngineParts {
  readonly terms: Terms;
  readonly memories: readonly PlannedMemory[];
}

/** What the search wants a layer's engine to be like. */
export interface Wanted {
  readonly seeding: Plan['seeding'];
  /** Inputs that arrive at once. */
  readonly inputLanes: number;
}

export interface EngineKind<Kind extends EnginePlan['kind'] = EnginePlan['kind']> {
  /** Throws badInput when the layer cannot have such an engine. */
  readonly check: (folded: FoldedLayer<EngineOf<Kind>>) => void;
  /** Folds with this kind of engine that are worth looking at; none where another kind is always as good. */
  readonly folds: (facts: LayerFacts, wanted: Wanted) => readonly LayerFold[];
  /** What it is made of, beside accumulators and products: each has a price. */
  readonly parts: (facts: LayerFacts, fold: LayerFold, context: PassContext) => EngineParts;
  /**
   * Clocks of one pass. `activity` is the fraction of inputs that are not silent in all time steps of the pass; only event engines
   * profit from it.
   */
  readonly passCycles: (facts: LayerFacts, fold: LayerFold, passLanes: number, activity: number) => number;
}
