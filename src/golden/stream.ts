/**
 * Streams of random words as docs/microarchitecture.md defines them: an LFSR with b[n+32] = XOR of b[n+tap], state bit i is
 * b[n+i]. All functions are pure; states are unsigned 32-bit numbers.
 */
import type { StreamPlan } from '../plan/schema/index.ts';

type LfsrPlan = Pick<StreamPlan, 'taps' | 'leap'>;

/** The state after one word: every new bit depends on old bits only, because no tap is above 32 - leap. */
export function nextWord(state: number, stream: LfsrPlan): number {
  const { taps } = stream;
  let feedback = 0;
  for (let i = 0; i < taps.length; i += 1) feedback ^= state >>> taps[i]!;
  return ((state >>> stream.leap) | (feedback << (32 - stream.leap))) >>> 0;
}

/** The state after one bit. */
function nextBit(state: number, taps: readonly number[]): number {
  let feedback = 0;
  for (const tap of taps) feedback ^= state >>> tap;
  return ((state >>> 1) | (feedback << 31)) >>> 0;
}

/**
 * x^exponent modulo the stream's polynomial x^32 + sum of x^tap; bit i is the coefficient of x^i. `exponent` is not
 * negative and may exceed 2^53, so it is a BigInt.
 */
function powerOfX(exponent: bigint, taps: readonly number[]): number {
  let result = 1;
  for (const bit of exponent.toString(2)) {
    result = multiply(result, result, taps);
    if (bit === '1') result = timesX(result, taps);
  }
  return result;
}

function timesX(polynomial: number, taps: readonly number[]): number {
  let reduced = polynomial << 1;
  if (polynomial >>> 31 === 1) for (const tap of taps) reduced ^= 1 << tap;
  return reduced >>> 0;
}

function multiply(a: number, b: number, taps: readonly number[]): number {
  let product = 0;
  for (let bit = 31; bit >= 0; bit -= 1) {
    product = timesX(product, taps);
    if ((b >>> bit) & 1) product ^= a;
  }
  return product >>> 0;
}

/** A linear map that advances a stream by a fixed distance, as four tables by byte of the state. */
export class Jump {
  readonly #tables = new Uint32Array(4 * 256);

  /** Advances by `words` words; distances beyond 2^53 bits are exact too. */
  constructor(stream: LfsrPlan, words: bigint) {
    const coefficients = powerOfX(words * BigInt(stream.leap), stream.taps);
    for (let bit = 0; bit < 32; bit += 1) {
      const image = applyPolynomial(coefficients, (1 << bit) >>> 0, stream.taps);
      const byte = bit >> 3;
      const weight = 1 << (bit & 7);
      // Fill by doubling: entries weight..2*weight-1 are those below weight plus this bit's image.
      for (let low = 0; low < weight; low += 1) {
        this.#tables[byte * 256 + weight + low] = this.#tables[byte * 256 + low]! ^ image;
      }
    }
  }

  apply(state: number): number {
    const t = this.#tables;
    return (
      (t[state & 255]! ^
        t[256 + ((state >>> 8) & 255)]! ^
        t[512 + ((state >>> 16) & 255)]! ^
        t[768 + (state >>> 24)]!) >>>
      0
    );
  }
}

/** b[n+k] is the sum of c_i b[n+i] when x^k = sum of c_i x^i; the same combination holds for whole states. */
function applyPolynomial(coefficients: number, state: number, taps: readonly number[]): number {
  let result = 0;
  let advanced = state;
  for (let power = 0; power < 32; power += 1) {
    if ((coefficients >>> power) & 1) result ^= advanced;
    advanced = nextBit(advanced, taps);
  }
  return result >>> 0;
}

/** The state `words` words after the state `state`. */
export function jump(state: number, stream: LfsrPlan, words: bigint): number {
  return applyPolynomial(powerOfX(words * BigInt(stream.leap), stream.taps), state, stream.taps);
}
