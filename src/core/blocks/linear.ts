/** The streams' linear maps as hardware. */

import { concat, type UInt } from '../../hdl/index.ts';
import type { StreamPlan } from '../../plan/index.ts';
import { lfsrStep, power, streamDegree } from '../../plan/index.ts';

/**
 * The state one word later (leap-forward): the LFSR moved by `leap` bits at once. All taps lie below degree - leap, so each new bit
 * is the XOR of old ones.
 */
export function leapForward(state: UInt, stream: StreamPlan): UInt {
  const { taps, leap } = stream;
  const fresh = taps.map((tap) => state.slice(tap + leap - 1, tap)).reduce((sum, tapped) => sum.xor(tapped));
  return concat(fresh, state.slice(streamDegree - 1, leap));
}

/** The state `words` words later, as one constant matrix (LFSR step to the power words * leap). */
export function jumpForward(state: UInt, stream: StreamPlan, words: number): UInt {
  const matrix = power(lfsrStep(streamDegree, stream.taps), BigInt(words) * BigInt(stream.leap));
  const bits = matrix.rows.map((mask) => state.and(mask).reduceXor());
  return concat(...bits.reverse());
}
