/** Keeps only the elements that are not zero, each with its index. */
import { bitsFor, indexBits } from '../../../geometry.ts';
import { BankedBuffer, type Pushed } from '../../buffer.ts';
import { insert } from '../../packed.ts';
import type { RegisterFile } from '../../registers.ts';

export class EventBuffer extends BankedBuffer {
  readonly #r;
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
  /** Where `data` was read, and whether the memory was written since. */
  #read = -1;
  #written = false;

  /** Frames of `elements` words of `wordBits` each; `lanes` is the width of the active registers, `imageBits` that of an image's number (0: none). */
  constructor(file: RegisterFile, elements: number, wordBits: number, lanes: number, imageBits: number) {
    super(file, { metaName: 'active', metaBits: lanes, imageBits });
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

  /** Events of the frame at the read bank. */
  get count(): number {
    return this.#r.counts[this.banks.rdBank]!.now;
  }

  get atLast(): boolean {
    return this.#r.wrIndex.now === this.#elements - 1;
  }

  protected readMemory(address: number): void {
    const from = this.banks.rdBank * this.#depth + address;
    if (from === this.#read && !this.#written) return;
    this.#read = from;
    this.#written = false;
    const words = this.data.length;
    for (let w = 0; w < words; w += 1) this.data[w] = this.#memory[from * words + w]!;
    this.dataIndex = this.#indices[from]!;
  }

  protected writeMemory({ word, active, last, image }: Pushed): void {
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
    if (this.atLast) {
      r.counts[this.banks.wrBank]!.now = stored;
      r.wrIndex.now = 0;
      r.wrCount.now = 0;
      this.banks.takeMeta(active);
      this.banks.commit(last, image);
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
