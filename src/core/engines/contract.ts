/** What a kind of engine is to the core. */
import type { LinkEnd, ModuleBuilder } from '../../hdl/index.ts';
import type { LayerPlan } from '../../plan/index.ts';
import type { FrameGeometry } from '../buffers/frame.ts';
import type { CarryIn, DecisionIn, FrameIn, PassOut, PotentialsIn } from '../links/index.ts';
import type { CheckIn } from '../monitors/links.ts';
import type { Stage } from '../stage.ts';

/** An engine with its input buffer, in the core. */
export interface PlacedEngine {
  /** Where the passes of the layer before come in; absent where the engine reads frames that were given. */
  readonly pass: PassOut | undefined;
  /** Its potentials, to its neurons or to the readout. */
  readonly potentials: PotentialsIn;
  /** Inputs that go on unchanged, where the layer carries channels. */
  readonly carried?: CarryIn | undefined;
  /** The readout's word, with early exit. */
  readonly decision: LinkEnd<'decision', 'to', DecisionFields> | undefined;
}
type DecisionFields = DecisionIn extends LinkEnd<'decision', 'from', infer F> ? F : never;

export interface EngineKind {
  /** The layer's input frame, with its padding. */
  readonly geometry: (stage: Stage) => FrameGeometry;
  /** Address distance of each position lane's element from the first one's. */
  readonly laneOffsets: (stage: Stage) => readonly number[];
  /** What its weight memory holds, row by row. */
  readonly weightRows: (layer: LayerPlan) => bigint[];
  /** Places buffer and engine. */
  readonly place: (m: ModuleBuilder, stage: Stage, inputs: EngineInputs) => PlacedEngine;
}

export interface EngineInputs {
  /** The image itself, in the buffer's place. */
  readonly frames: FrameIn | undefined;
  /** Who reads the weights for their checksum. */
  readonly check: CheckIn | undefined;
}
