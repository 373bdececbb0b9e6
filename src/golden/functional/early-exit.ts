/** Early exit without clocks: which pass answers an image, from the scores after every time step. */
import { badInput } from '../../errors/index.ts';
import type { Plan } from '../../plan/schema/index.ts';
import type { Classification } from './classify.ts';

/** Classes under early exit, and the time steps that each image took. */
export interface EarlyAnswers {
  /** One for each image. */
  readonly classes: Uint8Array;
  /** Time steps that each image took. */
  readonly stepsUsed: Uint8Array;
  /** [image][class]: scores after those. */
  readonly scores: Int32Array;
}

/**
 * The answers of a core with early exit: after each pass of `plan.timeSteps.lanes` time steps an image is answered when the
 * best score leads the second by at least `margin`, in the scores' own unit, and otherwise after its last. Throws badInput
 * when the margin is no whole number from 0 on.
 */
export function exitEarly(plan: Plan, run: Classification, margin: number): EarlyAnswers {
  if (!Number.isInteger(margin) || margin < 0)
    throw badInput('the margin is not a difference of scores', {
      found: `${margin}`,
      expected: 'a whole number from 0',
    });
  const { images, timeSteps, classCount } = run;
  const { lanes } = plan.timeSteps;
  const classes = new Uint8Array(images);
  const stepsUsed = new Uint8Array(images);
  const scores = new Int32Array(images * classCount);
  for (let image = 0; image < images; image += 1) {
    const first = image * timeSteps;
    const scoresAfter = (steps: number): Int32Array => {
      const at = (first + steps - 1) * classCount;
      return run.scores.subarray(at, at + classCount);
    };
    let steps = Math.min(lanes, timeSteps);
    while (steps < timeSteps && !exits(plan, scoresAfter(steps), margin)) steps = Math.min(steps + lanes, timeSteps);
    classes[image] = run.classes[first + steps - 1]!;
    stepsUsed[image] = steps;
    scores.set(scoresAfter(steps), image * classCount);
  }
  return { classes, stepsUsed, scores };
}

/** All ones stands for "never" at the core's port. */
function exits({ readout }: Plan, scores: Int32Array, margin: number): boolean {
  return margin < 2 ** readout.scoreBits - 1 && leadOf(scores, readout.scoreBits) >= margin;
}

/** Best score less the second best; a single class leads from the lowest score that there is. */
function leadOf(scores: Int32Array, scoreBits: number): number {
  let best = scores[0]!;
  let second = -(2 ** (scoreBits - 1));
  for (let i = 1; i < scores.length; i += 1) {
    const score = scores[i]!;
    if (score > best) {
      second = best;
      best = score;
    } else if (score > second) second = score;
  }
  return best - second;
}
