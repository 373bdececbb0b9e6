/** What differs between the families of FPGA when a design is placed: programs, their arguments, files, names. */
import type { ToolName } from '../tools/table.ts';
import type { BoardFamily } from './boards.ts';
import { type ClockSettings, ecp5Clock, gowinClock, ice40Clock } from './clocks.ts';

export interface PlaceFamily {
  readonly placer: ToolName;
  readonly packer: ToolName;
  /** Ends of file names: the pins, the routed design, the bitstream. */
  readonly pins: 'pcf' | 'lpf' | 'cst';
  readonly routed: 'asc' | 'config' | 'json';
  readonly bitstream: 'bin' | 'bit' | 'fs';
  /** Arguments of the placer that name its files; those for part, clock and seed are the same for all. */
  files(pins: string, routed: string): readonly string[];
  /** Arguments of the packer that name its files. */
  pack(routed: string, bitstream: string): readonly string[];
  clock(inputMHz: number, wantedMHz: number): ClockSettings;
  /** What people call nextpnr's kinds of cells. */
  readonly resources: Readonly<Record<string, string>>;
  /** What the tools add to a signal's name. */
  readonly additions: RegExp;
}

export const placeFamilies: Readonly<Record<BoardFamily, PlaceFamily>> = {
  ice40: {
    placer: 'nextpnr-ice40',
    packer: 'icepack',
    pins: 'pcf',
    routed: 'asc',
    bitstream: 'bin',
    files: (pins, routed) => ['--pcf', pins, '--asc', routed],
    pack: (routed, bitstream) => [routed, bitstream],
    clock: ice40Clock,
    resources: {
      ICESTORM_LC: 'luts',
      ICESTORM_RAM: 'rams',
      ICESTORM_DSP: 'dsps',
      ICESTORM_SPRAM: 'sprams',
      ICESTORM_PLL: 'plls',
      SB_IO: 'pins',
      SB_GB: 'globals',
    },
    additions: /_SB_[A-Z0-9]+.*$/,
  },
  ecp5: {
    placer: 'nextpnr-ecp5',
    packer: 'ecppack',
    pins: 'lpf',
    routed: 'config',
    bitstream: 'bit',
    files: (pins, routed) => ['--lpf', pins, '--textcfg', routed],
    pack: (routed, bitstream) => [routed, '--bit', bitstream],
    clock: ecp5Clock,
    resources: {
      TRELLIS_COMB: 'luts',
      TRELLIS_FF: 'ffs',
      DP16KD: 'rams',
      MULT18X18D: 'dsps',
      EHXPLLL: 'plls',
      TRELLIS_IO: 'pins',
    },
    additions: /_(?:LUT4|PFUMX|L6MUX21|CCU2C|TRELLIS|MULT18X18D|DO[AB]\d)[A-Z0-9_]*.*$/,
  },
  gowin: {
    placer: 'nextpnr-himbaechel-gowin',
    packer: 'gowin_pack',
    pins: 'cst',
    routed: 'json',
    bitstream: 'fs',
    files: (pins, routed) => ['--vopt', `cst=${pins}`, '--write', routed],
    pack: (routed, bitstream) => ['-o', bitstream, routed],
    clock: gowinClock,
    resources: {
      LUT4: 'luts',
      ALU: 'carry cells',
      DFF: 'ffs',
      BSRAM: 'rams',
      MULT18X18: 'dsps',
      rPLL: 'plls',
      IOB: 'pins',
    },
    additions: /_(?:LUT[1-4]|MUX2_LUT[5-8]|ALU|DFF[A-Z]*|DO[AB]?\d)(?:_.*)?$/,
  },
};
