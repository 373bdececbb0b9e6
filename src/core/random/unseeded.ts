/** Random streams of a core with one time lane, which need no start states (docs/microarchitecture.md, "Streams without a seeder"). */
import { bool, counter, lit, type ModuleBuilder } from '../../hdl/index.ts';
import type { PassWords, StreamShape, WordStreams } from './words.ts';

/** Counts the words of an image; after its last pass draws those of the time steps that it left unused. */
export function unseededStream(m: ModuleBuilder, { stream, maxTimeSteps }: StreamShape, pass: PassWords): WordStreams {
  const { draw, last, newImage, skip } = pass;
  m.section('Words of unused time steps are drawn and thrown away');
  const word = counter(m, 'word_number', stream.wordsPerTimeStep);
  const step = counter(m, 'step', maxTimeSteps, { last: 'at_last_step' });
  const skipping = m.register('skipping', bool(), { reset: 0 });
  const advance = m.name('advance', draw.or(skipping));
  const stepEnds = m.name('step_ends', advance.and(word.atLast));
  m.when(advance, () => word.step());
  m.when(stepEnds, () => {
    step.step();
    m.when(step.atLast, () => m.next(skipping, 0)).otherwise(() => m.next(skipping, skipping.or(last)));
  }).elseWhen(skip, () => m.next(skipping, 1));
  const rests = skipping.not();
  const lanes = { load: undefined, seed: undefined, advance };
  const streams = { loading: lit(0, bool()), fresh: () => rests.and(step.atFirst).and(word.atFirst), lanes };
  if (newImage === undefined || step.count === 1) return { ...streams, resting: rests };
  const leftOver = m.name('steps_left_over', newImage.and(step.value.notEquals(0)));
  m.when(leftOver.and(skipping.not()), () => m.next(skipping, 1));
  return { ...streams, resting: rests.and(leftOver.not()) };
}
