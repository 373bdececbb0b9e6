/** Keeps only the elements that are not zero, each with its index. */
import { bitsFor, indexBits } from '../../../geometry.ts';
import { Banks, type Consumer } from '../../buffer.ts';
import { insert, wordsFor } from '../../packed.ts';
import { copyWords, type RegisterFile, type RegisterList, type Registers } from '../../registers.ts';

export class EventBuffer implements Consumer, Registers {
  #changed = true;
  readonly words: Int32Array;
  readonly banks: Banks;
  /** Memory output: the word below, the element's index above it. */
  readonly data: Uint32Array;
  /** Index of the element in `data`. */
  dataIndex = 0;
  readonly #elements: number;
  readonly #wordBits: number;
  readonly #indexBits: number;
  readonly #countBits: number;
  readonly #depth: number;
  readonly #memory: Uint32Array;
  readonly #indices: Uint32Array;
  readonly #counts = [0, 0];
  #wrIndex = 0;
  #wrCount = 0;
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
    this.banks = new Banks({ metaName: 'active', metaBits: lanes, imageBits });
    this.#elements = elements;
    this.#wordBits = wordBits;
    this.#indexBits = indexBits(elements);
    this.#countBits = bitsFor(elements);
    this.#depth = 2 ** this.#indexBits;
    this.data = new Uint32Array(wordsFor(wordBits + this.#indexBits));
    this.#memory = new Uint32Array(2 * this.#depth * this.data.length);
    this.#indices = new Uint32Array(2 * this.#depth);
    this.words = file.take(this);
  }

  get free(): boolean {
    return this.banks.free;
  }

  get ready(): boolean {
    return this.banks.ready;
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

  /** Events of the frame at the read bank. */
  get count(): number {
    return this.#counts[this.banks.rdBank]!;
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
    return this.#wrIndex === this.#elements - 1;
  }

  update(): void {
    const from = this.banks.rdBank * this.#depth + this.#address;
    if (from !== this.#read || this.#written) this.#readMemory(from);
    if (this.#pushed !== undefined) this.#write(this.#pushed);
    if (this.#releasing) this.banks.release();
    if (this.#pushed !== undefined || this.#releasing) this.#changed = true;
    this.#pushed = undefined;
    this.#releasing = false;
  }

  #readMemory(from: number): void {
    this.#read = from;
    this.#written = false;
    const words = this.data.length;
    for (let w = 0; w < words; w += 1) {
      const read = this.#memory[from * words + w]!;
      if (this.data[w] !== read) this.#changed = true;
      this.data[w] = read;
    }
    this.dataIndex = this.#indices[from]!;
  }

  #write(word: Uint32Array): void {
    let stored = this.#wrCount;
    if (isAnySet(word)) {
      const to = this.banks.wrBank * this.#depth + stored;
      const words = this.data.length;
      for (let w = 0; w < words; w += 1) this.#memory[to * words + w] = word[w] ?? 0;
      insert(this.#memory, to * words, this.#wordBits, this.#indexBits, this.#wrIndex);
      this.#indices[to] = this.#wrIndex;
      this.#written = true;
      stored += 1;
    }
    if (this.#wrIndex === this.#elements - 1) {
      this.#counts[this.banks.wrBank] = stored;
      this.#wrIndex = 0;
      this.#wrCount = 0;
      this.banks.takeMeta(this.#pushedActive);
      this.banks.commit(this.#pushedLast, this.#pushedImage);
    } else {
      this.#wrIndex += 1;
      this.#wrCount = stored;
    }
  }

  list(list: RegisterList): void {
    this.banks.list(list);
    list.word('wr_index', this.#indexBits);
    list.word('wr_count', this.#countBits);
    list.word('count_0', this.#countBits);
    list.word('count_1', this.#countBits);
    list.word('rd_data', this.#wordBits + this.#indexBits);
  }

  refresh(): void {
    if (!this.#changed) return;
    this.#changed = false;
    const { words } = this;
    let at = this.banks.sample(words, 0);
    words[at++] = this.#wrIndex;
    words[at++] = this.#wrCount;
    words[at++] = this.#counts[0]!;
    words[at++] = this.#counts[1]!;
    copyWords(this.data, words, at);
  }
}

function isAnySet(word: Uint32Array): boolean {
  for (let w = 0; w < word.length; w += 1) if (word[w] !== 0) return true;
  return false;
}
