/** Linear feedback shift registers that move by many bits in a clock, and linear maps over GF(2). */
import { concat } from '../values/functions.ts';
import type { UInt } from '../values/signals.ts';

/**
 * The state of an LFSR (Fibonacci form, b[n + degree] = XOR of b[n + tap]; bit i of the state is b[n + i]) `leap` bits later. All taps
 * lie at or below degree - leap, so that each new bit is the XOR of old ones.
 */
export function leapForward(state: UInt, taps: readonly number[], leap: number): UInt {
  const fresh = taps.map((tap) => state.slice(tap + leap - 1, tap)).reduce((sum, tapped) => sum.xor(tapped));
  return concat(fresh, state.slice(state.width - 1, leap));
}

/** A constant matrix over GF(2) times the state: bit i of the result is the parity of the bits that row i picks. */
export function linearMap(state: UInt, rows: readonly bigint[]): UInt {
  return concat(...rows.map((mask) => state.and(mask).reduceXor()).reverse());
}
