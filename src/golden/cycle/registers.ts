/** How the blocks of the model show their registers. */

/** A register or output port that can be compared with the hardware's. */
export interface Signal {
  /** `instance.register` under the top, e.g. `conv1.lane[2].unit.acc_3`, or a port's name. */
  readonly path: string;
  /** Bits; more than 32 take several words of a sample, low first. */
  readonly width: number;
  readonly signed: boolean;
}

/** Registers that lie together, on 32-bit words. Large banks live in `words`; the others are copied there when the block is refreshed. */
export interface Registers {
  /** Low first; bits above a register's width mean nothing. */
  readonly words: Int32Array;
  /** Names the registers, one after the other as they are in `words`. */
  list(list: RegisterList): void;
}

/** Registers inside a block's `words`. */
export interface PartOfRegisters {
  list(list: RegisterList): void;
  /** Writes them from words[at] on; returns the place behind them. */
  sample(words: Int32Array, at: number): number;
}

/** All registers of a core, in the order in which they were listed. */
export class RegisterList {
  readonly signals: Signal[] = [];
  /** For each word the bits that mean something; 0 where there is no register. */
  readonly masks: number[] = [];
  /** For each word its place in a sample; -1 where there is no register. */
  readonly places: number[] = [];
  #prefix = '';
  #sampleWords = 0;

  /** Lists the registers of `block` under the name of an instance; '' is the top. */
  add(instance: string, block: { list(list: RegisterList): void }): void {
    this.#prefix = instance === '' ? '' : `${instance}.`;
    block.list(this);
  }

  /** 32-bit words of a sample. */
  get sampleWords(): number {
    return this.#sampleWords;
  }

  /** An unsigned register; of width 0 it does not exist (a counter of one value), but has its word. */
  word(name: string, width: number): void {
    this.#declare(name, width, false);
  }

  /** A two's complement register up to 32 bits. */
  signed(name: string, width: number): void {
    this.#declare(name, width, true);
  }

  /** `count` registers of one width. */
  bank(nameOf: (index: number) => string, width: number, count: number): void {
    for (let i = 0; i < count; i += 1) this.#declare(nameOf(i), width, false);
  }

  /** `count` two's complement registers of one width up to 32 bits. */
  signedBank(nameOf: (index: number) => string, width: number, count: number): void {
    for (let i = 0; i < count; i += 1) this.#declare(nameOf(i), width, true);
  }

  #declare(name: string, width: number, signed: boolean): void {
    if (width === 0) {
      this.masks.push(0);
      this.places.push(-1);
      return;
    }
    this.signals.push({ path: this.#prefix + name, width, signed });
    for (let left = width; left > 0; left -= 32) {
      this.masks.push(0xffffffff >>> (32 - Math.min(32, left)));
      this.places.push(this.#sampleWords);
      this.#sampleWords += 1;
    }
  }
}

/** Hands out the words in which the registers of a core live, block by block. */
export class RegisterFile {
  readonly #words: Int32Array | undefined;
  readonly #from = new Map<Int32Array, number>();
  #taken = 0;

  /** `words` holds them all; without, every block has its own. */
  constructor(words?: Int32Array) {
    this.#words = words;
  }

  /** Words for the registers that `block` names, all 0. */
  take(block: { list(list: RegisterList): void }): Int32Array {
    const counted = new RegisterList();
    block.list(counted);
    const from = this.#taken;
    this.#taken += counted.masks.length;
    const words = this.#words?.subarray(from, this.#taken).fill(0) ?? new Int32Array(counted.masks.length);
    this.#from.set(words, from);
    return words;
  }

  /** Words handed out. */
  get taken(): number {
    return this.#taken;
  }

  /** How many were handed out before these. */
  fromOf(words: Int32Array): number {
    return this.#from.get(words)!;
  }
}

/** Copies registers of `width` bits, ceil(width / 32) words each. */
export function copyWords(values: Uint32Array | Int32Array, words: Int32Array, at: number): number {
  const { length } = values;
  for (let i = 0; i < length; i += 1) words[at + i] = values[i]!;
  return at + length;
}
