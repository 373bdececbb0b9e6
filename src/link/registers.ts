/** Registers that every core has behind its link, at word addresses that no other register of a core takes. */

export interface LinkRegister {
  readonly address: number;
  readonly access: 'read' | 'write' | 'read-write';
  readonly width: number;
  /** Words of a row of equal registers; one without. */
  readonly words?: number;
  readonly doc: string;
}

/** 'SPL' and the version of this table. */
export const linkId = 0x53504c02;

/** Registers of the link itself, below those of the core. */
export const linkRegisters = {
  LINK_ID: { address: 16, access: 'read', width: 32, doc: "'SPL' and the version of this table." },
  CORE_HASH: {
    address: 17,
    access: 'read',
    width: 32,
    doc: 'Which core this is: first 32 bits of the SHA-256 of its plan without the name.',
  },
  CLOCK_HZ: { address: 18, access: 'read', width: 32, doc: 'Clock of the core.' },
  PIXELS: { address: 19, access: 'read', width: 32, doc: 'Bytes of an image.' },
  CLASSES: { address: 20, access: 'read', width: 32, doc: 'Scores of an answer.' },
  MAX_TIME_STEPS: { address: 21, access: 'read', width: 32, doc: 'Time steps of random words that an image owns.' },
  CREDITS: { address: 22, access: 'read', width: 32, doc: 'Images without an answer that are never an overrun.' },
  TIME_STEPS: { address: 23, access: 'read-write', width: 16, doc: 'Time steps of the images that begin from now on.' },
  EXIT_MARGIN: {
    address: 24,
    access: 'read-write',
    width: 32,
    doc: 'Early exit: lead of the best score that answers an image; all ones: never. 0 on cores without.',
  },
  IMAGE: {
    address: 25,
    access: 'read-write',
    width: 24,
    doc:
      'Number that the next image will have: its place in the random streams. A write throws away what is in the core, puts it ' +
      'into the state after reset and goes to that number.',
  },
  ANSWER: { address: 31, access: 'read', width: 24, doc: 'Number of the image that is answered or dropped next.' },
  SEEKING: {
    address: 26,
    access: 'read',
    width: 2,
    doc: 'Bit 0: on the way to the number that was written to IMAGE. Bit 1: no image is taken, because memories are loaded, or are checked after a load or a reset. 0 on cores without loads.',
  },
  ALARMS: {
    address: 27,
    access: 'read-write',
    width: 8,
    doc: 'What has gone wrong, a bit each; a 1 that is written clears its bit.',
  },
  DROPPED: {
    address: 28,
    access: 'read',
    width: 8,
    doc: 'Images dropped since reset, for their length or for a damaged frame; wraps.',
  },
  LINE_ERRORS: {
    address: 29,
    access: 'read',
    width: 8,
    doc: 'Bytes without a stop bit, and breaks, since reset; wraps.',
  },
  BAD_FRAMES: { address: 30, access: 'read', width: 8, doc: 'Requests not carried out since reset; wraps.' },
  BOARD: {
    address: 48,
    access: 'read',
    width: 32,
    words: 4,
    doc: 'Which board this is: its name in ASCII, the first letter in the low byte of the first word, 0 behind the last.',
  },
} as const satisfies Record<string, LinkRegister>;

/** Key of `linkRegisters`, in capitals as in the map of docs/registers.md. */
export type LinkRegisterName = keyof typeof linkRegisters;

/** Why a core takes no image, as SEEKING tells: it passes over images, or is closed while its memories are loaded or checked. */
export const seekingBits = { seeking: 1, closed: 2 } as const;

/** Registers of a core whose memories the host may load (docs/monitors.md), behind its own bus. */
export const memoryRegisters = {
  WRONG_MEMORIES: 41,
  LOAD: 42,
  MEMORY: 43,
  EXPECTED: 44,
  MEMORY_PAGE: 45,
  MEMORY_WORDS: 0x8000,
} as const;

/** Addresses at MEMORY_WORDS: what a memory has beyond them is on its next pages. */
export const memoryPageWords = 0x8000;

/** Who has the memories: `loading` the host; `closed` nobody may classify with them yet. */
export const loadBits = { loading: 1, closed: 2 } as const;

/** Registers of the device's behaviour begin behind these. */
export const linkRegisterRange = { first: 16, last: 63 } as const;

/** Letters of a board's name that BOARD has room for. */
export const boardNameLetters = 4 * linkRegisters.BOARD.words;

/** BOARD's words of a name of at most `boardNameLetters` letters of ASCII. */
export function boardWords(name: string): number[] {
  const letter = (at: number) => (at < name.length ? name.charCodeAt(at) & 0x7f : 0);
  return Array.from(
    { length: linkRegisters.BOARD.words },
    (_, i) => (letter(4 * i) | (letter(4 * i + 1) << 8) | (letter(4 * i + 2) << 16) | (letter(4 * i + 3) << 24)) >>> 0,
  );
}

/** The name in BOARD's words. */
export function boardNameOf(words: Iterable<number>): string {
  const letters = [...words].flatMap((word) => [0, 8, 16, 24].map((shift) => (word >>> shift) & 0xff));
  const end = letters.indexOf(0);
  return String.fromCharCode(...(end < 0 ? letters : letters.slice(0, end)));
}

/** What sets each bit of the register ALARMS; a bit stays until the host writes 1 to it. */
export const alarms = {
  line: { bit: 0, doc: 'a byte had no stop bit, or the line was held low' },
  frame: { bit: 1, doc: 'a request was damaged, or made no sense' },
  overrun: { bit: 2, doc: 'pixels or requests came faster than the core could take them' },
  dropped: { bit: 3, doc: 'an image was dropped' },
  restarted: { bit: 4, doc: 'the board has started: power, reset button, or a new bitstream' },
  monitor: {
    bit: 5,
    doc: 'the core has seen something abnormal: its register STATUS tells what, and is cleared first',
  },
} as const;

/** Key of `alarms`, as messages and `spinfire monitor` show it. */
export type AlarmName = keyof typeof alarms;

/** The names of the bits that are set. */
export function alarmNames(bits: number): AlarmName[] {
  return (Object.keys(alarms) as AlarmName[]).filter((name) => (bits >>> alarms[name].bit) & 1);
}
