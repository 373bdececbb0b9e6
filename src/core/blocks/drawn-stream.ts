/** Random streams of a core with one time lane, which need no start states (docs/microarchitecture.md, "Streams without a seeder"). */
import { type Bool, bool, lit, type ModuleBuilder, type UInt } from '../../hdl/index.ts';
import type { StreamPlan } from '../../plan/index.ts';
import { counter } from './parts.ts';

export interface DrawnStream {
  /** Nothing to skip: a pass may start. */
  readonly resting: Bool;
  /** The lane moves on by one word: for a neuron, or to skip the word. */
  readonly advance: Bool;
  /** The next word is an image's first. */
  readonly fresh: () => Bool;
}

export interface DrawnStreamOptions {
  readonly stream: StreamPlan;
  readonly maxTimeSteps: number;
  /** A neuron takes a word. */
  readonly draw: Bool;
  /** The pass is its image's last one. */
  readonly last: Bool;
  /** Early exit: a new image waits, the one before is over. */
  readonly newImage?: Bool | undefined;
  /** The whole next image is passed over. */
  readonly skip: Bool;
}

/** Counts the words of an image; after its last pass draws those of the time steps that it left unused. */
export function drawnStream(m: ModuleBuilder, options: DrawnStreamOptions): DrawnStream {
  const { stream, maxTimeSteps, draw, last, newImage, skip } = options;
  m.section('Words of unused time steps are drawn and thrown away');
  const word = counter(m, 'word_number', stream.wordsPerTimeStep - 1);
  const step = counter(m, 'step', maxTimeSteps - 1);
  const skipping = m.register('skipping', bool(), { reset: 0 });
  const advance = m.name('advance', draw.or(skipping));
  const atEnd = (value: UInt, largest: number) => value.equals(largest);
  const stepEnds = m.name(
    'step_ends',
    word === undefined ? advance : advance.and(atEnd(word, stream.wordsPerTimeStep - 1)),
  );
  const lastStep = step === undefined ? lit(1, bool()) : m.name('at_last_step', atEnd(step, maxTimeSteps - 1));
  if (word !== undefined)
    m.when(stepEnds, () => m.next(word, 0)).elseWhen(advance, () => m.next(word, word.addWrap(1)));
  if (step === undefined) m.unused(last, 'an image has one pass only');
  m.when(stepEnds, () => {
    m.when(lastStep, () => {
      if (step) m.next(step, 0);
      m.next(skipping, 0);
    }).otherwise(() => {
      if (step) m.next(step, step.addWrap(1));
      m.next(skipping, skipping.or(last));
    });
  }).elseWhen(skip, () => m.next(skipping, 1));
  const fresh = () => {
    const atStart = step === undefined ? skipping.not() : step.equals(0).and(skipping.not());
    return word === undefined ? atStart : atStart.and(word.equals(0));
  };
  if (newImage === undefined || step === undefined) return { resting: skipping.not(), advance, fresh };
  const leftOver = m.name('steps_left_over', newImage.and(step.notEquals(0)));
  m.when(leftOver.and(skipping.not()), () => m.next(skipping, 1));
  return { resting: skipping.not().and(leftOver.not()), advance, fresh };
}
