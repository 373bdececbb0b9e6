/** What blocks that draw random words have in common. */
import { type Bool, bool, input, type ModuleBuilder, type UInt, uint, when } from '../../hdl/index.ts';
import { type Seeding, type StreamPlan, streamDegree } from '../../plan/index.ts';
import type { LockupIn } from '../monitors/links.ts';
import { wordsLater } from './lfsr.ts';

export interface StreamShape {
  /** Name of the core, and of the block that draws from the stream. */
  readonly core: string;
  readonly owner: string;
  readonly stream: StreamPlan;
  readonly lanes: number;
  readonly maxTimeSteps: number;
  /** Who is told when the stream stands still; with it the stream starts again from its seed. */
  readonly lockup?: LockupIn | undefined;
  /** Somebody wants to know when the stream is between two images. */
  readonly asksFresh?: boolean | undefined;
}

/** When an image's passes begin and draw. */
export interface PassWords {
  /** A pass begins; it is its image's last one. */
  readonly start: Bool;
  readonly startLast: Bool;
  /** A neuron takes a word in every lane; the pass that it is of is its image's last one. */
  readonly draw: Bool;
  readonly last: Bool;
  /** Early exit: a new image waits, the one before is over. */
  readonly newImage: Bool | undefined;
  /** The whole next image is passed over. */
  readonly skip: Bool;
}

/** What moves the LFSR of a lane: a start state, or words that are used up or skipped. */
export interface LaneWords {
  readonly load: Bool | undefined;
  readonly seed: UInt | undefined;
  readonly advance: Bool | undefined;
}

/** What moves the LFSRs of all lanes. */
export interface LanesWords {
  /** For each lane. */
  readonly load: readonly Bool[] | undefined;
  readonly seed: UInt | undefined;
  readonly advance: Bool | undefined;
}

/** The streams of a bank of lanes. */
export interface WordStreams {
  /** Nothing to do: a pass may start. */
  readonly resting: Bool;
  /** Lanes are being loaded: no lane may draw. */
  readonly loading: Bool;
  /** Between two images. */
  readonly fresh: () => Bool;
  readonly lanes: LanesWords;
}

/** The ports of a lane for its words. */
export function laneWords(seeding: Seeding) {
  return {
    load: when(seeding === 'seeder', input(bool(), 'takes the seed')),
    seed: when(seeding === 'seeder', input(uint(streamDegree), 'start state of the time step')),
    advance: when(seeding === 'none', input(bool(), 'a word is used up or skipped')),
  };
}

/** The LFSR of a lane, `words` further after each draw. */
export function laneState(m: ModuleBuilder, stream: StreamPlan, words: LaneWords, draw: Bool, perDraw = 1): UInt {
  const { load, seed, advance } = words;
  const state = m.register('noise', uint(streamDegree), { reset: seed ? 1 : stream.seed });
  // Names for what differs between streams.
  for (const [i, tap] of stream.taps.entries()) m.constant(`TAP_${i}`, tap);
  const moves = () => m.next(state, wordsLater(state, stream, perDraw));
  if (load && seed) m.when(load, () => m.next(state, seed)).elseWhen(draw, moves);
  else m.when(advance ?? draw, moves);
  return state;
}
