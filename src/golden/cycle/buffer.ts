/** What the two kinds of layer input share, and the frame buffer. */

import { wordsFor } from './packed.ts';
import { copyWords, type PartOfRegisters, type RegisterFile, type RegisterList, type Registers } from './registers.ts';

/**
 * Where a block's results go. `free` is looked at before a pass begins; `push` is called at most once a cycle, before any
 * register changes, and says whether this element was the frame's last (`committed`).
 */
export interface Consumer {
  readonly free: boolean;
  push(word: Uint32Array, active: number, last: number, image: number): boolean;
}

/** Where an engine's inputs come from: the frame at the read bank. */
export interface Source {
  readonly ready: boolean;
  readonly active: number;
  readonly last: number;
  /** Number of the frame's image; 0 without early exit. */
  readonly image: number;
  /** Memory output: for each position lane the words of one element. */
  readonly data: Uint32Array;
  /** Asks for the element at `address` (and its neighbours at the lanes' offsets) in the next cycle. */
  read(address: number): void;
  release(): void;
}

export interface BankOptions {
  /** Bits of the meta registers: number of time steps for the image buffer, active lanes elsewhere. */
  readonly metaName: 'steps' | 'active';
  readonly metaBits: number;
  /** 2 unless told otherwise. */
  readonly banks?: 1 | 2 | undefined;
  /** Bits of an image's number, 0 without early exit. */
  readonly imageBits: number;
}

/** Two banks that are filled and emptied in turn: pointers, full flags and each frame's meta. */
export class Banks implements PartOfRegisters {
  wrBank = 0;
  rdBank = 0;
  readonly full = [0, 0];
  readonly meta = [0, 0];
  readonly last = [0, 0];
  readonly image = [0, 0];
  readonly #imageBits: number;
  readonly #metaNames: readonly [string, string];
  readonly #metaBits: number;
  readonly #hasLast: boolean;
  readonly #single: boolean;

  constructor(options: BankOptions) {
    this.#single = options.banks === 1;
    this.#imageBits = options.imageBits;
    this.#metaNames = [`${options.metaName}_0`, `${options.metaName}_1`];
    this.#metaBits = options.metaBits;
    this.#hasLast = options.metaName === 'active';
  }

  get free(): boolean {
    return this.full[this.wrBank] === 0;
  }

  get ready(): boolean {
    return this.full[this.rdBank] === 1;
  }

  /** Of the frame that begins. */
  takeMeta(meta: number): void {
    this.meta[this.wrBank] = meta;
  }

  commit(last: number, image: number): void {
    this.full[this.wrBank] = 1;
    this.last[this.wrBank] = last;
    this.image[this.wrBank] = image;
    if (!this.#single) this.wrBank ^= 1;
  }

  release(): void {
    this.full[this.rdBank] = 0;
    if (!this.#single) this.rdBank ^= 1;
  }

  list(list: RegisterList): void {
    const both = this.#single ? 0 : 1;
    list.word('wr_bank', both);
    list.word('rd_bank', both);
    for (let bank = 0; bank <= both; bank += 1) {
      list.word(`full_${bank}`, 1);
      list.word(this.#metaNames[bank]!, this.#metaBits);
      list.word(`last_${bank}`, this.#hasLast ? 1 : 0);
      list.word(`image_${bank}`, this.#imageBits);
    }
  }

  sample(words: Int32Array, begin: number): number {
    let at = begin;
    words[at++] = this.wrBank;
    words[at++] = this.rdBank;
    const banks = this.#single ? 1 : 2;
    for (let bank = 0; bank < banks; bank += 1) {
      words[at++] = this.full[bank]!;
      words[at++] = this.meta[bank]!;
      words[at++] = this.last[bank]!;
      words[at++] = this.image[bank]!;
    }
    return at;
  }
}

export interface FrameBufferOptions extends BankOptions {
  /** Elements of a frame with padding, and the addresses of the first and last that are written. */
  readonly elements: number;
  readonly start: number;
  readonly last: number;
  readonly rowElements: number;
  readonly rowPadding: number;
  readonly elementBits: number;
  /** Address distance of each position lane of the consumer; [0] for one lane. */
  readonly offsets: readonly number[];
  readonly addressBits: number;
  readonly columnBits: number;
  /** The frame can be read while it is filled. */
  readonly readEarly?: boolean;
}

/** Keeps frames in (y, x, channel) order; the padding around them is never written and stays 0. */
export class FrameBuffer implements Consumer, Source, Registers {
  #changed = true;
  readonly words: Int32Array;
  readonly data: Uint32Array;
  readonly banks: Banks;
  readonly #o: FrameBufferOptions;
  readonly #offsets: readonly number[];
  readonly #elementWords: number;
  readonly #memory: Uint32Array;
  readonly #metaFirst: boolean;
  #wrAddr: number;
  #wrColumn = 0;
  /** Where `data` was read, and whether the memory was written since. */
  #read = -1;
  #written = false;
  // This cycle's requests.
  #address = 0;
  #releasing = false;
  #pushed: Uint32Array | undefined;
  #pushedMeta = 0;
  #pushedLast = 0;
  #pushedImage = 0;

  constructor(file: RegisterFile, options: FrameBufferOptions) {
    this.#o = options;
    this.banks = new Banks(options);
    this.#metaFirst = options.metaName === 'steps';
    this.#offsets = options.offsets;
    this.#elementWords = wordsFor(options.elementBits);
    this.#memory = new Uint32Array(2 * options.elements * this.#elementWords);
    this.data = new Uint32Array(options.offsets.length * this.#elementWords);
    this.#wrAddr = options.start;
    this.words = file.take(this);
  }

  get free(): boolean {
    return this.banks.free;
  }

  get ready(): boolean {
    return this.banks.ready || (this.#o.readEarly === true && this.#wrAddr !== this.#o.start);
  }

  /** Whether the element at `address` has come, of the frame that is read. */
  isWritten(address: number): boolean {
    return this.banks.ready || address < this.#wrAddr;
  }

  get active(): number {
    return this.banks.meta[this.banks.rdBank]!;
  }

  get last(): number {
    return this.banks.last[this.banks.rdBank]!;
  }

  get image(): number {
    return this.banks.image[this.banks.rdBank]!;
  }

  /** True when the next element is the frame's last. */
  get atLast(): boolean {
    return this.#wrAddr === this.#o.last;
  }

  read(address: number): void {
    this.#address = address;
  }

  release(): void {
    this.#releasing = true;
  }

  push(word: Uint32Array, active: number, last: number, image: number): boolean {
    this.#pushedImage = image;
    this.#pushed = word;
    this.#pushedMeta = active;
    this.#pushedLast = last;
    return this.atLast;
  }

  update(): void {
    this.#readMemory();
    if (this.#pushed !== undefined) this.#writeMemory(this.#pushed);
    if (this.#releasing) this.banks.release();
    if (this.#pushed !== undefined || this.#releasing) this.#changed = true;
    this.#pushed = undefined;
    this.#releasing = false;
  }

  #readMemory(): void {
    const { elements } = this.#o;
    const bank = this.banks.rdBank * elements;
    // Most often the output stays as it is.
    if (bank + this.#address === this.#read && !this.#written) return;
    this.#read = bank + this.#address;
    this.#written = false;
    const offsets = this.#offsets;
    const words = this.#elementWords;
    for (let x = 0; x < offsets.length; x += 1) {
      const address = this.#address + offsets[x]!;
      const from = (bank + address) * words;
      for (let w = 0; w < words; w += 1) {
        const read = address < elements ? this.#memory[from + w]! : 0;
        if (this.data[x * words + w] !== read) this.#changed = true;
        this.data[x * words + w] = read;
      }
    }
  }

  #writeMemory(word: Uint32Array): void {
    const o = this.#o;
    const words = this.#elementWords;
    const to = (this.banks.wrBank * o.elements + this.#wrAddr) * words;
    this.#written = true;
    for (let w = 0; w < words; w += 1) this.#memory[to + w] = word[w]!;
    if (this.#metaFirst && this.#wrAddr === o.start) this.banks.takeMeta(this.#pushedMeta);
    if (this.#wrAddr === o.last) {
      this.#wrAddr = o.start;
      this.#wrColumn = 0;
      // The read bank is another one, or not full: a release in this cycle can't meet this commit.
      if (!this.#metaFirst) this.banks.takeMeta(this.#pushedMeta);
      this.banks.commit(this.#pushedLast, this.#pushedImage);
    } else if (this.#wrColumn === o.rowElements - 1) {
      this.#wrAddr += 1 + o.rowPadding;
      this.#wrColumn = 0;
    } else {
      this.#wrAddr += 1;
      this.#wrColumn += 1;
    }
  }

  list(list: RegisterList): void {
    this.banks.list(list);
    list.word('wr_addr', this.#o.addressBits);
    list.word('wr_column', this.#o.columnBits);
    list.bank(dataName, this.#o.elementBits, this.#o.offsets.length);
  }

  refresh(): void {
    if (!this.#changed) return;
    this.#changed = false;
    const { words } = this;
    let at = this.banks.sample(words, 0);
    words[at++] = this.#wrAddr;
    words[at++] = this.#wrColumn;
    copyWords(this.data, words, at);
  }
}

function dataName(lane: number): string {
  return `rd_data_${lane}`;
}
