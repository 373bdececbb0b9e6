/** Random words: LFSRs that leap, and how they come to the start of a time step. */
import type { ModuleBuilder } from '../../hdl/index.ts';
import type { Seeding } from '../../plan/index.ts';
import { seeder } from './seeder.ts';
import { unseededStream } from './unseeded.ts';
import type { PassWords, StreamShape, WordStreams } from './words.ts';

export { wordsLater } from './lfsr.ts';
export { seeder } from './seeder.ts';
export {
  type LaneWords,
  laneState,
  laneWords,
  type PassWords,
  type StreamShape,
  type WordStreams,
} from './words.ts';

/** The streams of a bank. */
export function wordStreams(m: ModuleBuilder, seeding: Seeding, shape: StreamShape, pass: PassWords): WordStreams {
  return seeding === 'none' ? unseededStream(m, shape, pass) : seeder(m, shape, pass);
}
