/** What a board says of an image, and what it is told before. */
import { addressOf } from './connection.ts';

/** How images are sent. */
export interface ClassifyOptions {
  /** Time steps of each image; those that the core has without. */
  readonly timeSteps?: number | undefined;
  /** Early exit: lead of the best score that answers an image. */
  readonly exitMargin?: number | undefined;
  /** Number of the first image, its place in the random streams; that which the core has reached without. */
  readonly firstImage?: number | undefined;
  /** Registers of the core itself, by word address, such as those of its monitors: written before the images, and again after each restart of the core. */
  readonly registers?: ReadonlyMap<number, number> | undefined;
  /** An answer whose best score leads by less abstains. */
  readonly abstainBelow?: number | undefined;
}

/** What a board says of one image. */
export interface Answer {
  /** Its place in the random streams: the golden model gives the same scores for it, bit by bit. */
  readonly image: number;
  readonly scores: Int32Array;
  readonly class: number;
  /** Lead of the best score. */
  readonly margin: number;
  /** True when `margin` is below the limit, or the core says so (docs/monitors.md): the class means nothing then. */
  readonly abstains: boolean;
  /** Time steps that the answer took, on a core with early exit; 0 otherwise. */
  readonly stepsUsed: number;
}

/** A register that has to have a value. */
export interface Setting {
  readonly at: number;
  readonly value: number;
}

export function settingsOf({ timeSteps, exitMargin, registers = new Map() }: ClassifyOptions): Setting[] {
  return [
    ...(timeSteps === undefined ? [] : [{ at: addressOf('TIME_STEPS'), value: timeSteps }]),
    ...(exitMargin === undefined ? [] : [{ at: addressOf('EXIT_MARGIN'), value: exitMargin }]),
    ...[...registers].map(([at, value]) => ({ at, value })),
  ];
}

export function answerOf(words: Uint32Array, classes: number, abstainBelow = 0): Answer {
  const scores = Int32Array.from(words.subarray(1, 1 + classes), (word) => word | 0);
  const last = words[classes + 1]!;
  const ranked = [...scores].sort((a, b) => b - a);
  const margin = classes === 1 ? 0 : ranked[0]! - ranked[1]!;
  return {
    image: words[0]!,
    scores,
    class: last & 0xffff,
    margin,
    abstains: margin < abstainBelow || last >>> 31 === 1,
    stepsUsed: (last >>> 16) & 0x7fff,
  };
}
