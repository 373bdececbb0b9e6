/**
 * How a host talks to a core, as data: the hardware, the clients, the constants for other languages and docs/link.md are made from it.
 * Framing and checksum are those of PPP (RFC 1662), so that tools for them can read a recorded line.
 */

export const protocolVersion = 1;

/** RFC 1662, section 4.2: bytes that are `flag` or `escape` inside a frame travel as `escape`, byte xor `escapeXor`. */
export const framing = { flag: 0x7e, escape: 0x7d, escapeXor: 0x20 } as const;

/**
 * CRC-16/X-25 (the FCS of RFC 1662, appendix C), reflected, sent low byte first. Over a frame with its CRC the register holds `residue`.
 * It finds every error of up to three flipped bits in a frame below 4 kbyte and every burst of up to 16.
 */
export const crc16 = { polynomial: 0x8408, initial: 0xffff, xorOut: 0xffff, residue: 0xf0b8 } as const;

/** A number in a frame: its name and bytes. */
export interface Field {
  readonly name: string;
  readonly bytes: number;
  readonly doc: string;
}

/** Every number is sent low byte first. */
export const requestHeader = [
  { name: 'version', bytes: 1, doc: `${protocolVersion}: version of this protocol` },
  { name: 'sequence', bytes: 1, doc: 'chosen by the host; comes back in the response' },
  { name: 'command', bytes: 1, doc: 'what to do' },
  { name: 'length', bytes: 3, doc: 'bytes of the payload' },
] as const satisfies readonly Field[];

/** Fields of the header in order, most significant byte first where a field has several. */
export const responseHeader = [
  { name: 'version', bytes: 1, doc: `${0x80 + protocolVersion}: version of this protocol, and bit 7 for a response` },
  { name: 'sequence', bytes: 1, doc: 'that of the request; 0 where no request is meant' },
  { name: 'command', bytes: 1, doc: 'that of the request, or `answer`' },
  { name: 'status', bytes: 1, doc: '`ok`, or what was wrong' },
  { name: 'length', bytes: 2, doc: 'bytes of the payload, a multiple of 4' },
  { name: 'pending', bytes: 1, doc: 'images accepted and not yet answered or dropped' },
  { name: 'alarms', bytes: 1, doc: 'bits of the register ALARMS: what has gone wrong since they were cleared' },
] as const satisfies readonly Field[];

/** A command of the protocol: its code, what goes with it, what comes back. */
export interface Command {
  readonly code: number;
  readonly doc: string;
  readonly request: readonly Field[] | 'pixels';
  readonly response: readonly Field[] | 'words';
  /** Words of 32 bits behind the fields of the request. */
  readonly words?: { readonly most: number };
}

/** Requests by name: code on the line, fields of the payload, what comes back (docs/link.md). */
export const commands = {
  read: {
    code: 1,
    doc: 'Reads registers, one after the other.',
    request: [
      { name: 'address', bytes: 2, doc: 'word address of the first' },
      { name: 'count', bytes: 4, doc: 'how many, 1 to 255' },
    ],
    response: 'words',
  },
  write: {
    code: 2,
    doc: 'Writes one register.',
    request: [
      { name: 'address', bytes: 2, doc: 'word address' },
      { name: 'value', bytes: 4, doc: '' },
    ],
    response: [],
  },
  classify: {
    code: 3,
    doc:
      'An image, one byte a pixel, row by row; TIME_STEPS and EXIT_MARGIN are those of the moment in which its first pixel comes. ' +
      'The response says that all of it is there and which place in the random streams is its own; the `answer` follows.',
    request: 'pixels',
    response: [{ name: 'image', bytes: 4, doc: 'the number of the image' }],
  },
  answer: {
    code: 4,
    doc: 'Sent without a request, in the order of the images.',
    request: [],
    response: 'words',
  },
  block: {
    code: 5,
    doc: 'Writes registers one after the other, once the whole frame has come without damage. On cores that were built with `--monitors load`.',
    request: [{ name: 'address', bytes: 2, doc: 'word address of the first' }],
    words: { most: 64 },
    response: [],
  },
} as const satisfies Record<string, Command>;

/** Key of `commands`: what a host can ask of a core. */
export type CommandName = keyof typeof commands;

/** A status of a response: its code and what it means. */
export interface Status {
  readonly code: number;
  readonly meaning: string;
  readonly cure: string;
}

/**
 * What was wrong with a request, the most serious first: a frame with several faults is reported by the first of them. Sequence
 * and command are those that came, and may be damaged where the CRC was not right.
 */
export const statuses = {
  ok: { code: 0, meaning: 'done', cure: '' },
  line: {
    code: 1,
    meaning: 'the line broke inside the frame: a stop bit was missing (noise, a break, a wrong baud rate)',
    cure: 'send the request again, an image only under its number: write that to IMAGE first; look at cable and baud rate where it comes often',
  },
  timeout: {
    code: 2,
    meaning: 'the frame stopped in the middle',
    cure: 'send the request again, an image only under its number: write that to IMAGE first',
  },
  crc: {
    code: 3,
    meaning: 'the checksum is wrong: bytes were changed, lost or added',
    cure: 'send the request again, an image only under its number: write that to IMAGE first',
  },
  overrun: {
    code: 4,
    meaning:
      'pixels or requests came faster than the core could take them; with sequence 0 and command 0 it is about all requests whose first bytes had no place',
    cure: 'keep at most CREDITS images without an answer, wait for the response to any other request, or lower the baud rate; write the number of the oldest image without an answer to IMAGE and go on from there, since nobody knows which images have numbers',
  },
  version: {
    code: 5,
    meaning: 'the host speaks another version of the protocol',
    cure: 'use the host program of the version that made the bitstream',
  },
  command: { code: 6, meaning: 'no such command', cure: 'use a command of the table' },
  length: {
    code: 7,
    meaning: 'the payload is longer or shorter than the header says, or than the command wants',
    cure: 'the register PIXELS tells how many bytes an image has',
  },
  busy: {
    code: 8,
    meaning:
      'the core is on the way to the image number that was written to IMAGE, or its memories are loaded or checked',
    cure: 'wait until SEEKING is 0; a core whose memories are only half loaded never gets there: load them again',
  },
} as const satisfies Record<string, Status>;

/** Key of `statuses`: how a core took a request. */
export type StatusName = keyof typeof statuses;

/** A gap of so many bit times inside a frame ends it. */
export const gapBits = 4096;

/** Bytes of a field list; a header's, a payload's. */
export function fieldBytes(fields: readonly Field[]): number {
  return fields.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Length of the check sequence behind each frame, most significant byte first. */
export const crcBytes = 2;
