/** Whether pixels as numbers, or a readout of potentials, would be answered better than what a network has. */
import { type CoreDesign, planCore } from '../core/index.ts';
import { classifyImages } from '../golden/index.ts';
import { shareRight, spreadOver } from './accuracy.ts';
import type { LoadedImages } from './images.ts';

/** Right answers, of some of the images, with either encoding. */
export interface EncodingHint {
  readonly images: number;
  readonly bernoulli: number;
  readonly direct: number;
}

/** Right answers, of some of the images, by counts of spikes and by sums of potentials. */
export interface ReadoutHint {
  readonly images: number;
  readonly count: number;
  readonly potential: number;
}

/** Images that are tried, spread over all of them, and those that decide at least. */
const tried = 100;
const fewest = 20;
/** Of the tried images: more than chance does. */
const clearGain = 0.1;

/**
 * Tries a network on pixels as numbers, where it has not been told how they come. A network that never met the noise of random spikes may have most of its
 * answers from it. Undefined where that makes no clear difference, and without labels.
 */
export async function encodingHint(
  design: CoreDesign,
  data: LoadedImages,
  timeSteps: number,
): Promise<EncodingHint | undefined> {
  const some = design.encoding === 'bernoulli' ? someOf(data) : undefined;
  if (some === undefined) return undefined;
  const bernoulli = await rightOf(design, some, timeSteps);
  const direct = await rightOf({ ...design, encoding: 'direct' }, some, timeSteps);
  const { images } = some;
  return direct - bernoulli >= clearGain * images ? { images, bernoulli, direct } : undefined;
}

/** Tries a network whose answer is a count of spikes on its potentials: one that was not trained for counts may have most classes spike alike. Undefined as above. */
export async function readoutHint(
  design: CoreDesign,
  data: LoadedImages,
  timeSteps: number,
): Promise<ReadoutHint | undefined> {
  const some = design.readout === 'count' ? someOf(data) : undefined;
  if (some === undefined) return undefined;
  const count = await rightOf(design, some, timeSteps);
  const potential = await rightOf({ ...design, readout: 'potential' }, some, timeSteps);
  const { images } = some;
  return potential - count >= clearGain * images ? { images, count, potential } : undefined;
}

interface Some {
  readonly images: number;
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

/** Undefined without labels, and where there are too few. */
function someOf({ labels, count, pixels }: LoadedImages): Some | undefined {
  if (labels === undefined || count < fewest) return undefined;
  const images = Math.min(tried, count);
  const size = pixels.length / count;
  const numbers = spreadOver(images, count);
  const some = new Uint8Array(images * size);
  for (const [i, image] of numbers.entries()) some.set(pixels.subarray(image * size, (image + 1) * size), i * size);
  return { images, pixels: some, labels: Uint8Array.from(numbers, (image) => labels[image]!) };
}

/** How many of them a design has right, in folds of its own: those of another encoding may not suit it. */
async function rightOf(design: CoreDesign, { images, pixels, labels }: Some, timeSteps: number): Promise<number> {
  const { folds: _, fit: __, ...options } = design.options;
  const { classes } = await classifyImages(planCore({ ...design, options }), pixels, { timeSteps });
  return Math.round(shareRight(classes, labels, timeSteps) * images);
}
