/** Linear algebra over GF(2) that finds out linear generators. */

/** Length of the shortest LFSR that makes the bits (Berlekamp and Massey). */
export function linearComplexity(bits: readonly number[]): number {
  let current = 1n;
  let previous = 1n;
  let length = 0;
  let since = 1n;
  for (let n = 0; n < bits.length; n += 1) {
    let discrepancy = 0;
    for (let i = 0; i <= length; i += 1) {
      if ((current >> BigInt(i)) & 1n) discrepancy ^= bits[n - i]!;
    }
    if (discrepancy === 0) {
      since += 1n;
      continue;
    }
    const corrected = current ^ (previous << since);
    if (2 * length <= n) {
      previous = current;
      length = n + 1 - length;
      since = 1n;
    } else since += 1n;
    current = corrected;
  }
  return length;
}

/** Rank of a matrix whose rows are bit masks. */
export function rank(rows: readonly bigint[]): number {
  let rest = [...rows];
  let result = 0;
  while (rest.length > 0) {
    const pivot = rest.pop()!;
    if (pivot === 0n) continue;
    result += 1;
    const low = pivot & -pivot;
    rest = rest.map((row) => ((row & low) === 0n ? row : row ^ pivot));
  }
  return result;
}
