/** The families of FPGA as data: the synthesis script of each, and what its cells count as. */
import type { YosysStatistics } from './statistics.ts';

/** What `--target` takes: FPGA families that yosys knows, and the 45 nm library. */
export const targetNames = ['ice40', 'ecp5', 'gowin', 'xilinx', 'asic45'] as const;
/** What is synthesised for: an FPGA family, or cells in 45 nm. */
export type Target = (typeof targetNames)[number];
/** An FPGA family that is synthesised for. */
export type FpgaTarget = Exclude<Target, 'asic45'>;

/** How much of a resource one cell takes, by cell type. */
type Weights = Readonly<Record<string, number>>;

/** Where the run's folder has a file of `FpgaDescription.mapFiles`. */
export const mapFile = (name: string) => `out/.${name}`;

/** Lines that run in place of the command's own from one of its labels to another; the same one twice: before it. */
interface Detour {
  readonly from: string;
  readonly to: string;
  lines(options: readonly string[]): readonly string[];
}

export interface FpgaDescription {
  /** Yosys command without its -top. */
  readonly command: string;
  /** Files of rtl-templates/yosys that take the place of yosys's own maps. */
  readonly mapFiles?: readonly string[];
  /** Where the run leaves the family's command for lines of our own, in its order. */
  readonly detours?: readonly Detour[];
  readonly luts: Weights;
  /** Types of flip-flops. */
  readonly ffs: RegExp;
  /** Block RAMs, in the unit that `ramUnit` names. */
  readonly rams: Weights;
  readonly ramUnit: string;
  readonly dsps: Weights;
  /** What a person who compares figures should know. */
  readonly notes: readonly string[];
}

export const fpgaTable: Readonly<Record<FpgaTarget, FpgaDescription>> = {
  ice40: {
    command: 'synth_ice40',
    mapFiles: ['ice40_rams.v'],
    // A faster map of block RAMs; what it leaves, yosys's own takes. A bit of a RAM in logic is a flip-flop and what chooses it.
    detours: [
      {
        from: 'map_ram',
        to: 'map_ffram',
        lines: (options) => [
          `memory_libmap -lib +/ice40/brams.txt -lib +/ice40/spram.txt -logic-cost-ram 2${options.includes('-spram') ? '' : ' -no-auto-huge'}`,
          `techmap -map ${mapFile('ice40_rams.v')}`,
          'techmap -map +/ice40/brams_map.v -map +/ice40/spram_map.v',
          'ice40_braminit',
        ],
      },
    ],
    luts: { SB_LUT4: 1 },
    ffs: /^SB_DFF/,
    rams: { SB_RAM40_4K: 1 },
    ramUnit: '4 kbit',
    dsps: { SB_MAC16: 1 },
    notes: ['LUTs are SB_LUT4; nextpnr may add some for carry chains and routes through'],
  },
  ecp5: {
    command: 'synth_ecp5',
    // A CCU2C is two LUT4 with a carry; a 16 x 4 RAM takes four LUT4 for its bits and two for its write port.
    luts: { LUT4: 1, CCU2C: 2, TRELLIS_DPR16X4: 6 },
    ffs: /^TRELLIS_FF$/,
    rams: { DP16KD: 1, PDPW16KD: 1 },
    ramUnit: '18 kbit',
    dsps: { MULT18X18D: 1 },
    notes: ['LUTs: LUT4, two for each CCU2C carry cell, six for each TRELLIS_DPR16X4'],
  },
  gowin: {
    command: 'synth_gowin',
    mapFiles: ['gowin_cells.v', 'gowin_rams.txt', 'gowin_rams.v', 'gowin_arith.v'],
    // Maps of block RAMs and of arithmetic that have no faults (src/flow/workarounds.md).
    detours: [
      {
        from: 'map_ram',
        to: 'map_ffram',
        lines: (options) => [
          `read_verilog -lib -overwrite ${mapFile('gowin_cells.v')}`,
          ...(options.includes('-nolutram')
            ? [`memory_libmap -lib ${mapFile('gowin_rams.txt')}`, `techmap -map ${mapFile('gowin_rams.v')}`]
            : [
                `memory_libmap -lib +/gowin/lutrams.txt -lib ${mapFile('gowin_rams.txt')}`,
                `techmap -map +/gowin/lutrams_map.v -map ${mapFile('gowin_rams.v')}`,
              ]),
        ],
      },
      { from: 'map_gates', to: 'map_gates', lines: () => [`techmap -map ${mapFile('gowin_arith.v')}`] },
    ],
    // An ALU (carry) takes the place of a LUT4; a 16 x 4 RAM takes four and two for its write port.
    luts: { LUT1: 1, LUT2: 1, LUT3: 1, LUT4: 1, ALU: 1, RAM16SDP1: 2, RAM16SDP2: 4, RAM16SDP4: 6 },
    ffs: /^DFF/,
    rams: {
      SP: 1,
      SPX9: 1,
      SDP: 1,
      SDPB: 1,
      SDPX9: 1,
      SDPX9B: 1,
      DP: 1,
      DPB: 1,
      DPX9: 1,
      DPX9B: 1,
      pROM: 1,
      pROMX9: 1,
    },
    ramUnit: '18 kbit',
    dsps: { MULT9X9: 0.5, MULT18X18: 1, MULT36X36: 4, MULTADDALU18X18: 2, MULTALU18X18: 1 },
    notes: ['LUTs: LUT1 to LUT4 and one for each ALU carry cell; wide multiplexers (MUX2_LUT5 to 8) are free'],
  },
  xilinx: {
    command: 'synth_xilinx -family xc7',
    mapFiles: ['xilinx_rams.v'],
    // yosys's own maps behind one for words of 37 to 72 bits (src/flow/workarounds.md).
    detours: [
      {
        from: 'map_memory',
        to: 'map_ffram',
        lines: (options) => [
          [
            'memory_libmap -logic-cost-rom 0.015625 -lib +/xilinx/lutrams_xc5v.txt -lib +/xilinx/brams_xc4v.txt',
            ...['-D HAS_SIZE_36', '-D HAS_CASCADE', '-D HAS_CONFLICT_BUG', '-D HAS_MIXWIDTH_SDP'],
            ...(options.includes('-nobram') ? ['-no-auto-block'] : []),
            ...(options.includes('-nolutram') ? ['-no-auto-distributed'] : []),
          ].join(' '),
          'techmap -map +/xilinx/lutrams_xc5v_map.v',
          `techmap -map ${mapFile('xilinx_rams.v')}`,
          'techmap -map +/xilinx/brams_xc6v_map.v',
        ],
      },
    ],
    luts: {
      LUT1: 1,
      LUT2: 1,
      LUT3: 1,
      LUT4: 1,
      LUT5: 1,
      LUT6: 1,
      LUT6_2: 1,
      RAM32M: 4,
      RAM64M: 4,
      RAM32X1D: 2,
      RAM64X1D: 2,
      SRL16E: 1,
      SRLC32E: 1,
    },
    ffs: /^FD[RSCP]E/,
    rams: { RAMB36E1: 1, RAMB18E1: 0.5 },
    ramUnit: '36 kbit',
    dsps: { DSP48E1: 1 },
    notes: ['LUTs are LUT1 to LUT6, each counted as one; a vendor tool pairs small ones'],
  },
};

export interface ResourceCounts {
  readonly luts: number;
  readonly ffs: number;
  readonly rams: number;
  readonly dsps: number;
}

export function countResources(cells: Readonly<Record<string, number>>, target: FpgaDescription): ResourceCounts {
  const weigh = (weights: Weights) =>
    Object.entries(cells).reduce((sum, [type, count]) => sum + count * (weights[type] ?? 0), 0);
  const ffs = Object.entries(cells).reduce((sum, [type, count]) => sum + (target.ffs.test(type) ? count : 0), 0);
  return { luts: weigh(target.luts), ffs, rams: weigh(target.rams), dsps: weigh(target.dsps) };
}

/** Cells of the whole design that are no real cells, left out of every count. */
export function realCells(statistics: YosysStatistics): Record<string, number> {
  return Object.fromEntries(
    Object.entries(statistics.total)
      .filter(([type]) => type !== '$scopeinfo')
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
