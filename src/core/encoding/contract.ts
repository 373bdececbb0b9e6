/** What a way of bringing images into the core is to it. */
import type { Bool, ModuleBuilder } from '../../hdl/index.ts';
import type { Plan } from '../../plan/index.ts';
import type { ImageOptions } from '../buffers/image.ts';
import type { PlacedEngine } from '../engines/contract.ts';
import type { FrameIn, ImageIn, PassIn } from '../links/index.ts';
import type { LockupIn } from '../monitors/links.ts';
import type { Stage } from '../stage.ts';

export interface EncodingKind {
  /** It draws random words. */
  readonly isRandom: boolean;
  /** How the image buffer in front of it keeps images for a core that begins with this layer. */
  readonly image: (plan: Plan, first: Stage) => ImageOptions;
  /** Places what stands between the image buffer and the first layer. */
  readonly place: (m: ModuleBuilder, plan: Plan, first: Stage, inputs: EncodingInputs) => EncodedImage;
}

export interface EncodingInputs {
  readonly image: ImageIn;
  /** Its random words pass over an image. */
  readonly skipImage: Bool;
  /** Who is told when its random words stand still. */
  readonly lockup: LockupIn | undefined;
}

/** Passes of spikes for the first layer's buffer, or the image itself as frames for its engine. */
export interface EncodedImage {
  readonly pass?: PassIn;
  readonly frame?: FrameIn;
  /** The readout's word, with early exit. */
  readonly decision: PlacedEngine['decision'];
}
