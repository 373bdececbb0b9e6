/**
 * Random streams: polynomials with a proof of their period, and seeds.
 *
 * An LFSR of degree 32 runs through all 2^32-1 non-zero states exactly when its polynomial is primitive, that is when x has the full
 * order in GF(2)[x]/p: x^(2^32-1) = 1 and x^((2^32-1)/q) != 1 for each prime q that divides 2^32-1 = 3 * 5 * 17 * 257 * 65537.
 */
import type { StreamPlan } from '../schema/index.ts';

/** Degree of every stream's LFSR. */
export const streamDegree = 32;
/** Bits of one word, the width of the comparator. */
export const wordBits = 16;
/**
 * Bits that one word advances the LFSR: not below the comparator's width (fewer would make successive words share bits), and no
 * power of two, because the squaring map x -> x^2 leaves a bit's own recurrence unchanged. Coprime to 2^32-1, so no state is lost.
 */
export const streamLeap = 19;

const order = (1n << BigInt(streamDegree)) - 1n;
const orderPrimes = [3n, 5n, 17n, 257n, 65537n];

/** Whether x^32 + sum x^taps is primitive, by the order of x (see above). */
export function isPrimitive(taps: readonly number[]): boolean {
  const polynomial = taps.reduce((p, tap) => p ^ (1n << BigInt(tap)), 1n << BigInt(streamDegree));
  if (powerOfX(order, polynomial) !== 1n) return false;
  return orderPrimes.every((prime) => powerOfX(order / prime, polynomial) !== 1n);
}

function multiplyModulo(a: bigint, b: bigint, polynomial: bigint): bigint {
  let product = 0n;
  let shifted = a;
  for (let rest = b; rest > 0n; rest >>= 1n) {
    if (rest & 1n) product ^= shifted;
    shifted <<= 1n;
    if (shifted >> BigInt(streamDegree)) shifted ^= polynomial;
  }
  return product;
}

/** x^exponent modulo the polynomial. */
export function powerOfX(exponent: bigint, polynomial: bigint): bigint {
  let result = 1n;
  let square = 2n;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = multiplyModulo(result, square, polynomial);
    square = multiplyModulo(square, square, polynomial);
  }
  return result;
}

/** The first polynomial that primitiveTaps finds, which is the encoder's. */
export const firstTaps: readonly number[] = [0, 2, 3, 9];

/**
 * The first `count` primitive polynomials with inner taps up to 32 - leap, so that each new bit of a word is the XOR of bits
 * already in the state (one LUT a bit). Pentanomials first, then heptanomials. Every stream gets a polynomial of its own: sequences of different
 * primitive polynomials share no long stretch, whatever the seeds.
 */
export function primitiveTaps(count: number): number[][] {
  const found: number[][] = [];
  const highest = streamDegree - streamLeap;
  for (const innerTaps of [3, 5]) {
    for (const inner of combinations(highest, innerTaps)) {
      if (found.length === count) return found;
      const taps = [0, ...inner];
      if (isPrimitive(taps)) found.push(taps);
    }
  }
  return found;
}

function* combinations(highest: number, size: number, from = 1): Generator<number[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let first = from; first <= highest - size + 1; first++) {
    for (const rest of combinations(highest, size - 1, first + 1)) yield [first, ...rest];
  }
}

/** One stream for each entry of `wordsPerTimeStep`, with seeds drawn from `seed` (any unsigned 32-bit number). */
export function planStreams(wordsPerTimeStep: readonly number[], seed: number): StreamPlan[] {
  const taps = primitiveTaps(wordsPerTimeStep.length);
  let state = seed >>> 0;
  return wordsPerTimeStep.map((words, index) => {
    let streamSeed = 0;
    while (streamSeed === 0) {
      state = (state + 0x9e3779b9) >>> 0;
      streamSeed = mix(state);
    }
    return { taps: taps[index % taps.length]!, leap: streamLeap, seed: streamSeed, wordsPerTimeStep: words };
  });
}

/** The 32-bit finaliser of MurmurHash3 (public domain): a bijection that scatters neighbouring numbers. */
function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
