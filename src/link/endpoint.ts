/**
 * The core's side of the link as software: what the hardware must answer to the bytes that come. Written from docs/link.md and shares
 * only the tables with the codec of the host, so that each checks the other. Tests use it as a board without a simulator.
 */

import { commands, crc16, framing, gapBits, protocolVersion, type StatusName, statuses } from './protocol.ts';
import { alarms, boardWords, linkId, linkRegisters } from './registers.ts';

/** What the core's side of the line drives. */
export interface EndpointCore {
  readonly hash: number;
  readonly clockHz: number;
  readonly board: string;
  readonly pixels: number;
  readonly classes: number;
  readonly timeSteps: number;
  readonly maxTimeSteps: number;
  readonly credits: number;
  /** All ones of its port's width; 0 on a core without early exit. */
  readonly exitMargin: number;
  /** The beats of the result packet. */
  classify(pixels: Uint8Array, image: number, timeSteps: number, exitMargin: number): readonly number[];
  /** The core's own alarm. */
  alarm?(): boolean;
  /** It takes blocks of words for its memories. */
  readonly takesBlocks?: boolean;
  /** Registers of the core's own bus. */
  read?(address: number): number;
  /** `address` of a word, `value` unsigned 32 bits. */
  write?(address: number, value: number): void;
}

/** What comes over the line: a byte, or one without a stop bit. */
export type LineEvent = number | 'break';

const imageMask = 2 ** linkRegisters.IMAGE.width - 1;

const crcOf = (bytes: readonly number[]): number => {
  let crc = 0xffff;
  for (const byte of bytes)
    for (let bit = 0; bit < 8; bit += 1) {
      const feedback = (crc ^ (byte >> bit)) & 1;
      crc = (crc >> 1) ^ (feedback ? crc16.polynomial : 0);
    }
  return crc;
};

/** The core's side of the line, as software. */
export class Endpoint {
  readonly #core: EndpointCore;
  readonly #send: (bytes: Uint8Array) => void;
  #body: number[] = [];
  #fault: StatusName = 'ok';
  #escaping = false;
  #silence = 0;
  #image = 0;
  #alarms = 1 << alarms.restarted.bit;
  #timeSteps: number;
  #exitMargin: number;
  #dropped = 0;
  #lineErrors = 0;
  #badFrames = 0;
  readonly #waiting: { readonly image: number; readonly words: readonly number[] }[] = [];

  constructor(core: EndpointCore, send: (bytes: Uint8Array) => void) {
    this.#core = core;
    this.#send = send;
    this.#timeSteps = core.timeSteps;
    this.#exitMargin = core.exitMargin;
  }

  /** Images accepted and not answered. */
  get pending(): number {
    return this.#waiting.length;
  }

  /** What comes over the line in this moment: a byte, or one without its stop bit. */
  receive(event: LineEvent): void {
    this.#silence = 0;
    if (event === 'break') {
      this.#lineErrors = (this.#lineErrors + 1) & 0xff;
      this.#raise('line');
      this.#blame('line');
      // Noise between frames is counted, and spoils the frame that seems to begin with it.
      this.#body.push(0);
      return;
    }
    if (event === framing.flag) this.#close();
    else if (this.#escaping) {
      this.#escaping = false;
      this.#body.push(event ^ framing.escapeXor);
    } else if (event === framing.escape) {
      this.#escaping = true;
    } else this.#body.push(event);
  }

  /** Nothing comes for so many bit times. */
  idle(bitTimes: number): void {
    this.#silence += bitTimes;
    if (this.#silence < gapBits || !this.#open) return;
    this.#blame('timeout');
    this.#close();
  }

  /** The core has finished its oldest image. */
  answer(): boolean {
    const done = this.#waiting.shift();
    if (done === undefined) return false;
    this.#reply(0, commands.answer.code, 'ok', [done.image, ...done.words]);
    return true;
  }

  get #open(): boolean {
    return this.#body.length > 0 || this.#escaping;
  }

  /** The first of the faults that are told of whatever the CRC says. */
  #blame(status: StatusName): void {
    if (this.#fault === 'ok') this.#fault = status;
  }

  #raise(name: keyof typeof alarms): void {
    this.#alarms |= 1 << alarms[name].bit;
  }

  #close(): void {
    const body = this.#body;
    const fault = this.#fault;
    const cut = this.#escaping;
    this.#body = [];
    this.#fault = 'ok';
    this.#escaping = false;
    if (body.length === 0 && !cut) return;
    const [version = 0, sequence = 0, command = 0] = body;
    const status = this.#judge(body, cut, fault);
    if (status !== 'ok') {
      this.#badFrames = (this.#badFrames + 1) & 0xff;
      this.#raise('frame');
      // Pixels went into the core as they came; the image takes its number with it.
      const begun = command === commands.classify.code && body.length > 6 && version === protocolVersion;
      const declared = (body[3] ?? 0) | ((body[4] ?? 0) << 8) | ((body[5] ?? 0) << 16);
      if (begun && declared === this.#core.pixels) this.#drop();
      this.#reply(sequence, command, status, []);
      return;
    }
    const payload = body.slice(6, -2);
    if (command === commands.read.code) this.#read(sequence, payload);
    else if (command === commands.write.code || command === commands.block.code)
      this.#write(sequence, command, payload);
    else this.#classify(sequence, payload);
  }

  #judge(body: readonly number[], cut: boolean, fault: StatusName): StatusName {
    if (fault !== 'ok') return fault;
    if (cut || body.length < 6 || crcOf(body) !== crc16.residue) return 'crc';
    if (body[0] !== protocolVersion) return 'version';
    const declared = body[3]! | (body[4]! << 8) | (body[5]! << 16);
    const blockWords = (declared - 2) / 4;
    const isBlock = Number.isInteger(blockWords) && blockWords >= 1 && blockWords <= commands.block.words.most;
    const wanted = new Map<number, number>([
      [commands.read.code, 6],
      [commands.write.code, 6],
      [commands.classify.code, this.#core.pixels],
      ...(this.#core.takesBlocks ? [[commands.block.code, isBlock ? declared : -1] as const] : []),
    ]).get(body[2]!);
    if (wanted === undefined) return 'command';
    return declared === wanted && body.length === wanted + 8 ? 'ok' : 'length';
  }

  #drop(): void {
    this.#image = (this.#image + 1) & imageMask;
    this.#dropped = (this.#dropped + 1) & 0xff;
    this.#raise('dropped');
  }

  #classify(sequence: number, pixels: readonly number[]): void {
    const image = this.#image;
    const steps = Math.max(1, Math.min(this.#core.maxTimeSteps, this.#timeSteps));
    this.#waiting.push({
      image,
      words: this.#core.classify(Uint8Array.from(pixels), image, steps, this.#exitMargin),
    });
    this.#image = (image + 1) & imageMask;
    this.#reply(sequence, commands.classify.code, 'ok', [image]);
  }

  #read(sequence: number, [low = 0, high = 0, count = 0]: readonly number[]): void {
    const words = Array.from({ length: count }, (_, i) => this.#register((low + 256 * high + i) & 0xffff));
    this.#reply(sequence, commands.read.code, 'ok', words);
  }

  #register(address: number): number {
    const r = linkRegisters;
    const core = this.#core;
    const named = boardWords(core.board)[address - r.BOARD.address];
    if (named !== undefined) return named;
    switch (address) {
      case r.LINK_ID.address:
        return linkId;
      case r.CORE_HASH.address:
        return core.hash;
      case r.CLOCK_HZ.address:
        return core.clockHz;
      case r.PIXELS.address:
        return core.pixels;
      case r.CLASSES.address:
        return core.classes;
      case r.MAX_TIME_STEPS.address:
        return core.maxTimeSteps;
      case r.CREDITS.address:
        return core.credits;
      case r.TIME_STEPS.address:
        return this.#timeSteps;
      case r.EXIT_MARGIN.address:
        return this.#exitMargin;
      case r.IMAGE.address:
        return this.#image;
      case r.ANSWER.address:
        return this.#waiting[0]?.image ?? this.#image;
      case r.ALARMS.address:
        return this.#alarms;
      case r.DROPPED.address:
        return this.#dropped;
      case r.LINE_ERRORS.address:
        return this.#lineErrors;
      case r.BAD_FRAMES.address:
        return this.#badFrames;
      default:
        return core.read?.(address) ?? 0;
    }
  }

  #write(sequence: number, command: number, payload: readonly number[]): void {
    const view = new DataView(Uint8Array.from(payload).buffer);
    const address = view.getUint16(0, true);
    for (let at = 2; at < payload.length; at += 4) {
      this.#writeRegister((address + (at - 2) / 4) & 0xffff, view.getUint32(at, true));
    }
    this.#reply(sequence, command, 'ok', []);
  }

  #writeRegister(address: number, value: number): void {
    const r = linkRegisters;
    // The core's ports are as wide as their largest value.
    const stepBits = Math.floor(Math.log2(this.#core.maxTimeSteps)) + 1;
    if (address === r.TIME_STEPS.address) this.#timeSteps = value % 2 ** stepBits;
    else if (address === r.EXIT_MARGIN.address) this.#exitMargin = (value & this.#core.exitMargin) >>> 0;
    else if (address === r.IMAGE.address) {
      this.#image = value & imageMask;
      this.#waiting.length = 0;
    } else if (address === r.ALARMS.address) this.#alarms &= ~value;
    else this.#core.write?.(address, value);
  }

  #reply(sequence: number, command: number, status: StatusName, words: readonly number[]): void {
    if (this.#core.alarm?.()) this.#raise('monitor');
    const length = 4 * words.length;
    const body = [0x80 + protocolVersion, sequence, command, statuses[status].code, length & 0xff, length >> 8];
    body.push(this.#waiting.length & 0xff, this.#alarms & 0xff);
    for (const word of words) for (const shift of [0, 8, 16, 24]) body.push((word >>> shift) & 0xff);
    const crc = crcOf(body) ^ crc16.xorOut;
    const line: number[] = [framing.flag];
    for (const byte of [...body, crc & 0xff, crc >> 8]) {
      const special = byte === framing.flag || byte === framing.escape;
      line.push(...(special ? [framing.escape, byte ^ framing.escapeXor] : [byte]));
    }
    line.push(framing.flag);
    this.#send(Uint8Array.from(line));
  }
}
