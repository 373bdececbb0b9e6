/** Start states of the lanes of a random stream (docs/microarchitecture.md, "Seeder"). */
import { bool, counter, enumeration, type ModuleBuilder, uint } from '../../hdl/index.ts';
import { streamDegree, unsignedBits } from '../../plan/index.ts';
import { wordsLater } from './lfsr.ts';
import type { PassWords, StreamShape, WordStreams } from './words.ts';

/**
 * Walks over the start states of the time steps of each image: the pass takes one for each lane, and after an image's last
 * pass the walk goes on to the next image's first time step.
 */
export function seeder(
  m: ModuleBuilder,
  shape: StreamShape,
  pass: Pick<PassWords, 'start' | 'startLast' | 'newImage' | 'skip'>,
): WordStreams {
  const { stream, lanes, maxTimeSteps } = shape;
  m.section('Seeder: start states of the time steps');
  const seeding = m.register('seeding', enumeration('seeding', ['rest', 'load', 'skip']), { reset: 'rest' });
  const seed = m.register('seed', uint(streamDegree), { reset: stream.seed });
  const step = m.register('step', uint(unsignedBits(maxTimeSteps)), { reset: 0 });
  const lane = counter(m, 'load_lane', lanes);
  const seedLast = m.register('seed_last', bool(), { reset: 0 });

  m.comment(`The state of the next time step: ${stream.wordsPerTimeStep} words of ${stream.leap} bits later.`);
  const nextSeed = m.name('next_seed', wordsLater(seed, stream, stream.wordsPerTimeStep));
  const stepsLeft = m.name('steps_left', step.lessThan(maxTimeSteps));
  const leftOver = pass.newImage && m.name('steps_left_over', pass.newImage.and(step.notEquals(0)));
  const advance = () => {
    m.next(seed, nextSeed);
    m.next(step, step.addWrap(1));
  };
  m.switch(seeding, {
    rest: () => {
      const starts = m.when(pass.start, () => {
        m.next(seeding, 'load');
        m.next(seedLast, pass.startLast);
      });
      starts.elseWhen(leftOver ? leftOver.or(pass.skip) : pass.skip, () => m.next(seeding, 'skip'));
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
  if (shape.lockup) {
    m.comment('The state 0 is its own successor: the stream begins anew.');
    const locked = m.name('locked', seed.equals(0));
    m.when(locked, () => m.next(seed, stream.seed));
    m.assign(shape.lockup.locked, locked);
  }
  const loading = m.name('seeder_loading', seeding.is('load'));
  const atRest = seeding.is('rest');
  return {
    resting: m.name('seeder_resting', leftOver ? atRest.and(leftOver.not()) : atRest),
    loading,
    fresh: () => atRest.and(step.equals(0)),
    lanes: {
      load: Array.from({ length: lanes }, (_, index) => loading.and(lane.value.equals(index))),
      ...{ seed, advance: undefined },
    },
  };
}
