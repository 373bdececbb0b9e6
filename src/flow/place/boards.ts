/** Boards as data. The same resources have the same names on every board; pins are in constraints/, with their sources. */

export type BoardFamily = 'ice40' | 'ecp5' | 'gowin';

/** A pin whose level may be the other way round. */
export interface LevelPin {
  readonly port: string;
  /** Low is on, or pressed. */
  readonly low?: boolean;
}

/** What every top has besides `serial_in` and `serial_out`. */
export interface BoardPins {
  readonly clock: string;
  /** Resets everything. */
  readonly button?: LevelPin;
  /** Lit while the clock runs. */
  readonly running?: LevelPin;
  /** Lit when something has gone wrong: the register ALARMS tells what. */
  readonly alarm?: LevelPin;
  /** Pins that must have a level. */
  readonly constants?: Readonly<Record<string, 0 | 1>>;
}

/** A board: its part, pins, clock and serial line. */
export interface Board {
  readonly title: string;
  readonly family: BoardFamily;
  /** The folder of constraints/ with the pins: boards that differ in their part share it. */
  readonly folder: string;
  /** The primitive that makes the core's clock. */
  readonly pll: 'SB_PLL40_PAD' | 'SB_PLL40_CORE' | 'EHXPLLL' | 'rPLL';
  /** Names of the ports, as in the file of pins. */
  readonly pins: BoardPins;
  /** The bridge's usual way to put a bitstream on the board: programs and their arguments, the first that is there is taken. */
  readonly flash: readonly (readonly [string, ...string[]])[];
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
  baud: 1_000_000,
  luts: 5280,
  rams: 30,
  dsps: 8,
} as const;

const ulx3s = {
  family: 'ecp5',
  folder: 'ulx3s',
  pll: 'EHXPLLL',
  pins: {
    clock: 'clock_25mhz',
    button: { port: 'button' },
    running: { port: 'led_running' },
    alarm: { port: 'led_error' },
    constants: { wifi_enable_high: 1 },
  },
  flash: [['openFPGALoader', '-b', 'ulx3s'], ['fujprog']],
  packOptions: ['--compress'],
  clockMHz: 25,
  coreMHz: 50,
  baud: 1_000_000,
  sources: [
    'Lattice FPGA-DS-02012, ECP5 family data sheet',
    'litex-boards radiona_ulx3s.py',
    'amaranth-boards ulx3s.py',
  ],
} as const;

const up5kSheet = 'Lattice FPGA-DS-02008, iCE40 UltraPlus family data sheet';

/** The boards by name. */
export const boardTable = {
  icebreaker: {
    title: 'iCEBreaker',
    folder: 'icebreaker',
    pll: 'SB_PLL40_PAD',
    pins: {
      clock: 'clock_12mhz',
      button: { port: 'button_n', low: true },
      running: { port: 'led_green_n', low: true },
      alarm: { port: 'led_red_n', low: true },
    },
    flash: [['iceprog'], ['openFPGALoader', '-b', 'ice40_generic']],
    ...up5k,
    sources: [up5kSheet, 'https://github.com/icebreaker-fpga/icebreaker', 'litex-boards 1bitsquared_icebreaker.py'],
  },
  upduino: {
    title: 'UPduino 3 (OSC jumper closed)',
    folder: 'upduino',
    pll: 'SB_PLL40_CORE',
    pins: {
      clock: 'clock_12mhz',
      running: { port: 'led_green_n', low: true },
      alarm: { port: 'led_red_n', low: true },
      constants: { flash_select_n: 1 },
    },
    flash: [['iceprog']],
    ...up5k,
    sources: [up5kSheet, 'https://github.com/tinyvision-ai-inc/UPduino-v3.0', 'amaranth-boards upduino_v3.py'],
  },
  hx8k: {
    title: 'iCE40HX8K breakout board',
    family: 'ice40',
    folder: 'hx8k',
    pll: 'SB_PLL40_CORE',
    pins: { clock: 'clock_12mhz', running: { port: 'led_running' }, alarm: { port: 'led_error' } },
    flash: [['iceprog']],
    part: ['--hx8k', '--package', 'ct256'],
    icetimeOptions: ['-d', 'hx8k', '-P', 'ct256'],
    clockMHz: 12,
    coreMHz: 48,
    baud: 1_000_000,
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
    folder: 'tang_nano_9k',
    pll: 'rPLL',
    pins: {
      clock: 'clock_27mhz',
      button: { port: 'button_n', low: true },
      running: { port: 'led_running_n', low: true },
      alarm: { port: 'led_error_n', low: true },
    },
    flash: [['openFPGALoader', '-b', 'tangnano9k']],
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
    folder: 'tang_nano_20k',
    pll: 'rPLL',
    pins: {
      clock: 'clock_27mhz',
      running: { port: 'led_running_n', low: true },
      alarm: { port: 'led_error_n', low: true },
    },
    flash: [['openFPGALoader', '-b', 'tangnano20k']],
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

/** Name of a board that is known. */
export type BoardName = keyof typeof boardTable;

/** All boards that are known. */
export const boardNames = Object.keys(boardTable) as BoardName[];

/** The boards whose power can be measured. */
export const ice40BoardNames = boardNames.filter((name) => boardTable[name].family === 'ice40');
