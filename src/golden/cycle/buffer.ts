/** What the two kinds of layer input share, and the frame buffer. */

import { wordsFor } from './packed.ts';
import { type Register, type RegisterFile, Registers } from './registers.ts';

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

type BankRegisters = Readonly<Record<'full' | 'meta' | 'last' | 'image', Register>>;

/** Two banks that are filled and emptied in turn: pointers, full flags and each frame's meta. */
export class Banks {
  readonly #r;
  readonly #single: boolean;
  /** Registers of the bank that is filled, and of the one that is emptied. */
  #written: BankRegisters;
  #read: BankRegisters;

  /** Its registers are among `registers`. */
  constructor(registers: Registers, options: BankOptions) {
    const { metaName, metaBits, imageBits, banks } = options;
    this.#single = banks === 1;
    const bank = (index: 0 | 1) => {
      const exists = index === 0 || !this.#single ? 1 : 0;
      return {
        full: registers.word(`full_${index}`, exists),
        meta: registers.word(`${metaName}_${index}`, exists * metaBits),
        last: registers.word(`last_${index}`, metaName === 'active' ? exists : 0),
        image: registers.word(`image_${index}`, exists * imageBits),
      };
    };
    this.#r = {
      written: registers.word('wr_bank', this.#single ? 0 : 1),
      read: registers.word('rd_bank', this.#single ? 0 : 1),
      banks: [bank(0), bank(1)] as const,
    };
    this.#written = this.#r.banks[0];
    this.#read = this.#r.banks[0];
  }

  /** Bank that is filled, and bank that is emptied. */
  get wrBank(): number {
    return this.#r.written.now;
  }

  get rdBank(): number {
    return this.#r.read.now;
  }

  /** Of the frame at the read bank. */
  get meta(): number {
    return this.#read.meta.now;
  }

  get last(): number {
    return this.#read.last.now;
  }

  get image(): number {
    return this.#read.image.now;
  }

  get free(): boolean {
    return this.#written.full.now === 0;
  }

  get ready(): boolean {
    return this.#read.full.now === 1;
  }

  /** Of the frame that begins. */
  takeMeta(meta: number): void {
    this.#written.meta.now = meta;
  }

  commit(last: number, image: number): void {
    const bank = this.#written;
    bank.full.now = 1;
    bank.last.now = last;
    bank.image.now = image;
    if (this.#single) return;
    this.#r.written.now ^= 1;
    this.#written = this.#r.banks[this.#r.written.now === 0 ? 0 : 1];
  }

  release(): void {
    this.#read.full.now = 0;
    if (this.#single) return;
    this.#r.read.now ^= 1;
    this.#read = this.#r.banks[this.#r.read.now === 0 ? 0 : 1];
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
export class FrameBuffer implements Consumer, Source {
  readonly registers: Registers;
  readonly #r;
  readonly data: Uint32Array;
  readonly banks: Banks;
  readonly #o: FrameBufferOptions;
  readonly #offsets: readonly number[];
  readonly #elementWords: number;
  readonly #memory: Uint32Array;
  readonly #metaFirst: boolean;
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
    this.registers = new Registers(file);
    this.banks = new Banks(this.registers, options);
    this.#metaFirst = options.metaName === 'steps';
    this.#offsets = options.offsets;
    this.#elementWords = wordsFor(options.elementBits);
    this.#memory = new Uint32Array(2 * options.elements * this.#elementWords);
    this.#r = {
      wrAddr: this.registers.word('wr_addr', options.addressBits, options.start),
      wrColumn: this.registers.word('wr_column', options.columnBits),
    };
    this.data = this.registers.bank(
      (lane) => `frames[${lane}].unit.rd_data`,
      options.elementBits,
      options.offsets.length,
    );
  }

  get free(): boolean {
    return this.banks.free;
  }

  get ready(): boolean {
    return this.banks.ready || (this.#o.readEarly === true && this.#r.wrAddr.now !== this.#o.start);
  }

  /** Whether the element at `address` has come, of the frame that is read. */
  isWritten(address: number): boolean {
    return this.banks.ready || address < this.#r.wrAddr.now;
  }

  get active(): number {
    return this.banks.meta;
  }

  get last(): number {
    return this.banks.last;
  }

  get image(): number {
    return this.banks.image;
  }

  /** True when the next element is the frame's last. */
  get atLast(): boolean {
    return this.#r.wrAddr.now === this.#o.last;
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
    for (let lane = 0; lane < offsets.length; lane += 1) {
      const address = this.#address + offsets[lane]!;
      const from = (bank + address) * words;
      for (let w = 0; w < words; w += 1) {
        const read = address < elements ? this.#memory[from + w]! : 0;
        this.data[lane * words + w] = read;
      }
    }
  }

  #writeMemory(word: Uint32Array): void {
    const r = this.#r;
    const o = this.#o;
    const words = this.#elementWords;
    const to = (this.banks.wrBank * o.elements + r.wrAddr.now) * words;
    this.#written = true;
    for (let w = 0; w < words; w += 1) this.#memory[to + w] = word[w]!;
    if (this.#metaFirst && r.wrAddr.now === o.start) this.banks.takeMeta(this.#pushedMeta);
    if (r.wrAddr.now === o.last) {
      r.wrAddr.now = o.start;
      r.wrColumn.now = 0;
      // The read bank is another one, or not full: a release in this cycle can't meet this commit.
      if (!this.#metaFirst) this.banks.takeMeta(this.#pushedMeta);
      this.banks.commit(this.#pushedLast, this.#pushedImage);
    } else if (r.wrColumn.now === o.rowElements - 1) {
      r.wrAddr.now += 1 + o.rowPadding;
      r.wrColumn.now = 0;
    } else {
      r.wrAddr.now += 1;
      r.wrColumn.now += 1;
    }
  }
}
