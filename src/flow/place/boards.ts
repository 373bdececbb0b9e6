/** Boards as data. The same resources have the same names on every board; pins are in constraints/, with their sources. */

export type BoardFamily = 'ice40' | 'ecp5' | 'gowin';

export interface Board {
  readonly title: string;
  readonly family: BoardFamily;
  /** The file of rtl-templates/boards/, and the folder of constraints/: boards that differ in their part, or in their pins, share the rest. */
  readonly top: string;
  readonly pins: string;
  /** Options of nextpnr that choose the part. */
  readonly part: readonly string[];
  /** The same for the packer, and on iCE40 for icetime. */
  readonly packOptions?: readonly string[];
  readonly icetimeOptions?: readonly string[];
  /** On the pin clock_*mhz. */
  readonly clockMHz: number;
  /** What the core runs at unless something else is asked for; the PLL must be able to make it. */
  readonly coreMHz: number;
  /** Bits a second of the serial line. */
  readonly baud: number;
  readonly luts: number;
  /** Block RAMs, of 4 kbit on iCE40, of 18 kbit on ECP5 and Gowin. */
  readonly rams: number;
  readonly dsps: number;
  /** Where parts and pins are documented. */
  readonly sources: readonly string[];
}

const up5k = {
  family: 'ice40',
  part: ['--up5k', '--package', 'sg48'],
  icetimeOptions: ['-d', 'up5k', '-P', 'sg48'],
  clockMHz: 12,
  coreMHz: 20.25,
  baud: 115_200,
  luts: 5280,
  rams: 30,
  dsps: 8,
} as const;

const ulx3s = {
  family: 'ecp5',
  top: 'ulx3s',
  pins: 'ulx3s',
  packOptions: ['--compress'],
  clockMHz: 25,
  coreMHz: 50,
  baud: 115_200,
  sources: [
    'Lattice FPGA-DS-02012, ECP5 family data sheet',
    'litex-boards radiona_ulx3s.py',
    'amaranth-boards ulx3s.py',
  ],
} as const;

const up5kSheet = 'Lattice FPGA-DS-02008, iCE40 UltraPlus family data sheet';

export const boardTable = {
  icebreaker: {
    title: 'iCEBreaker',
    top: 'icebreaker',
    pins: 'icebreaker',
    ...up5k,
    sources: [up5kSheet, 'https://github.com/icebreaker-fpga/icebreaker', 'litex-boards 1bitsquared_icebreaker.py'],
  },
  upduino: {
    title: 'UPduino 3 (OSC jumper closed)',
    top: 'upduino',
    pins: 'upduino',
    ...up5k,
    sources: [up5kSheet, 'https://github.com/tinyvision-ai-inc/UPduino-v3.0', 'amaranth-boards upduino_v3.py'],
  },
  hx8k: {
    title: 'iCE40HX8K breakout board',
    family: 'ice40',
    top: 'hx8k',
    pins: 'hx8k',
    part: ['--hx8k', '--package', 'ct256'],
    icetimeOptions: ['-d', 'hx8k', '-P', 'ct256'],
    clockMHz: 12,
    coreMHz: 48,
    baud: 115_200,
    luts: 7680,
    rams: 32,
    dsps: 0,
    sources: ['Lattice FPGA-DS-02029, iCE40 LP/HX family data sheet', 'amaranth-boards ice40_hx8k_b_evn.py'],
  },
  'ulx3s-25f': {
    ...ulx3s,
    title: 'ULX3S with an LFE5U-25F',
    part: ['--25k', '--package', 'CABGA381', '--speed', '6'],
    luts: 24_288,
    rams: 56,
    dsps: 28,
  },
  'ulx3s-85f': {
    ...ulx3s,
    title: 'ULX3S with an LFE5U-85F',
    part: ['--85k', '--package', 'CABGA381', '--speed', '6'],
    luts: 83_640,
    rams: 208,
    dsps: 156,
  },
  'tang-nano-9k': {
    title: 'Tang Nano 9K',
    family: 'gowin',
    top: 'tang_nano',
    pins: 'tang_nano_9k',
    part: ['--device', 'GW1NR-LV9QN88PC6/I5', '--vopt', 'family=GW1N-9C'],
    packOptions: ['-d', 'GW1N-9C'],
    clockMHz: 27,
    coreMHz: 40.5,
    baud: 115_200,
    luts: 8640,
    rams: 26,
    dsps: 20,
    sources: ['Gowin DS117, GW1NR series data sheet', 'litex-boards sipeed_tang_nano_9k.py'],
  },
  'tang-nano-20k': {
    title: 'Tang Nano 20K',
    family: 'gowin',
    top: 'tang_nano',
    pins: 'tang_nano_20k',
    part: ['--device', 'GW2AR-LV18QN88C8/I7', '--vopt', 'family=GW2A-18C'],
    packOptions: ['-d', 'GW2A-18C'],
    clockMHz: 27,
    coreMHz: 54,
    baud: 115_200,
    luts: 20_736,
    rams: 46,
    dsps: 48,
    sources: ['Gowin DS226, GW2AR series data sheet', 'litex-boards sipeed_tang_nano_20k.py'],
  },
} as const satisfies Record<string, Board>;

export type BoardName = keyof typeof boardTable;

export const boardNames = Object.keys(boardTable) as BoardName[];

/** The boards whose power can be measured. */
export const ice40BoardNames = boardNames.filter((name) => boardTable[name].family === 'ice40');
