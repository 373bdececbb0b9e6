/** Polynomials over GF(2) as BigInts, bit i the coefficient of x^i: the plain way, for checking the fast one. */

export function remainder(a: bigint, modulus: bigint): bigint {
  const degree = modulus.toString(2).length;
  let rest = a;
  for (let length = rest.toString(2).length; length >= degree && rest !== 0n; length = rest.toString(2).length) {
    rest ^= modulus << BigInt(length - degree);
  }
  return rest;
}

export function product(a: bigint, b: bigint, modulus: bigint): bigint {
  let sum = 0n;
  for (let shift = 0n; b >> shift !== 0n; shift += 1n) if ((b >> shift) & 1n) sum ^= a << shift;
  return remainder(sum, modulus);
}

export function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = product(result, result, modulus);
    if (bit === '1') result = product(result, base, modulus);
  }
  return result;
}

/** x^32 + sum of x^tap. */
export function modulusOf(taps: readonly number[]): bigint {
  return taps.reduce((sum, tap) => sum | (1n << BigInt(tap)), 1n << 32n);
}

/** Primitive of degree 32: x has the order 2^32 - 1 = 3 * 5 * 17 * 257 * 65537. */
export function isPrimitive(taps: readonly number[]): boolean {
  const modulus = modulusOf(taps);
  const order = 2n ** 32n - 1n;
  if (power(2n, order, modulus) !== 1n) return false;
  return [3n, 5n, 17n, 257n, 65537n].every((factor) => power(2n, order / factor, modulus) !== 1n);
}
