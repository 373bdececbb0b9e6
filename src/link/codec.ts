/** The host's side of the frames: bytes to requests, responses from bytes. Pure; knows nothing of ports. */
import {
  type CommandName,
  commands,
  crc16,
  crcBytes,
  fieldBytes,
  framing,
  protocolVersion,
  responseHeader,
  type StatusName,
  statuses,
} from './protocol.ts';

const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ crc16.polynomial : rest >>> 1;
  return rest;
});

/** The CRC's register after these bytes. */
function crcRegister(bytes: Uint8Array): number {
  let register: number = crc16.initial;
  for (const byte of bytes) register = (register >>> 8) ^ table[(register ^ byte) & 0xff]!;
  return register;
}

/** A command to a core, with its payload. */
export interface Request {
  readonly sequence: number;
  readonly command: CommandName;
  readonly payload: Uint8Array;
}

/** A request as it goes over the line, with a flag before and behind it. @throws RangeError for a payload of 2^24 bytes or more */
export function encodeRequest({ sequence, command, payload }: Request): Uint8Array {
  const { length } = payload;
  if (length >= 2 ** 24) throw new RangeError(`a payload of ${length} bytes, at most ${2 ** 24 - 1} fit`);
  const head = [protocolVersion, sequence & 0xff, commands[command].code, length, length >>> 8, length >>> 16];
  return frameOf(Uint8Array.from([...head.map((byte) => byte & 0xff), ...payload]));
}

/** Adds the CRC, escapes, and puts flags around. */
export function frameOf(body: Uint8Array): Uint8Array {
  const crc = crcRegister(body) ^ crc16.xorOut;
  const out: number[] = [framing.flag];
  const push = (byte: number) => {
    if (byte === framing.flag || byte === framing.escape) out.push(framing.escape, byte ^ framing.escapeXor);
    else out.push(byte);
  };
  for (const byte of body) push(byte);
  push(crc & 0xff);
  push(crc >>> 8);
  out.push(framing.flag);
  return Uint8Array.from(out);
}

/** A core's answer: status and payload. */
export interface Response {
  readonly sequence: number;
  /** Undefined where the request named none of the table. */
  readonly command: CommandName | undefined;
  readonly status: StatusName;
  readonly pending: number;
  readonly alarms: number;
  /** The payload as words. */
  readonly words: Uint32Array;
}

/** Why bytes from the core were thrown away. */
export type Damage = 'crc' | 'short' | 'version' | 'command' | 'status' | 'length';

/** What came over the line: a whole response, or damage. */
export type Received =
  | { readonly kind: 'response'; readonly response: Response }
  | { readonly kind: 'damaged'; readonly damage: Damage };

const commandOf = new Map(Object.entries(commands).map(([name, { code }]) => [code as number, name as CommandName]));
const statusOf = new Map(Object.entries(statuses).map(([name, { code }]) => [code as number, name as StatusName]));
const headerBytes = fieldBytes(responseHeader);

/** No response is longer: 65535 bytes of payload. A line that never shows a flag does not fill the memory. */
const longestFrame = headerBytes + 2 ** 16 + crcBytes;

/** Finds the frames in what a core sends; feed it bytes as they come, in pieces of any size. */
export class ResponseDecoder {
  #frame: number[] = [];
  #escaped = false;
  #overlong = false;

  /** What these bytes complete: responses, and frames that came damaged. */
  feed(bytes: Uint8Array): Received[] {
    const found: Received[] = [];
    for (const byte of bytes) {
      if (byte === framing.flag) {
        const frame = Uint8Array.from(this.#frame);
        const spoilt = this.#escaped || this.#overlong;
        this.reset();
        if (spoilt) found.push({ kind: 'damaged', damage: 'short' });
        else if (frame.length > 0) found.push(readResponse(frame));
      } else if (this.#overlong) continue;
      else if (byte === framing.escape && !this.#escaped) this.#escaped = true;
      else {
        this.#frame.push(this.#escaped ? byte ^ framing.escapeXor : byte);
        this.#escaped = false;
        if (this.#frame.length > longestFrame) this.#overlong = true;
      }
    }
    return found;
  }

  /** Forgets a frame that has begun. */
  reset(): void {
    this.#frame = [];
    this.#escaped = false;
    this.#overlong = false;
  }
}

function readResponse(frame: Uint8Array): Received {
  const damaged = (damage: Damage): Received => ({ kind: 'damaged', damage });
  if (frame.length < headerBytes + crcBytes) return damaged('short');
  if (crcRegister(frame) !== crc16.residue) return damaged('crc');
  const body = new DataView(frame.buffer, 0, frame.length - crcBytes);
  if (body.getUint8(0) !== 0x80 + protocolVersion) return damaged('version');
  const command = commandOf.get(body.getUint8(2));
  const status = statusOf.get(body.getUint8(3));
  // A request that was damaged names a command that may not exist; the status says so.
  if (command === undefined && (status === undefined || status === 'ok')) return damaged('command');
  if (status === undefined) return damaged('status');
  const length = body.getUint16(4, true);
  if (length !== body.byteLength - headerBytes || length % 4 !== 0) return damaged('length');
  const words = Uint32Array.from({ length: length / 4 }, (_, i) => body.getUint32(headerBytes + 4 * i, true));
  return {
    kind: 'response',
    response: {
      sequence: body.getUint8(1),
      command,
      status,
      pending: body.getUint8(6),
      alarms: body.getUint8(7),
      words,
    },
  };
}
