/**
 * Words of a strong generator in place of the LFSRs, to show what the LFSRs cost: ChaCha20 (RFC 8439) in counter mode. Word number i of
 * (stream, image, time step) depends on these alone.
 */
import { blockSteps, type WordSource } from './words.ts';

const wordsPerBlock = 32;

/** RFC 8439, section 2.3: 16 words of output for a state of 16 words. `output` and `input` must differ. */
export function chachaBlock(input: Int32Array, output: Int32Array): void {
  output.set(input);
  // Two rounds a turn: columns, then diagonals.
  for (let round = 0; round < 20; round += 2) {
    quarterRound(output, 0, 4, 8, 12);
    quarterRound(output, 1, 5, 9, 13);
    quarterRound(output, 2, 6, 10, 14);
    quarterRound(output, 3, 7, 11, 15);
    quarterRound(output, 0, 5, 10, 15);
    quarterRound(output, 1, 6, 11, 12);
    quarterRound(output, 2, 7, 8, 13);
    quarterRound(output, 3, 4, 9, 14);
  }
  for (let i = 0; i < 16; i += 1) output[i]! += input[i]!;
}

/** RFC 8439, section 2.1, on four words of the state. */
function quarterRound(words: Int32Array, at: number, bt: number, ct: number, dt: number): void {
  let a = words[at]!;
  let b = words[bt]!;
  let c = words[ct]!;
  let d = words[dt]!;
  a = (a + b) | 0;
  d = left(d ^ a, 16);
  c = (c + d) | 0;
  b = left(b ^ c, 12);
  a = (a + b) | 0;
  d = left(d ^ a, 8);
  c = (c + d) | 0;
  b = left(b ^ c, 7);
  words[at] = a;
  words[bt] = b;
  words[ct] = c;
  words[dt] = d;
}

function left(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

export class ChachaWords implements WordSource {
  readonly perStep: number;
  readonly #state: Int32Array;
  readonly #output: Int32Array;
  readonly #words: Uint16Array;
  #image: number;
  #step = 0;

  /** `stream` tells the streams of a network apart; `firstImage` is a position since reset. */
  constructor(seed: number, stream: number, perStep: number, firstImage: number) {
    this.perStep = perStep;
    this.#output = new Int32Array(16);
    this.#words = new Uint16Array(this.#output.buffer);
    this.#image = firstImage;
    const ascii = (text: string) => [0, 1, 2, 3].reduce((word, i) => word | (text.charCodeAt(i) << (8 * i)), 0);
    this.#state = Int32Array.from([...['expa', 'nd 3', '2-by', 'te k'].map(ascii), seed, stream, ...Array(10).fill(0)]);
  }

  nextBlock(block: Uint16Array): void {
    for (let step = 0; step < blockSteps; step += 1, this.#step += 1) this.#drawStep(block, step * this.perStep);
  }

  nextImage(): void {
    this.#image += 1;
    this.#step = 0;
  }

  #drawStep(block: Uint16Array, from: number): void {
    const state = this.#state;
    state[13] = this.#step;
    state[14] = this.#image;
    state[15] = Math.floor(this.#image / 2 ** 32);
    for (let i = 0; i < this.perStep; i += wordsPerBlock) {
      state[12] = i;
      chachaBlock(state, this.#output);
      const count = Math.min(wordsPerBlock, this.perStep - i);
      for (let w = 0; w < count; w += 1) block[from + i + w] = this.#words[w]!;
    }
  }
}
