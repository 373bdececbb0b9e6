/** How many images were classified rightly, for every number of time steps and several seeds. */
import { classifyImages, exitEarly } from '../golden/index.ts';
import type { Plan } from '../plan/index.ts';
import type { LoadedImages } from './images.ts';

/** The class of each image after some numbers of time steps. */
export interface Answers {
  readonly images: number;
  /** Numbers of time steps that there are answers for, ascending. */
  readonly steps: readonly number[];
  /** [image][index into steps] */
  readonly classes: Uint8Array;
  /** With early exit: time steps that each image took. */
  readonly stepsUsed?: Uint8Array;
}

/** Classes by the golden model, for every number of time steps from 1 to `timeSteps`; with a margin those of early exit. `firstImage`: number of the first image, its place in the random streams. */
export async function goldenAnswers(
  plan: Plan,
  data: LoadedImages,
  timeSteps: number,
  onProgress: (done: number, total: number) => void,
  { margin, firstImage = 0 }: { readonly margin?: number | undefined; readonly firstImage?: number | undefined } = {},
): Promise<Answers> {
  const run = await classifyImages(plan, data.pixels, { timeSteps, firstImage, onProgress });
  if (margin !== undefined) return { images: data.count, steps: [timeSteps], ...exitEarly(plan, run, margin) };
  const { classes } = run;
  return { images: data.count, steps: Array.from({ length: timeSteps }, (_, i) => i + 1), classes };
}

/** The class of every image after the last number of time steps, or after `steps[index]`. */
export function classesAfter(answers: Answers, index = answers.steps.length - 1): number[] {
  return Array.from({ length: answers.images }, (_, image) => answers.classes[image * answers.steps.length + index]!);
}

/** Numbers of `some` images out of `count`, spread over all of them. */
export function spreadOver(some: number, count: number): number[] {
  return Array.from({ length: some }, (_, i) => Math.floor((i * count) / some));
}

/**
 * Right answers.
 *
 * @param classes [image], what was answered
 * @param labels [image], at least as many
 */
export function countCorrect(classes: readonly number[], labels: Uint8Array): number {
  return classes.filter((value, image) => value === labels[image]).length;
}

/**
 * Share of right answers after one of the time steps.
 *
 * @param classes [image][time step], `timeSteps` of each image
 * @param labels [image], those that there are answers for
 * @param step from 1 to `timeSteps`
 */
export function shareRight(classes: ArrayLike<number>, labels: Uint8Array, timeSteps = 1, step = timeSteps): number {
  const right = labels.filter((label, image) => classes[image * timeSteps + step - 1] === label).length;
  return right / labels.length;
}

/** Share of right answers for each of `answers.steps`. */
export function accuracies(answers: Answers, labels: Uint8Array): number[] {
  return answers.steps.map((_, index) => countCorrect(classesAfter(answers, index), labels) / answers.images);
}

/** Classes as the network seems to number them: `order[label]` is its answer to the images of a label, `right` the images that would be right so. */
export interface Renumbering {
  readonly order: readonly number[];
  readonly right: number;
}

/** Images of a class, at least, that say something about how it is answered. */
const fewestOfClass = 3;

/**
 * Another order of the classes with which at least half of the answers and twice as many as now would be right: for each label the answer that it gets
 * most often, as far as no other label takes it. Undefined where there is none, or where there are few images: then it is the network that is wrong.
 *
 * @param classes [image], what was answered
 * @param labels [image], at least as many
 */
export function likelyRenumbering(classes: readonly number[], labels: Uint8Array): Renumbering | undefined {
  const size = 1 + classes.reduce((most, value, image) => Math.max(most, value, labels[image]!), 0);
  const counts = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  for (const [image, value] of classes.entries()) counts[labels[image]!]![value]! += 1;
  const isShown = counts.every((answers) => answers.reduce((sum, count) => sum + count, 0) >= fewestOfClass);
  const order = matched(counts);
  const right = counts.reduce((sum, answers, label) => sum + answers[order[label]!]!, 0);
  const isClear = 2 * right >= classes.length && right >= 2 * countCorrect(classes, labels);
  return isShown && isClear ? { order, right } : undefined;
}

/** An answer of its own for each label: the most frequent pairs first. */
function matched(counts: readonly (readonly number[])[]): number[] {
  const pairs = counts.flatMap((answers, label) => answers.map((count, answer) => ({ label, answer, count })));
  const order = new Array<number>(counts.length).fill(-1);
  const taken = new Set<number>();
  for (const { label, answer } of pairs.sort((a, b) => b.count - a.count)) {
    if (order[label] !== -1 || taken.has(answer)) continue;
    order[label] = answer;
    taken.add(answer);
  }
  return order;
}

/** Mean, sample standard deviation and ends of some values. */
export interface Spread {
  readonly mean: number;
  /** Sample standard deviation; 0 for a single value. */
  readonly deviation: number;
  readonly min: number;
  readonly max: number;
}

/** The spread of some values, of which there is at least one. */
export function spreadOf(values: readonly number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0;
  return { mean, deviation, min: Math.min(...values), max: Math.max(...values) };
}

/** 0.98765 as `98.77 %`. */
export const percent = (share: number, digits = 2) => `${(share * 100).toFixed(digits)} %`;
