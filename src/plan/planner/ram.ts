/** Where yosys puts a memory (its memory_libmap): into block RAMs, into RAMs made of LUTs, or into logic, whatever it counts as cheapest. */

export interface RamFamily {
  readonly name: string;
  /** Shapes of one block RAM, words x bits; deepest first. */
  readonly shapes: readonly { readonly depth: number; readonly width: number }[];
  /** What yosys counts a block as, when a bit of a ROM in logic counts 1/16. */
  readonly blockCost: number;
  /** What it counts a bit of a RAM in logic as. */
  readonly logicCost: number;
  /** RAMs of 16 words of 4 bits in LUTs, and what yosys counts one as; only where the family has them. */
  readonly distributedCost?: number;
  /** LUTs for each block on a usual part: what a block is worth where LUTs and blocks are weighed against each other. */
  readonly lutsBeside: number;
}

export interface PlannedMemory {
  readonly depth: number;
  readonly width: number;
  /** Never written. */
  readonly isRom: boolean;
  /** Of a ROM: the share of its contents that are not 0 by design; absent: all. */
  readonly filled?: number;
}

export type MemoryPlace =
  | { readonly kind: 'logic' }
  | { readonly kind: 'distributed'; readonly cells: number }
  | {
      readonly kind: 'blocks';
      readonly blocks: number;
      /** Blocks that share the words: a multiplexer chooses among them. */
      readonly rows: number;
    };

/**
 * iCE40: 4 kbit, four shapes (Lattice, Memory Usage Guide for iCE40, table 1; costs of yosys 0.23, ice40/brams.txt); yosys makes a fifth
 * one of write masks and a multiplexer.
 */
export const ice40Ram: RamFamily = {
  name: 'SB_RAM40_4K',
  shapes: [
    { depth: 4096, width: 1 },
    { depth: 2048, width: 2 },
    { depth: 1024, width: 4 },
    { depth: 512, width: 8 },
    { depth: 256, width: 16 },
  ],
  blockCost: 64,
  // UP5K: 5,280 LUTs, 30 blocks.
  lutsBeside: 176,
  // src/flow/synthesis/targets.ts
  logicCost: 2,
};

/** ECP5: 18 kbit, six shapes (Lattice FPGA-TN-02204, table 2.1; costs of yosys 0.23, ecp5/brams.txt and lutrams.txt). */
export const ecp5Ram: RamFamily = {
  name: 'DP16KD',
  shapes: [
    { depth: 16384, width: 1 },
    { depth: 8192, width: 2 },
    { depth: 4096, width: 4 },
    { depth: 2048, width: 9 },
    { depth: 1024, width: 18 },
    { depth: 512, width: 36 },
  ],
  blockCost: 128,
  logicCost: 1,
  distributedCost: 4,
  // LFE5U-85F: 83,640 LUTs, 208 blocks.
  lutsBeside: 402,
};

/** What yosys adds for the output register, which no cell has quite as the Verilog says it (its memory_libmap, FACTOR_EMU). */
const emulationCost = 2;
/** What it counts a bit that is chosen among rows of cells (FACTOR_MUX), and a row that is chosen for writing (FACTOR_DEMUX). */
const choiceCost = 0.5;

export function placeMemory(family: RamFamily, memory: PlannedMemory): MemoryPlace {
  const { depth, width, isRom } = memory;
  const logicCost = depth * width * (isRom ? 1 / 16 : family.logicCost);
  const choosing = (rows: number) => choiceCost * (rows - 1) * (width + (isRom ? 0 : 1)) + emulationCost;
  const { blocks, rows, cost: blockCost } = cheapestBlocks(family, memory, choosing);
  const cellRows = Math.ceil(depth / 16);
  const cells = cellRows * Math.ceil(width / 4);
  const distributedCost =
    family.distributedCost === undefined || isRom ? Infinity : cells * family.distributedCost + choosing(cellRows);
  // yosys compares with the whole number below.
  if (Math.floor(logicCost) <= Math.min(blockCost, distributedCost)) return { kind: 'logic' };
  return distributedCost < blockCost ? { kind: 'distributed', cells } : { kind: 'blocks', blocks, rows };
}

/** Blocks of one shape. What a row of them leaves of its last block is filled with the same columns of the other rows, where nothing is written. */
function cheapestBlocks(
  { shapes, blockCost }: RamFamily,
  { depth, width, isRom }: PlannedMemory,
  choosing: (rows: number) => number,
) {
  const layouts = shapes.map((shape) => {
    const rows = Math.ceil(depth / shape.depth);
    const blocks = isRom ? Math.ceil((rows * width) / shape.width) : rows * Math.ceil(width / shape.width);
    return { blocks, rows, cost: blocks * blockCost + choosing(rows) };
  });
  return layouts.reduce((best, next) => (next.cost < best.cost ? next : best));
}
