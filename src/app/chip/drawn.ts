/** Chips drawn of one choice, and what they answer. */
import { type Assumptions, type BuiltChip, drawChip } from '../../estimate/index.ts';
import { type Classification, classifyImages } from '../../golden/index.ts';
import type { Plan } from '../../plan/index.ts';
import { shareRight } from '../accuracy.ts';
import type { LoadedImages } from '../images.ts';

/** What the drawn chips answered. */
export interface DrawnAnswers {
  /** The first chip: its plan, its answers after each of `firstSteps`, and the share of a column's ideal current that arrives, least of all. */
  readonly plan: Plan;
  readonly first: Classification;
  readonly leastReach: number;
  /** Share that each chip has right after `timeSteps`; empty without labels. */
  readonly rights: readonly number[];
}

/** Classifies the images with each of the chips, which are seeded with 1, 2, ... */
export async function classifyDrawn(
  plan: Plan,
  chip: BuiltChip,
  assumptions: Assumptions,
  { pixels, labels }: Pick<LoadedImages, 'pixels' | 'labels'>,
  {
    chips,
    timeSteps,
    firstSteps = timeSteps,
  }: { readonly chips: number; readonly timeSteps: number; readonly firstSteps?: number },
): Promise<DrawnAnswers> {
  const rights: number[] = [];
  let first: Omit<DrawnAnswers, 'rights'> | undefined;
  for (let seed = 1; seed <= chips; seed += 1) {
    const drawn = drawChip(plan, chip, assumptions, seed);
    const steps = seed === 1 ? firstSteps : timeSteps;
    const answers = await classifyImages(drawn.plan, pixels, { timeSteps: steps, devices: drawn.devices });
    first ??= { plan: drawn.plan, first: answers, leastReach: drawn.leastReach };
    if (labels !== undefined) rights.push(shareRight(answers.classes, labels, steps, timeSteps));
  }
  return { ...first!, rights };
}
