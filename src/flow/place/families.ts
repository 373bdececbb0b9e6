/** What differs between the families of FPGA when a design is placed: programs, their arguments, files, names. */
import { badInput } from '../../errors/index.ts';
import type { Board, BoardFamily } from '../boards/table.ts';
import type { ToolName } from '../tools/table.ts';

/** A family that open tools place on. */
export type PlacedFamily = Exclude<BoardFamily, 'xilinx'>;

export interface PlaceFamily {
  /** Options of the synthesis command that a part wants. */
  synthOptions?(part: Board['part']): readonly string[];
  readonly placer: ToolName;
  readonly packer: ToolName;
  /** Ends of file names: the pins, the routed design, the bitstream. */
  readonly pins: 'pcf' | 'lpf' | 'cst';
  readonly routed: 'asc' | 'config' | 'json';
  readonly bitstream: 'bin' | 'bit' | 'fs';
  /** Arguments of the placer that name its files; those for part, clock and seed are the same for all. */
  files(pins: string, routed: string): readonly string[];
  /** Options of the placer that choose the part, of the packer, and of icetime where there is one. */
  part(part: Board['part']): readonly string[];
  packOptions(part: Board['part']): readonly string[];
  icetime?(part: Board['part']): readonly string[];
  /** Arguments of the packer that name its files. */
  pack(routed: string, bitstream: string): readonly string[];
  /** What people call nextpnr's kinds of cells. */
  readonly resources: Readonly<Record<string, string>>;
  /** What the tools add to a signal's name. */
  readonly additions: RegExp;
}

/** gowin_pack takes this die's pins of the flash port as plain ones only, and wants nextpnr to know. */
const sspiDie = 'GW5A-25A';

export const placeFamilies: Readonly<Record<PlacedFamily, PlaceFamily>> = {
  ice40: {
    placer: 'nextpnr-ice40',
    packer: 'icepack',
    pins: 'pcf',
    routed: 'asc',
    bitstream: 'bin',
    files: (pins, routed) => ['--pcf', pins, '--asc', routed],
    pack: (routed, bitstream) => [routed, bitstream],
    part: ({ device, package: shell }) => [`--${device}`, '--package', shell ?? ''],
    packOptions: () => [],
    icetime: ({ device, package: shell }) => ['-d', device, '-P', shell ?? ''],
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
    part: ({ device, package: shell, speed }) => [`--${device}`, '--package', shell ?? '', '--speed', speed ?? '6'],
    packOptions: ({ idcode }) => ['--compress', ...(idcode ? ['--idcode', idcode] : [])],
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
    // nextpnr-himbaechel 0.11 has no place for RAM in LUTs (RAM16SDP4) on this die.
    synthOptions: ({ family }) => (family === sspiDie ? ['-nolutram'] : []),
    files: (pins, routed) => ['--vopt', `cst=${pins}`, '--write', routed],
    pack: (routed, bitstream) => ['-o', bitstream, routed],
    part: ({ device, family }) => [
      ...['--device', device, '--vopt', `family=${family}`],
      ...(family === sspiDie ? ['--vopt', 'sspi_as_gpio'] : []),
    ],
    packOptions: ({ family }) => ['-d', family ?? '', ...(family === sspiDie ? ['--sspi_as_gpio'] : [])],
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

/** Options of the synthesis command that the board's part wants. */
export function synthOptionsOf({ family, part }: Board): readonly string[] {
  return (family === 'xilinx' ? undefined : placeFamilies[family].synthOptions?.(part)) ?? [];
}

/** @throws badInput where open tools do not place */
export function placeFamilyOf({ family, name, title }: Board): PlaceFamily {
  if (family !== 'xilinx') return placeFamilies[family];
  throw badInput('no open tool places on this part', {
    found: title,
    help: `spinfire eject NAME --board ${name} FOLDER writes a project for Vivado`,
  });
}
