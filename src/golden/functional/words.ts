/** A stream's words by the thousand: four time steps at once, one in each lane of a vector. */
import type { StreamPlan } from '../../plan/schema/index.ts';
import { Jump, jump } from '../stream.ts';
import {
  type Arena,
  type Code,
  constant,
  get,
  i32,
  i32x4,
  repeat,
  sequence,
  set,
  v128,
  type WasmFunction,
  type WasmMemory,
} from './wasm.ts';

/** Time steps whose words are drawn together. */
export const blockSteps = 4;

/** Random words for one image after another. */
export interface WordSource {
  /** Words of a time step. */
  readonly perStep: number;
  /**
   * Draws the words of the next `blockSteps` time steps, [time step of the block][word]; those beyond the image's last are
   * other words, never used.
   */
  nextBlock(block: Uint16Array): void;
  /** Moves to the start of the next image, whatever number of blocks was drawn. */
  nextImage(): void;
}

/** Where the words of a block lie. */
export class WordBlock {
  readonly at: number;
  readonly #length: number;

  constructor(arena: Arena, perStep: number) {
    this.#length = blockSteps * perStep;
    this.at = arena.place(2 * this.#length);
  }

  view({ buffer }: WasmMemory): Uint16Array {
    return new Uint16Array(buffer, this.at, this.#length);
  }
}

/** The words of the plan's streams. */
export class Words implements WordSource {
  readonly perStep: number;
  readonly #stream: StreamPlan;
  readonly #block: WordBlock;
  readonly #statesAt: number;
  readonly #nextStep: Jump;
  readonly #nextImage: Jump;
  #states: Uint32Array = new Uint32Array(blockSteps);
  #fill: (argument: number) => number = () => 0;
  #image: number;
  #state: number;

  /** Stands at the start of image `firstImage` (its position since reset). */
  constructor(stream: StreamPlan, maxSteps: number, firstImage: number, block: WordBlock, arena: Arena) {
    const perStep = BigInt(stream.wordsPerTimeStep);
    const perImage = BigInt(maxSteps) * perStep;
    this.#stream = stream;
    this.perStep = stream.wordsPerTimeStep;
    this.#block = block;
    this.#statesAt = arena.place(4 * blockSteps);
    this.#nextStep = new Jump(stream, perStep);
    this.#nextImage = new Jump(stream, perImage);
    this.#image = jump(stream.seed, stream, BigInt(firstImage) * perImage);
    this.#state = this.#image;
  }

  /** `fill` is the compiled `drawing`. */
  attach({ buffer }: WasmMemory, fill: (argument: number) => number): void {
    this.#states = new Uint32Array(buffer, this.#statesAt, blockSteps);
    this.#fill = fill;
  }

  nextBlock(): void {
    for (let step = 0; step < blockSteps; step += 1) {
      this.#states[step] = this.#state;
      this.#state = this.#nextStep.apply(this.#state);
    }
    this.#fill(0);
  }

  nextImage(): void {
    this.#image = this.#nextImage.apply(this.#image);
    this.#state = this.#image;
  }

  /** From the four states to all words of the block. */
  drawing(): WasmFunction {
    const [, cursor, state] = [0, 1, 2];
    const { taps, leap } = this.#stream;
    const stores = Array.from({ length: blockSteps }, (_, step) =>
      // The low half of each 32-bit lane.
      v128.store16Lane(get(cursor), get(state), this.#block.at + 2 * step * this.perStep, 2 * step),
    );
    const feedback = taps
      .map((tap): Code => (tap === 0 ? get(state) : i32x4.shiftRight(get(state), constant(tap))))
      .reduce((sum, term) => v128.xor(sum, term));
    const next = v128.or(i32x4.shiftRight(get(state), constant(leap)), i32x4.shiftLeft(feedback, constant(32 - leap)));
    const body = sequence(
      set(state, v128.load(constant(this.#statesAt))),
      set(cursor, constant(0)),
      repeat(
        sequence(...stores, set(state, next), set(cursor, i32.add(get(cursor), constant(2)))),
        i32.lessUnsigned(get(cursor), constant(2 * this.perStep)),
      ),
      constant(0),
    );
    return { integers: 1, vectors: 1, body };
  }
}
