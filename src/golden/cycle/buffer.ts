/** What the two kinds of buffer in front of a layer share. */
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

/** What is pushed into a buffer in this clock. */
export interface Pushed {
  word: Uint32Array;
  active: number;
  last: number;
  image: number;
}

/** A buffer of two banks: what comes in and is asked for in a clock, kept until the edge. */
export abstract class BankedBuffer implements Consumer {
  readonly registers: Registers;
  readonly banks: Banks;
  // This clock's requests.
  #address = 0;
  #releasing = false;
  #pushes = false;
  readonly #pushed: Pushed = { word: new Uint32Array(0), active: 0, last: 0, image: 0 };

  constructor(file: RegisterFile, options: BankOptions) {
    this.registers = new Registers(file);
    this.banks = new Banks(this.registers, options);
  }

  /** True when the next element is the frame's last. */
  abstract readonly atLast: boolean;
  /** The memory's output is what stands at `address` of the frame that is read. */
  protected abstract readMemory(address: number): void;
  protected abstract writeMemory(pushed: Pushed): void;

  get free(): boolean {
    return this.banks.free;
  }

  get ready(): boolean {
    return this.banks.ready;
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

  read(address: number): void {
    this.#address = address;
  }

  release(): void {
    this.#releasing = true;
  }

  push(word: Uint32Array, active: number, last: number, image: number): boolean {
    const pushed = this.#pushed;
    pushed.word = word;
    pushed.active = active;
    pushed.last = last;
    pushed.image = image;
    this.#pushes = true;
    return this.atLast;
  }

  /** In this clock something has been pushed. */
  get pushed(): boolean {
    return this.#pushes;
  }

  update(): void {
    this.readMemory(this.#address);
    if (this.#pushes) this.writeMemory(this.#pushed);
    if (this.#releasing) this.banks.release();
    this.#pushes = false;
    this.#releasing = false;
  }
}
