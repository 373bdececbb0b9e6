/** Keeps only the elements that are not zero, each with its index. */
import { bitsFor, indexBits } from '../../../geometry.ts';
import { Banks, type Consumer } from '../../buffer.ts';
import { insert } from '../../packed.ts';
import { type RegisterFile, Registers } from '../../registers.ts';

export class EventBuffer implements Consumer {
  readonly registers: Registers;
  readonly #r;
  readonly banks: Banks;
  /** Memory output: the word below, the element's index above it. */
  readonly data: Uint32Array;
  /** Index of the element in `data`. */
  dataIndex = 0;
  readonly #elements: number;
  readonly #wordBits: number;
  readonly #indexBits: number;
  readonly #depth: number;
  readonly #memory: Uint32Array;
  readonly #indices: Uint32Array;
  #address = 0;
  /** Where `data` was read, and whether the memory was written since. */
  #read = -1;
  #written = false;
  #releasing = false;
  #pushed: Uint32Array | undefined;
  #pushedActive = 0;
  #pushedLast = 0;
  #pushedImage = 0;

  /** Frames of `elements` words of `wordBits` each; `lanes` is the width of the active registers, `imageBits` that of an image's number (0: none). */
  constructor(file: RegisterFile, elements: number, wordBits: number, lanes: number, imageBits: number) {
    this.registers = new Registers(file);
    this.banks = new Banks(this.registers, { metaName: 'active', metaBits: lanes, imageBits });
    this.#elements = elements;
    this.#wordBits = wordBits;
    this.#indexBits = indexBits(elements);
    this.#depth = 2 ** this.#indexBits;
    const countBits = bitsFor(elements);
    this.#r = {
      wrIndex: this.registers.word('wr_index', this.#indexBits),
      wrCount: this.registers.word('wr_count', countBits),
      counts: [this.registers.word('count_0', countBits), this.registers.word('count_1', countBits)],
    };
    this.data = this.registers.wide('rd_data', wordBits + this.#indexBits);
    this.#memory = new Uint32Array(2 * this.#depth * this.data.length);
    this.#indices = new Uint32Array(2 * this.#depth);
  }

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

  /** Events of the frame at the read bank. */
  get count(): number {
    return this.#r.counts[this.banks.rdBank]!.now;
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
    this.#pushedActive = active;
    this.#pushedLast = last;
    return this.#r.wrIndex.now === this.#elements - 1;
  }

  update(): void {
    const from = this.banks.rdBank * this.#depth + this.#address;
    if (from !== this.#read || this.#written) this.#readMemory(from);
    if (this.#pushed !== undefined) this.#write(this.#pushed);
    if (this.#releasing) this.banks.release();
    this.#pushed = undefined;
    this.#releasing = false;
  }

  #readMemory(from: number): void {
    this.#read = from;
    this.#written = false;
    const words = this.data.length;
    for (let w = 0; w < words; w += 1) {
      const read = this.#memory[from * words + w]!;
      this.data[w] = read;
    }
    this.dataIndex = this.#indices[from]!;
  }

  #write(word: Uint32Array): void {
    const r = this.#r;
    let stored = r.wrCount.now;
    if (isAnySet(word)) {
      const to = this.banks.wrBank * this.#depth + stored;
      const words = this.data.length;
      for (let w = 0; w < words; w += 1) this.#memory[to * words + w] = word[w] ?? 0;
      insert(this.#memory, to * words, this.#wordBits, this.#indexBits, r.wrIndex.now);
      this.#indices[to] = r.wrIndex.now;
      this.#written = true;
      stored += 1;
    }
    if (r.wrIndex.now === this.#elements - 1) {
      r.counts[this.banks.wrBank]!.now = stored;
      r.wrIndex.now = 0;
      r.wrCount.now = 0;
      this.banks.takeMeta(this.#pushedActive);
      this.banks.commit(this.#pushedLast, this.#pushedImage);
    } else {
      r.wrIndex.now += 1;
      r.wrCount.now = stored;
    }
  }
}

function isAnySet(word: Uint32Array): boolean {
  for (let w = 0; w < word.length; w += 1) if (word[w] !== 0) return true;
  return false;
}
