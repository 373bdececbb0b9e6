/** What early exit adds to the blocks in front of the readout (docs/microarchitecture.md, "Early exit"). */
import { type Bool, bool, type ModuleBuilder, type UInt, uint } from '../../hdl/index.ts';
import type { Plan } from '../../plan/index.ts';
import { unsignedBits } from '../../plan/index.ts';

/** Bits of an image's number: more numbers than images that can be in the core at once. Undefined without early exit. */
export function imageNumberBits(plan: Plan): number | undefined {
  return plan.earlyExit === 'margin' ? unsignedBits(3 * plan.layers.length + 1) : undefined;
}

/** The readout's word that an image is answered. */
export interface Decision {
  readonly decided: Bool;
  readonly decidedImage: UInt;
}

/** Wires for the decision, made before the readout. */
export function decisionWires(m: ModuleBuilder, bits: number | undefined): Decision | undefined {
  if (bits === undefined) return undefined;
  return { decided: m.wire('decided', bool()), decidedImage: m.wire('decided_image', uint(bits)) };
}

export function decisionPorts(m: ModuleBuilder, bits: number): Decision {
  return {
    decided: m.input('decided', bool(), { doc: 'an image has its answer, the rest of it is dropped' }),
    decidedImage: m.input('decided_image', uint(bits), { doc: 'its number' }),
  };
}

/** A block's inputs from the decision, by port name. */
export function decisionInputs(decision: Decision | undefined): Readonly<Record<string, Bool | UInt>> {
  return decision ? { decided: decision.decided, decided_image: decision.decidedImage } : {};
}

export function isDropped({ decided, decidedImage }: Decision, image: UInt): Bool {
  return decided.and(image.equals(decidedImage));
}

/** The number of the image that enters the core. */
export interface ImageNumber {
  readonly number: UInt;
  readonly dropped: Bool;
  /** The image is over. */
  readonly end: () => void;
}

/** Ports and counter of a block that images enter by; undefined without early exit. */
export function imageNumber(m: ModuleBuilder, bits: number | undefined): ImageNumber | undefined {
  if (bits === undefined) return undefined;
  const decision = decisionPorts(m, bits);
  const out = m.output('image_number', uint(bits), { doc: 'of the image that the pass belongs to' });
  const number = m.register('image', uint(bits), { reset: 0 });
  m.assign(out, number);
  return {
    number,
    dropped: m.name('image_dropped', isDropped(decision, number)),
    end: () => m.next(number, number.addWrap(1)),
  };
}
