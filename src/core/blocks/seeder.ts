/** Start states of the lanes of a random stream (docs/microarchitecture.md, "Seeder"). */
import { type Bool, enumeration, type ModuleBuilder, type UInt, uint } from '../../hdl/index.ts';
import type { StreamPlan } from '../../plan/index.ts';
import { streamDegree, unsignedBits } from '../../plan/index.ts';
import { jumpForward } from './linear.ts';
import { counter } from './parts.ts';

export interface Seeder {
  /** Nothing to do: a pass may start. */
  readonly resting: Bool;
  /** Lanes are being loaded: no lane may draw. */
  readonly loading: Bool;
  /** The state to load. */
  readonly seed: UInt;
  /** The lane that loads it, now. */
  readonly loadLane: (lane: number) => Bool;
  /** Between two images. */
  readonly fresh: () => Bool;
}

export interface SeederOptions {
  readonly stream: StreamPlan;
  readonly timeLanes: number;
  readonly maxTimeSteps: number;
  /** The pass begins. */
  readonly start: Bool;
  /** It is the last one of its image. */
  readonly last: Bool;
  /** Early exit: a new image waits, the one before is over. */
  readonly newImage?: Bool | undefined;
  /** The whole next image is passed over. */
  readonly skip: Bool;
}

/**
 * Walks over the start states of the time steps of each image: the pass takes one for each lane, and after an image's last
 * pass the walk goes on to the next image's first time step.
 */
export function seeder(m: ModuleBuilder, options: SeederOptions): Seeder {
  const { stream, timeLanes, maxTimeSteps, start, last, newImage, skip } = options;
  m.section('Seeder: start states of the time steps');
  const seeding = m.register('seeding', enumeration('seeding', ['rest', 'load', 'skip']), { reset: 'rest' });
  const seed = m.register('seed', uint(streamDegree), { reset: stream.seed });
  const step = m.register('step', uint(unsignedBits(maxTimeSteps)), { reset: 0 });
  const lane = counter(m, 'load_lane', timeLanes - 1);
  const seedLast = m.register('seed_last', last.type, { reset: 0 });

  const nextSeed = m.name('next_seed', jumpForward(seed, stream, stream.wordsPerTimeStep));
  const stepsLeft = m.name('steps_left', step.lessThan(maxTimeSteps));
  const leftOver = newImage === undefined ? undefined : m.name('steps_left_over', newImage.and(step.notEquals(0)));
  const advance = () => {
    m.when(stepsLeft, () => {
      m.next(seed, nextSeed);
      m.next(step, step.addWrap(1));
    });
  };
  const lastLaneLoaded = () => {
    m.when(seedLast, () => m.next(seeding, 'skip')).otherwise(() => m.next(seeding, 'rest'));
  };
  m.switch(seeding, {
    rest: () => {
      const starts = m.when(start, () => {
        m.next(seeding, 'load');
        m.next(seedLast, last);
      });
      starts.elseWhen(leftOver ? leftOver.or(skip) : skip, () => m.next(seeding, 'skip'));
    },
    load: () => {
      advance();
      if (lane === undefined) {
        lastLaneLoaded();
      } else {
        m.when(lane.equals(timeLanes - 1), () => {
          m.next(lane, 0);
          lastLaneLoaded();
        }).otherwise(() => m.next(lane, lane.addWrap(1)));
      }
    },
    skip: () => {
      m.when(stepsLeft, () => {
        m.next(seed, nextSeed);
        m.next(step, step.addWrap(1));
      }).otherwise(() => {
        m.next(step, 0);
        m.next(seeding, 'rest');
      });
    },
  });
  const loading = m.name('seeder_loading', seeding.is('load'));
  return {
    resting: m.name('seeder_resting', leftOver ? seeding.is('rest').and(leftOver.not()) : seeding.is('rest')),
    loading,
    seed,
    loadLane: (index) => (lane === undefined ? loading : loading.and(lane.equals(index))),
    fresh: () => seeding.is('rest').and(step.equals(0)),
  };
}
