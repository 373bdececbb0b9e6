/** The streams' linear maps as hardware. */
import { leapForward, linearMap, type UInt } from '../../hdl/index.ts';
import { lfsrStep, power, type StreamPlan, streamDegree } from '../../plan/index.ts';

/** The state `words` words later: one leap, or one constant matrix (an LFSR's step to the power words * leap). */
export function wordsLater(state: UInt, { taps, leap }: StreamPlan, words: number): UInt {
  if (words === 1) return leapForward(state, taps, leap);
  return linearMap(state, power(lfsrStep(streamDegree, taps), BigInt(words) * BigInt(leap)).rows);
}
