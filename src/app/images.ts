/** Images from IDX files, checked against the network that is to see them. */
import { resolve } from 'node:path';
import { badInput } from '../errors/index.ts';
import { type IdxData, mnistPaths, readIdxFiles } from '../network/index.ts';
import type { PlanShape } from '../plan/index.ts';
import type { Surroundings } from './context.ts';

export interface ImageOptions {
  readonly images?: string | undefined;
  readonly labels?: string | undefined;
  readonly limit?: number | undefined;
}

/** The images that a command works on; MNIST's test images when none are named. */
export function loadImages(
  options: ImageOptions,
  input: PlanShape,
  classes: number,
  io: Pick<Surroundings, 'cwd'>,
): IdxData {
  const [images, labels] = paths(options, io);
  // The size first: labels of other images are out of range, which would be a misleading complaint.
  const { rows, columns, ...rest } = readIdxFiles(images);
  if (input.channels !== 1 || input.height !== rows || input.width !== columns) {
    throw badInput('the images do not fit the network', {
      where: options.images ?? 'MNIST test images',
      found: `${rows} x ${columns} pixels, grey`,
      expected: `${input.height} x ${input.width} pixels, ${input.channels} channel${input.channels === 1 ? '' : 's'}`,
    });
  }
  const data = labels === undefined ? { rows, columns, ...rest } : readIdxFiles(images, labels, { classes });
  return first(data, options.limit ?? data.count);
}

function paths(options: ImageOptions, io: Pick<Surroundings, 'cwd'>): [images: string, labels: string | undefined] {
  if (options.images === undefined) {
    if (options.labels !== undefined) throw badInput('labels without images', { help: 'give --images too' });
    const { images, labels } = mnistPaths().test;
    return [images, labels];
  }
  const labels = options.labels === undefined ? undefined : resolve(io.cwd, options.labels);
  return [resolve(io.cwd, options.images), labels];
}

function first(data: IdxData, limit: number): IdxData {
  const count = Math.min(limit, data.count);
  const { labels } = data;
  return {
    ...data,
    count,
    pixels: data.pixels.subarray(0, count * data.rows * data.columns),
    ...(labels === undefined ? {} : { labels: labels.subarray(0, count) }),
  };
}
