/** The buffer in front of a layer that reads every element, and of the image. */
import { BankedBuffer, type BankOptions, type Pushed, type Source } from './buffer.ts';
import { wordsFor } from './packed.ts';
import type { RegisterFile } from './registers.ts';

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
export class FrameBuffer extends BankedBuffer implements Source {
  readonly #r;
  readonly data: Uint32Array;
  readonly #o: FrameBufferOptions;
  readonly #offsets: readonly number[];
  readonly #elementWords: number;
  readonly #memory: Uint32Array;
  readonly #metaFirst: boolean;
  /** Where `data` was read, and whether the memory was written since. */
  #read = -1;
  #written = false;

  constructor(file: RegisterFile, options: FrameBufferOptions) {
    super(file, options);
    this.#o = options;
    this.#metaFirst = options.metaName === 'steps';
    this.#offsets = options.offsets;
    this.#elementWords = wordsFor(options.elementBits);
    this.#memory = new Uint32Array(2 * options.elements * this.#elementWords);
    this.#r = {
      wrAddr: this.registers.word('wr_addr', options.addressBits, options.start),
      wrColumn: this.registers.word('wr_column', options.columnBits),
    };
    this.data = this.registers.bank(
      (lane) => (this.#metaFirst && options.offsets.length === 1 ? 'image_words' : `frames[${lane}].rd_data`),
      options.elementBits,
      options.offsets.length,
    );
  }

  override get ready(): boolean {
    return this.banks.ready || (this.#o.readEarly === true && this.#r.wrAddr.now !== this.#o.start);
  }

  /** Whether the element at `address` has come, of the frame that is read. */
  isWritten(address: number): boolean {
    return this.banks.ready || address < this.#r.wrAddr.now;
  }

  get atLast(): boolean {
    return this.#r.wrAddr.now === this.#o.last;
  }

  protected readMemory(asked: number): void {
    const { elements } = this.#o;
    const bank = this.banks.rdBank * elements;
    // Most often the output stays as it is.
    const read = 2 * asked + this.banks.rdBank;
    if (read === this.#read && !this.#written) return;
    this.#read = read;
    this.#written = false;
    const offsets = this.#offsets;
    const words = this.#elementWords;
    for (let lane = 0; lane < offsets.length; lane += 1) {
      const address = asked + offsets[lane]!;
      const from = (bank + address) * words;
      for (let w = 0; w < words; w += 1) {
        const read = address < elements ? this.#memory[from + w]! : 0;
        this.data[lane * words + w] = read;
      }
    }
  }

  protected writeMemory({ word, active, last, image }: Pushed): void {
    const r = this.#r;
    const o = this.#o;
    const words = this.#elementWords;
    const to = (this.banks.wrBank * o.elements + r.wrAddr.now) * words;
    this.#written = true;
    for (let w = 0; w < words; w += 1) this.#memory[to + w] = word[w]!;
    if (this.#metaFirst && r.wrAddr.now === o.start) this.banks.takeMeta(active);
    if (r.wrAddr.now === o.last) {
      r.wrAddr.now = o.start;
      r.wrColumn.now = 0;
      // The read bank is another one, or not full: a release in this cycle can't meet this commit.
      if (!this.#metaFirst) this.banks.takeMeta(active);
      this.banks.commit(last, image);
    } else if (r.wrColumn.now === o.rowElements - 1) {
      r.wrAddr.now += 1 + o.rowPadding;
      r.wrColumn.now = 0;
    } else {
      r.wrAddr.now += 1;
      r.wrColumn.now += 1;
    }
  }
}
