/** Images that a fit sees, and those by which it is judged. */
import { badInput } from '../../errors/index.ts';
import type { LoadedImages } from '../images.ts';

/** Every second image is held out: files are often sorted by class. Throws badInput for less than two. */
export function holdOut(
  data: LoadedImages,
  where: string,
): { readonly seen: LoadedImages; readonly held: LoadedImages } {
  if (data.count < 2)
    throw badInput('too few images to fit to', {
      where,
      found: `${data.count}`,
      expected: 'some hundreds: half of them are fitted to, half are held out to judge the fit by',
    });
  return { seen: every(data, 0), held: every(data, 1) };
}

function every(data: LoadedImages, first: number): LoadedImages {
  const size = data.pixels.length / data.count;
  const chosen = Array.from({ length: Math.ceil((data.count - first) / 2) }, (_, i) => first + 2 * i);
  const pixels = new Uint8Array(chosen.length * size);
  for (const [i, from] of chosen.entries()) pixels.set(data.pixels.subarray(from * size, (from + 1) * size), i * size);
  return {
    ...data,
    ...{ count: chosen.length, pixels },
    ...(data.labels === undefined ? {} : { labels: Uint8Array.from(chosen, (i) => data.labels![i]!) }),
  };
}
