/** What early exit adds to the blocks in front of the readout (docs/microarchitecture.md, "Early exit"). */
import { type Bool, bool, lit, type ModuleBuilder, type UInt, uint } from '../../hdl/index.ts';
import type { DecisionIn } from '../links/index.ts';

/** Whether the image of this number has its answer, and the rest of it is to be dropped. */
export function isDropped({ decided, image }: DecisionIn, number: UInt): Bool {
  return decided.and(number.equals(image));
}

/** The number of the image that enters the core. */
export interface ImageNumber {
  readonly number: UInt | undefined;
  /** It has its answer already. */
  readonly dropped: Bool;
  /** The image is over. */
  readonly end: () => void;
}

/** Numbers images where they enter; without early exit nobody asks. */
export function imageNumber(m: ModuleBuilder, decision: DecisionIn | undefined): ImageNumber {
  if (decision === undefined) return { number: undefined, dropped: lit(0, bool()), end: () => undefined };
  const number = m.register('image', uint(decision.image.width), { reset: 0 });
  return {
    number,
    dropped: m.name('image_dropped', isDropped(decision, number)),
    end: () => m.next(number, number.addWrap(1)),
  };
}
