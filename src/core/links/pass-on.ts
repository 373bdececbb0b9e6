/** Blocks in the way of a pass, which change its elements and let the rest through. */
import type { ModuleBuilder } from '../../hdl/index.ts';
import type { PassIn, PassOut, PotentialsIn } from './index.ts';

/** Lets through what goes with a pass, and back whether it is taken. */
export function passOn(m: ModuleBuilder, from: PassIn | PotentialsIn, to: PassOut): void {
  m.assign(to.active, from.active);
  m.assign(to.last, from.last);
  if (to.image && from.image) m.assign(to.image, from.image);
  m.assign(from.free, to.free);
  m.assign(from.committed, to.committed);
}
