/** How many block RAMs a memory takes. */

/** Shapes of one block RAM: words x bits. */
export interface RamFamily {
  readonly name: string;
  readonly shapes: readonly { readonly depth: number; readonly width: number }[];
  /** ROMs up to this many bits become LUTs. */
  readonly romLutBits: number;
}

/** iCE40: 4 kbit, four shapes (Lattice, Memory Usage Guide for iCE40, table 1). */
export const ice40Ram: RamFamily = {
  name: 'SB_RAM40_4K',
  shapes: [
    { depth: 256, width: 16 },
    { depth: 512, width: 8 },
    { depth: 1024, width: 4 },
    { depth: 2048, width: 2 },
  ],
  romLutBits: 2048,
};

/** Fewest blocks of one shape that hold depth x width bits. */
export function ramBlocks(family: RamFamily, depth: number, width: number): number {
  return Math.min(...family.shapes.map((shape) => Math.ceil(depth / shape.depth) * Math.ceil(width / shape.width)));
}
