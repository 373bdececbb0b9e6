/** Boards as data. The same resources have the same names on every board; pins are in constraints/, with their sources. */

export interface Board {
  readonly title: string;
  readonly family: 'ice40';
  /** Options of nextpnr that choose the part. */
  readonly part: readonly string[];
  /** icetime's name of the device. */
  readonly icetimeDevice: string;
  readonly package: string;
  /** On the pin clock_12mhz. */
  readonly clockMHz: number;
  /** What the core runs at unless something else is asked for; the PLL must be able to make it. */
  readonly coreMHz: number;
  /** Bits a second of the serial line. */
  readonly baud: number;
  readonly luts: number;
  /** Of 4 kbit. */
  readonly rams: number;
  readonly dsps: number;
  /** Single-port RAMs of 256 kbit. */
  readonly sprams: number;
  /** Where parts and pins are documented. */
  readonly sources: readonly string[];
}

const up5k = {
  family: 'ice40',
  part: ['--up5k', '--package', 'sg48'],
  icetimeDevice: 'up5k',
  package: 'sg48',
  clockMHz: 12,
  coreMHz: 20.25,
  baud: 115_200,
  luts: 5280,
  rams: 30,
  dsps: 8,
  sprams: 4,
} as const;

const up5kSheet = 'Lattice FPGA-DS-02008, iCE40 UltraPlus family data sheet';

export const boardTable = {
  icebreaker: {
    title: 'iCEBreaker',
    ...up5k,
    sources: [up5kSheet, 'https://github.com/icebreaker-fpga/icebreaker', 'litex-boards 1bitsquared_icebreaker.py'],
  },
  upduino: {
    title: 'UPduino 3 (OSC jumper closed)',
    ...up5k,
    sources: [up5kSheet, 'https://github.com/tinyvision-ai-inc/UPduino-v3.0', 'amaranth-boards upduino_v3.py'],
  },
  hx8k: {
    title: 'iCE40HX8K breakout board',
    family: 'ice40',
    part: ['--hx8k', '--package', 'ct256'],
    icetimeDevice: 'hx8k',
    package: 'ct256',
    clockMHz: 12,
    coreMHz: 48,
    baud: 115_200,
    luts: 7680,
    rams: 32,
    dsps: 0,
    sprams: 0,
    sources: ['Lattice FPGA-DS-02029, iCE40 LP/HX family data sheet', 'amaranth-boards ice40_hx8k_b_evn.py'],
  },
} as const satisfies Record<string, Board>;

export type BoardName = keyof typeof boardTable;

export const boardNames = Object.keys(boardTable) as BoardName[];
