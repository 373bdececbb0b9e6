/**
 * Linear algebra over GF(2) for the random streams: states are bit vectors, one word is a constant matrix, and a jump over
 * k words is that matrix to the power k.
 */

/** A square matrix over GF(2): row i is a bit mask of the columns that are XORed into output bit i. */
export interface Gf2Matrix {
  readonly size: number;
  readonly rows: readonly bigint[];
}

export function identity(size: number): Gf2Matrix {
  return { size, rows: Array.from({ length: size }, (_, i) => 1n << BigInt(i)) };
}

/** `a` after `b`: (a x b) v = a (b v). */
export function multiply(a: Gf2Matrix, b: Gf2Matrix): Gf2Matrix {
  const rows = a.rows.map((row) => {
    let product = 0n;
    for (let column = 0; column < a.size; column++) {
      if ((row >> BigInt(column)) & 1n) product ^= b.rows[column]!;
    }
    return product;
  });
  return { size: a.size, rows };
}

/** Repeated squaring; `exponent` >= 0. */
export function power(matrix: Gf2Matrix, exponent: bigint): Gf2Matrix {
  let result = identity(matrix.size);
  let square = matrix;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = multiply(square, result);
    if (rest > 1n) square = multiply(square, square);
  }
  return result;
}

/** One bit of a Fibonacci LFSR: state bit i is b[n+i], b[n+degree] = XOR of b[n+tap]. */
export function lfsrStep(degree: number, taps: readonly number[]): Gf2Matrix {
  const rows = Array.from({ length: degree }, (_, i) =>
    i < degree - 1 ? 1n << BigInt(i + 1) : taps.reduce((mask, tap) => mask | (1n << BigInt(tap)), 0n),
  );
  return { size: degree, rows };
}
