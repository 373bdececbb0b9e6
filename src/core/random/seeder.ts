/** Start states of the lanes of a random stream (docs/microarchitecture.md, "Seeder"). */
import {
  bool,
  component,
  counter,
  enumeration,
  flip,
  input,
  type ModuleBuilder,
  output,
  uint,
  when,
} from '../../hdl/index.ts';
import { streamDegree, unsignedBits } from '../../plan/index.ts';
import { clocked } from '../links/index.ts';
import { lockupLink } from '../monitors/links.ts';
import { bits, packed } from '../parts/fit.ts';
import { wordsLater } from './lfsr.ts';
import type { PassWords, StreamShape, WordStreams } from './words.ts';

type Pass = Pick<PassWords, 'start' | 'startLast' | 'newImage' | 'skip'>;

interface SeederOptions extends Omit<StreamShape, 'lockup'> {
  /** Images can end before their last pass. */
  readonly dropsImages: boolean;
  readonly guarded: boolean;
}

/**
 * Walks over the start states of the time steps of each image: the pass takes one for each lane, and after an image's last
 * pass the walk goes on to the next image's first time step.
 */
function seederModule({ core, owner, stream, lanes, maxTimeSteps, dropsImages, guarded, asksFresh }: SeederOptions) {
  const ports = {
    ...clocked,
    start: input(bool(), 'a pass begins'),
    startLast: input(bool(), "it is the image's last"),
    newImage: when(dropsImages, input(bool(), 'a new image waits, the one before is over')),
    skip: input(bool(), 'the words go on to the next image'),
    lockup: when(guarded, flip(lockupLink())),
    seed: output(uint(streamDegree), 'start state of the lane that loads'),
    load: output(uint(lanes), 'the lane takes the seed'),
    loading: output(bool(), 'no words yet'),
    resting: output(bool(), 'a pass can begin'),
    fresh: when(asksFresh === true, output(bool(), 'between two images')),
  };
  return component(
    `${core}_${owner}_seeder`,
    ports,
    (m, io) => {
      m.doc('Start states of the time steps: one for each lane of a pass, and over those that an image leaves unused.');
      m.constant('SEED', stream.seed);
      const seeding = m.register('seeding', enumeration('seeding', ['rest', 'load', 'skip']), { reset: 'rest' });
      const seed = m.outputRegister(io.seed, { reset: stream.seed });
      const step = m.register('step', uint(unsignedBits(maxTimeSteps)), { reset: 0 });
      const lane = counter(m, 'load_lane', lanes);
      const seedLast = m.register('seed_last', bool(), { reset: 0 });

      m.comment(`The state of the next time step: ${stream.wordsPerTimeStep} words of ${stream.leap} bits later.`);
      const nextSeed = m.name('next_seed', wordsLater(seed, stream, stream.wordsPerTimeStep));
      const stepsLeft = m.name('steps_left', step.lessThan(maxTimeSteps));
      const leftOver = io.newImage && m.name('steps_left_over', io.newImage.and(step.notEquals(0)));
      const advance = () => {
        m.next(seed, nextSeed);
        m.next(step, step.addWrap(1));
      };
      m.switch(seeding, {
        rest: () => {
          const starts = m.when(io.start, () => {
            m.next(seeding, 'load');
            m.next(seedLast, io.startLast);
          });
          starts.elseWhen(leftOver ? leftOver.or(io.skip) : io.skip, () => m.next(seeding, 'skip'));
        },
        load: () => {
          m.when(stepsLeft, advance);
          lane.step();
          m.when(lane.atLast, () => {
            m.when(seedLast, () => m.next(seeding, 'skip')).otherwise(() => m.next(seeding, 'rest'));
          });
        },
        skip: () => {
          m.when(stepsLeft, advance).otherwise(() => {
            m.next(step, 0);
            m.next(seeding, 'rest');
          });
        },
      });
      if (io.lockup) {
        m.comment('The state 0 is its own successor: the stream begins anew.');
        const locked = m.name('locked', seed.equals(0));
        m.when(locked, () => m.next(seed, stream.seed));
        m.assign(io.lockup.locked, locked);
      }
      const atRest = seeding.is('rest');
      const loading = m.name('loads', seeding.is('load'));
      m.assign(io.loading, loading);
      m.assign(io.load, packed(Array.from({ length: lanes }, (_, index) => loading.and(lane.value.equals(index)))));
      m.assign(io.resting, leftOver ? atRest.and(leftOver.not()) : atRest);
      if (io.fresh) m.assign(io.fresh, atRest.and(step.equals(0)));
    },
    { family: `${core}_seeder` },
  );
}

/** Places the seeder of a stream. */
export function seeder(m: ModuleBuilder, shape: StreamShape, pass: Pass): WordStreams {
  const { lockup, ...own } = shape;
  const unit = seederModule({ ...own, dropsImages: pass.newImage !== undefined, guarded: lockup !== undefined });
  const { start, startLast, newImage, skip } = pass;
  const placed = m.place('seeder', unit, { start, startLast, newImage, skip, lockup });
  const { resting, loading, seed, load } = placed;
  const fresh = () => {
    if (placed.fresh === undefined) throw new TypeError('a stream is asked whether it is fresh and was not made so');
    return placed.fresh;
  };
  return { resting, loading, fresh, lanes: { load: bits(load), seed, advance: undefined } };
}
