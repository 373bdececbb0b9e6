/**
 * Monotone (isotonic) least squares by pool-adjacent-violators: the non-decreasing sequence nearest to `values`.
 * Source: Barlow, Bartholomew, Bremner and Brunk, Statistical Inference under Order Restrictions, 1972.
 */
export function isotonic(values: readonly number[], weights?: readonly number[]): number[] {
  const blocks: { mean: number; weight: number; length: number }[] = [];
  for (let i = 0; i < values.length; i += 1) {
    let block = { mean: values[i]!, weight: weights?.[i] ?? 1, length: 1 };
    for (let before = blocks.at(-1); before !== undefined && before.mean > block.mean; before = blocks.at(-1)) {
      const weight = before.weight + block.weight;
      block = {
        mean: (before.mean * before.weight + block.mean * block.weight) / weight,
        weight,
        length: before.length + block.length,
      };
      blocks.pop();
    }
    blocks.push(block);
  }
  return blocks.flatMap((block) => Array.from({ length: block.length }, () => block.mean));
}
