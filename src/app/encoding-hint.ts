/** Whether pixels as numbers would be answered better than pixels as random spikes. */
import { type CoreDesign, planCore } from '../core/index.ts';
import { classifyImages } from '../golden/index.ts';
import { shareRight } from './accuracy.ts';
import type { LoadedImages } from './images.ts';

/** Right answers, of some of the images, with either encoding. */
export interface EncodingHint {
  readonly images: number;
  readonly bernoulli: number;
  readonly direct: number;
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
  const { labels, count, pixels } = data;
  if (design.encoding !== 'bernoulli' || labels === undefined || count < fewest) return undefined;
  const images = Math.min(tried, count);
  const size = pixels.length / count;
  const numbers = Array.from({ length: images }, (_, i) => Math.floor((i * count) / images));
  const some = new Uint8Array(images * size);
  for (const [i, image] of numbers.entries()) some.set(pixels.subarray(image * size, (image + 1) * size), i * size);
  const own = Uint8Array.from(numbers, (image) => labels[image]!);
  // Folds are of the encoding that they were chosen for.
  const { folds: _, fit: __, ...options } = design.options;
  const right = async (encoding: CoreDesign['encoding']) => {
    const plan = planCore({ ...design, encoding, options });
    const { classes } = await classifyImages(plan, some, { timeSteps });
    return Math.round(shareRight(classes, own, timeSteps) * images);
  };
  const hint = { images, bernoulli: await right('bernoulli'), direct: await right('direct') };
  return hint.direct - hint.bernoulli >= clearGain * images ? hint : undefined;
}
