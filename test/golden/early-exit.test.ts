/** Early exit: the clocked model and the one without clocks against the definition of the network. */
import { describe, expect, it } from 'vitest';
import { classifyImages, createCycleModel, exitEarly } from '../../src/golden/index.ts';
import type { Plan } from '../../src/plan/index.ts';
import { drive } from './drive.ts';
import { classifyNaively } from './naive.ts';
import { randomFrom, randomImages, randomPlan } from './random-plan.ts';

/** What the page says: after each pass of an image with `steps` time steps, a lead of `margin` is enough. */
function expected(plan: Plan, scores: readonly (readonly number[])[], steps: number, margin: number) {
  const ends = Array.from({ length: steps }, (_, t) => t + 1).filter(
    (t) => t % plan.timeSteps.lanes === 0 || t === steps,
  );
  const used = ends.find((t) => {
    const sorted = [...scores[t - 1]!].sort((a, b) => b - a);
    return t === steps || sorted[0]! - (sorted[1] ?? -(2 ** (plan.readout.scoreBits - 1))) >= margin;
  })!;
  const answer = scores[used - 1]!;
  return { scores: answer, class: answer.indexOf(Math.max(...answer)), used };
}

const early = Array.from({ length: 130 }, (_, seed) => seed).filter((seed) => randomPlan(seed).earlyExit === 'margin');

describe('early exit', () => {
  it.each(early)(
    'seed %i: as the definition says, through stalls, with the words of all other images untouched',
    async (seed) => {
      const plan = randomPlan(seed);
      const random = randomFrom(seed);
      const images = 8;
      const pixels = randomImages(seed, plan, images);
      const max = plan.timeSteps.max;
      const naive = classifyNaively(plan, pixels, max);
      // A margin that some image reaches after its first pass, and some other does not.
      const leads = naive.map(({ scores }) => [...scores[plan.timeSteps.lanes - 1]!].sort((a, b) => b - a));
      const margin = leads
        .map(([best, second]) => best! - (second ?? -(2 ** (plan.readout.scoreBits - 1))))
        .sort((a, b) => a - b)[images >> 1]!;
      const steps = Array.from({ length: images }, () => (random(3) === 0 ? 1 + random(max) : max));
      const answers = naive.map(({ scores }, image) => expected(plan, scores, steps[image]!, margin));

      const stalls = { inputPauses: pick(random), outputPauses: pick(random), seed };
      const packets = drive(createCycleModel(plan), plan, pixels, { timeSteps: steps, exitMargin: margin, ...stalls });
      expect(packets.map(({ cycle: _, ...packet }) => packet)).toEqual(
        answers.map(({ scores, class: best, used }) => ({ scores, class: best, stepsUsed: used })),
      );

      const whole = await classifyImages(plan, pixels, { timeSteps: max, workers: 1 });
      const all = exitEarly(plan, whole, margin);
      const toEnd = naive.map(({ scores }) => expected(plan, scores, max, margin));
      expect([...all.classes]).toEqual(toEnd.map((answer) => answer.class));
      expect([...all.stepsUsed]).toEqual(toEnd.map(({ used }) => used));
      expect([...all.scores]).toEqual(toEnd.flatMap(({ scores }) => scores));
    },
  );

  it('saves clocks, and images that leave early differ from those that do not', () => {
    const seed = early.find((each) => randomPlan(each).timeSteps.max >= 3 * randomPlan(each).timeSteps.lanes)!;
    const plan = randomPlan(seed);
    const pixels = randomImages(seed, plan, 30);
    const timeSteps = [plan.timeSteps.max];
    const clocks = (exitMargin: number | undefined) =>
      drive(createCycleModel(plan), plan, pixels, {
        timeSteps: Array(30).fill(timeSteps[0]),
        ...(exitMargin === undefined ? {} : { exitMargin }),
      }).at(-1)!.cycle;
    expect(clocks(0)).toBeLessThan(0.8 * clocks(undefined));
  });

  it('refuses a margin that is no difference of scores', async () => {
    const plan = randomPlan(early[0]!);
    const run = await classifyImages(plan, randomImages(1, plan, 1), { timeSteps: 1, workers: 1 });
    expect(() => exitEarly(plan, run, -1)).toThrow(/margin is not a difference of scores[\s\S]*-1/);
  });
});

function pick(random: (below: number) => number): number {
  return [0, 0, 40, 95][random(4)]!;
}
