/**
 * Words of a strong generator in place of the LFSRs, to show what the LFSRs cost: ChaCha20 (RFC 8439) in counter mode. Word number i of
 * (stream, image, time step) depends on these alone.
 */
import { blockSteps, type WordSource } from './words.ts';

const wordsPerBlock = 32;

/** RFC 8439, section 2.3: 16 words of output for a state of 16 words. `output` and `input` must differ. */
export function chachaBlock(input: Int32Array, output: Int32Array): void {
  let a0 = input[0]!;
  let a1 = input[1]!;
  let a2 = input[2]!;
  let a3 = input[3]!;
  let b0 = input[4]!;
  let b1 = input[5]!;
  let b2 = input[6]!;
  let b3 = input[7]!;
  let c0 = input[8]!;
  let c1 = input[9]!;
  let c2 = input[10]!;
  let c3 = input[11]!;
  let d0 = input[12]!;
  let d1 = input[13]!;
  let d2 = input[14]!;
  let d3 = input[15]!;
  // Two rounds a turn: columns, then diagonals. Written out, so that the state stays in registers.
  for (let round = 0; round < 20; round += 2) {
    a0 = (a0 + b0) | 0;
    d0 = left(d0 ^ a0, 16);
    c0 = (c0 + d0) | 0;
    b0 = left(b0 ^ c0, 12);
    a0 = (a0 + b0) | 0;
    d0 = left(d0 ^ a0, 8);
    c0 = (c0 + d0) | 0;
    b0 = left(b0 ^ c0, 7);

    a1 = (a1 + b1) | 0;
    d1 = left(d1 ^ a1, 16);
    c1 = (c1 + d1) | 0;
    b1 = left(b1 ^ c1, 12);
    a1 = (a1 + b1) | 0;
    d1 = left(d1 ^ a1, 8);
    c1 = (c1 + d1) | 0;
    b1 = left(b1 ^ c1, 7);

    a2 = (a2 + b2) | 0;
    d2 = left(d2 ^ a2, 16);
    c2 = (c2 + d2) | 0;
    b2 = left(b2 ^ c2, 12);
    a2 = (a2 + b2) | 0;
    d2 = left(d2 ^ a2, 8);
    c2 = (c2 + d2) | 0;
    b2 = left(b2 ^ c2, 7);

    a3 = (a3 + b3) | 0;
    d3 = left(d3 ^ a3, 16);
    c3 = (c3 + d3) | 0;
    b3 = left(b3 ^ c3, 12);
    a3 = (a3 + b3) | 0;
    d3 = left(d3 ^ a3, 8);
    c3 = (c3 + d3) | 0;
    b3 = left(b3 ^ c3, 7);

    a0 = (a0 + b1) | 0;
    d3 = left(d3 ^ a0, 16);
    c2 = (c2 + d3) | 0;
    b1 = left(b1 ^ c2, 12);
    a0 = (a0 + b1) | 0;
    d3 = left(d3 ^ a0, 8);
    c2 = (c2 + d3) | 0;
    b1 = left(b1 ^ c2, 7);

    a1 = (a1 + b2) | 0;
    d0 = left(d0 ^ a1, 16);
    c3 = (c3 + d0) | 0;
    b2 = left(b2 ^ c3, 12);
    a1 = (a1 + b2) | 0;
    d0 = left(d0 ^ a1, 8);
    c3 = (c3 + d0) | 0;
    b2 = left(b2 ^ c3, 7);

    a2 = (a2 + b3) | 0;
    d1 = left(d1 ^ a2, 16);
    c0 = (c0 + d1) | 0;
    b3 = left(b3 ^ c0, 12);
    a2 = (a2 + b3) | 0;
    d1 = left(d1 ^ a2, 8);
    c0 = (c0 + d1) | 0;
    b3 = left(b3 ^ c0, 7);

    a3 = (a3 + b0) | 0;
    d2 = left(d2 ^ a3, 16);
    c1 = (c1 + d2) | 0;
    b0 = left(b0 ^ c1, 12);
    a3 = (a3 + b0) | 0;
    d2 = left(d2 ^ a3, 8);
    c1 = (c1 + d2) | 0;
    b0 = left(b0 ^ c1, 7);
  }
  output[0] = a0 + input[0]!;
  output[1] = a1 + input[1]!;
  output[2] = a2 + input[2]!;
  output[3] = a3 + input[3]!;
  output[4] = b0 + input[4]!;
  output[5] = b1 + input[5]!;
  output[6] = b2 + input[6]!;
  output[7] = b3 + input[7]!;
  output[8] = c0 + input[8]!;
  output[9] = c1 + input[9]!;
  output[10] = c2 + input[10]!;
  output[11] = c3 + input[11]!;
  output[12] = d0 + input[12]!;
  output[13] = d1 + input[13]!;
  output[14] = d2 + input[14]!;
  output[15] = d3 + input[15]!;
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
