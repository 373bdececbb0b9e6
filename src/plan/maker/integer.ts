/** The integer baseline: what a user would build without MTJs, 8-bit values from layer to layer. */

/** Largest value of a layer's output: 1 in real terms. */
const fullScale = 255;

interface TableShape {
  readonly zMin: number;
  readonly zStep: number;
  readonly entries: readonly number[];
}

/** Values 0..255 of the sigmoid at the mean potential of each entry of a table of this shape, potentials `potentialStep` apart. */
export function sigmoidTable({ zMin, zStep, entries }: TableShape, potentialStep: number): readonly number[] {
  const middle = Math.max(0, zStep - potentialStep) / 2;
  return entries.map((_, index) => Math.round(fullScale / (1 + Math.exp(-(zMin + index * zStep + middle)))));
}
