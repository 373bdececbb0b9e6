/**
 * The field with 2^32 elements behind an LFSR, to prove where in its sequence a state lies. A state is s = c(T) r with T the step by one bit, r a
 * reference state and c a polynomial of degree below 32; T^d r has c = x^d modulo the LFSR's polynomial. The group's order
 * 2^32 - 1 = 3 * 5 * 17 * 257 * 65537 has small factors only, so that logarithms are quickly found (Pohlig and Hellman).
 */

export const order = 2n ** 32n - 1n;
const factors = [3n, 5n, 17n, 257n, 65537n];

/** x^32 + the sum of x^tap, as bits. */
function modulus(taps: readonly number[]): bigint {
  return taps.reduce((sum, tap) => sum ^ (1n << BigInt(tap)), 1n << 32n);
}

export function multiply(a: bigint, b: bigint, taps: readonly number[]): bigint {
  const reduction = modulus(taps);
  let product = 0n;
  let shifted = a;
  for (let rest = b; rest > 0n; rest >>= 1n) {
    if (rest & 1n) product ^= shifted;
    shifted <<= 1n;
    if (shifted >> 32n) shifted ^= reduction;
  }
  return product;
}

export function power(base: bigint, exponent: bigint, taps: readonly number[]): bigint {
  let result = 1n;
  let square = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = multiply(result, square, taps);
    square = multiply(square, square, taps);
  }
  return result;
}

/** The order of x, from the factors of the group's order. 2^32 - 1 exactly when the polynomial is primitive. */
export function orderOfX(taps: readonly number[]): bigint {
  if (power(2n, order, taps) !== 1n) return 0n;
  let result = order;
  for (const factor of factors) {
    if (power(2n, result / factor, taps) === 1n) result /= factor;
  }
  return result;
}

/** One bit of the LFSR, straight from the recurrence b[n+32] = XOR of b[n+tap]. */
export function step(state: number, taps: readonly number[]): number {
  let feedback = 0;
  for (const tap of taps) feedback ^= state >>> tap;
  return ((state >>> 1) | ((feedback & 1) << 31)) >>> 0;
}

/** Bits from state `from` to state `to`, 0..2^32-2. Both must not be 0, the polynomial must be primitive. */
export function distance(from: number, to: number, taps: readonly number[]): bigint {
  const element = coordinates(from, to, taps);
  let result = 0n;
  for (const factor of factors) {
    // In the subgroup of this order the logarithm modulo the factor is found by trying.
    const share = order / factor;
    const generator = power(2n, share, taps);
    const wanted = power(element, share, taps);
    let exponent = 0n;
    for (let candidate = 1n; candidate !== wanted; candidate = multiply(candidate, generator, taps)) exponent += 1n;
    // Chinese remainders: `share` is a multiple of all other factors.
    result += exponent * share * inverse(share % factor, factor);
  }
  return result % order;
}

/** The polynomial c with to = c(T) from: 32 linear equations over GF(2). */
function coordinates(from: number, to: number, taps: readonly number[]): bigint {
  // Rows: state T^i from in the low half, the unit vector i in the high half.
  const rows: bigint[] = [];
  let state = from;
  for (let i = 0n; i < 32n; i += 1n) {
    rows.push(BigInt(state) | (1n << (32n + i)));
    state = step(state, taps);
  }
  let rest = BigInt(to);
  for (let bit = 0n; bit < 32n; bit += 1n) {
    const index = rows.findIndex((row) => (row >> bit) & 1n);
    if (index < 0) throw new Error('the states of an LFSR in a row are not independent: its polynomial is reducible');
    const [pivot] = rows.splice(index, 1);
    for (const [i, row] of rows.entries()) if ((row >> bit) & 1n) rows[i] = row ^ pivot!;
    if ((rest >> bit) & 1n) rest ^= pivot!;
  }
  return rest >> 32n;
}

function inverse(value: bigint, prime: bigint): bigint {
  let result = 1n;
  for (let i = 0n; i < prime - 2n; i += 1n) result = (result * value) % prime;
  return result;
}
