/** The registers of the model: declared once, by name and width, and from then on the place where their values are. */

/** A register or output port that can be compared with the hardware's. */
export interface Signal {
  /** `instance.register` under the top, e.g. `conv1.lane[2].unit.step[3].acc`, or a port's name. */
  readonly path: string;
  /** Bits; more than 32 take several words of a sample, low first. */
  readonly width: number;
  readonly signed: boolean;
}

/** A register of up to 32 bits. */
export interface Register {
  /** What it holds: what is written is there at once, so that a block reads all that it needs of the clock before the edge before it writes. */
  now: number;
}

class Word {
  readonly words: Int32Array;
  readonly at: number;

  constructor(words: Int32Array, at: number) {
    this.words = words;
    this.at = at;
  }
}

class UnsignedRegister extends Word implements Register {
  get now(): number {
    return this.words[this.at]! >>> 0;
  }

  set now(value: number) {
    this.words[this.at] = value;
  }
}

class SignedRegister extends Word implements Register {
  get now(): number {
    return this.words[this.at]!;
  }

  set now(value: number) {
    this.words[this.at] = value;
  }
}

/** A register of one bit, as a truth. */
class Flag extends Word {
  get now(): boolean {
    return this.words[this.at] === 1;
  }

  set now(value: boolean) {
    this.words[this.at] = value ? 1 : 0;
  }
}

/** The words in which the registers of a core live, handed out in turn. */
export class RegisterFile {
  readonly #words: Int32Array | undefined;
  #taken = 0;

  /** `words` holds them all; without, every register has its own. */
  constructor(words?: Int32Array) {
    this.#words = words;
  }

  /** The next `count` words, all 0. */
  take(count: number): Int32Array {
    const from = this.#taken;
    this.#taken += count;
    return this.#words?.subarray(from, this.#taken).fill(0) ?? new Int32Array(count);
  }

  /** The next word: the array that holds it, and where. */
  next(): { readonly words: Int32Array; readonly at: number } {
    if (this.#words === undefined) return { words: this.take(1), at: 0 };
    const at = this.#taken;
    this.take(1);
    return { words: this.#words, at };
  }

  /** The words handed out from `from` on; empty when every register has its own. */
  since(from: number): Int32Array {
    return this.#words?.subarray(from, this.#taken) ?? new Int32Array(0);
  }

  /** Words handed out. */
  get taken(): number {
    return this.#taken;
  }
}

interface Declared {
  readonly name: string;
  readonly width: number;
  readonly signed: boolean;
  /** Its first word in the file. */
  readonly from: number;
}

/**
 * The registers under one instance name. A register of width 0 does not exist in hardware (a counter of one value); the model may
 * use it all the same.
 */
export class Registers {
  readonly #file: RegisterFile;
  readonly #declared: Declared[] = [];

  constructor(file: RegisterFile) {
    this.#file = file;
  }

  /** An unsigned register of up to 32 bits. */
  word(name: string, width: number, reset = 0): Register {
    this.#declare(name, width, false);
    const { words, at } = this.#file.next();
    words[at] = reset;
    return new UnsignedRegister(words, at);
  }

  /** A register of one bit, false after a reset. */
  flag(name: string, exists = true): Flag {
    this.#declare(name, exists ? 1 : 0, false);
    const { words, at } = this.#file.next();
    return new Flag(words, at);
  }

  /** A two's complement register of up to 32 bits. */
  signed(name: string, width: number, reset = 0): Register {
    this.#declare(name, width, true);
    const { words, at } = this.#file.next();
    words[at] = reset;
    return new SignedRegister(words, at);
  }

  /** A register of any width, in as many words as it takes, low first. */
  wide(name: string, width: number): Uint32Array {
    this.#declare(name, width, false);
    return unsignedView(this.#file.take(Math.ceil(width / 32)));
  }

  /** `count` unsigned registers of one width, each in ceil(width / 32) words. */
  bank(nameOf: (index: number) => string, width: number, count: number): Uint32Array {
    const words = Math.max(1, Math.ceil(width / 32));
    for (let i = 0; i < count; i += 1) this.#declare(nameOf(i), width, false, words * i);
    return unsignedView(this.#file.take(words * count));
  }

  /** `count` two's complement registers of one width of up to 32 bits, a word each. */
  signedBank(nameOf: (index: number) => string, width: number, count: number): Int32Array {
    for (let i = 0; i < count; i += 1) this.#declare(nameOf(i), width, true, i);
    return this.#file.take(count);
  }

  #declare(name: string, width: number, signed: boolean, ahead = 0): void {
    if (width > 0) this.#declared.push({ name, width, signed, from: this.#file.taken + ahead });
  }

  /** The registers that exist in hardware, as they were declared. */
  get declared(): readonly Declared[] {
    return this.#declared;
  }
}

function unsignedView(words: Int32Array): Uint32Array {
  return new Uint32Array(words.buffer, words.byteOffset, words.length);
}

/** What each of the words of a register file means. */
export interface RegisterLayout {
  readonly words: number;
  /** For each word the bits that mean something; 0 where there is no register. */
  readonly masks: Int32Array;
  /** For each word its place in a sample; -1 where there is no register. */
  readonly places: Int32Array;
}

/** All registers of a core, block by block: a sample holds them in this order. `name` is the block's instance; the top has none. */
export function layoutOf(
  file: RegisterFile,
  blocks: readonly { readonly name: string; readonly registers: Registers }[],
): { readonly signals: readonly Signal[]; readonly sampleWords: number; readonly layout: RegisterLayout } {
  const signals: Signal[] = [];
  const masks = new Int32Array(file.taken);
  const places = new Int32Array(file.taken).fill(-1);
  let sampleWords = 0;
  for (const { name: instance, registers } of blocks) {
    for (const { name, width, signed, from } of registers.declared) {
      signals.push({ path: instance === '' ? name : `${instance}.${name}`, width, signed });
      const words = Math.ceil(width / 32);
      for (let w = 0; w < words; w += 1) {
        masks[from + w] = 0xffffffff >>> (32 - Math.min(32, width - 32 * w));
        places[from + w] = sampleWords;
        sampleWords += 1;
      }
    }
  }
  return { signals, sampleWords, layout: { words: file.taken, masks, places } };
}
