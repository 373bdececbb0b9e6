/** Images, or vectors of numbers, from files of any format, checked against the network that is to see them. */
import { resolve } from 'node:path';
import { badInput } from '../errors/index.ts';
import {
  fitImages,
  mnistPaths,
  type RawImages,
  type RawLabels,
  readRawImages,
  readRawLabels,
} from '../network/index.ts';
import type { Plan } from '../plan/index.ts';
import { testImages } from '../sim/index.ts';
import type { Surroundings } from './context.ts';
import { pairOf } from './input.ts';

/** Which images are meant; MNIST's test images when none are named. */
export interface ImageOptions {
  /** A file or a folder. */
  readonly images?: string | undefined;
  readonly labels?: string | undefined;
  readonly limit?: number | undefined;
  /** `LOW,HIGH`: numbers of the file that are black and full. */
  readonly imageRange?: string | undefined;
  readonly labelColumn?: string | undefined;
  /** Order of the dimensions in the file, where nothing in it tells. */
  readonly imageLayout?: 'nchw' | 'nhwc' | undefined;
  /** The network's, and that of the file unless `imageLayout` tells. */
  readonly layout?: 'nchw' | 'nhwc' | undefined;
  /** Whether random images serve as well, when none are named and MNIST's do not fit. */
  readonly random?: true | undefined;
}

/** Images that fit the network, with their labels where there are any. */
export interface LoadedImages {
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
  /** [image][y][x][channel], 0..255. */
  readonly pixels: Uint8Array;
  /** The file has bytes, of which 0 is black and 255 is full. */
  readonly areBytes?: true;
  /** [image] */
  readonly labels?: Uint8Array;
  /** Names of the classes, by number, when the files have them. */
  readonly classNames?: readonly string[];
  /** How the files were understood. */
  readonly notes: readonly string[];
}

/** What images must fit to. */
export type ImageTarget = Pick<Plan, 'input' | 'inputValues'> & { readonly readout: Pick<Plan['readout'], 'classes'> };

/** Random images, when nobody says how many. */
const usualRandom = 20;

/**
 * The images that a command works on; MNIST's test images when none are named and they fit.
 *
 * @throws badInput when images or labels are not the network's
 */
export function loadImages(options: ImageOptions, target: ImageTarget, io: Pick<Surroundings, 'cwd'>): LoadedImages {
  const { images, labels: labelFile } = options;
  if (images === undefined) return withoutFile(options, target);
  const raw = readRawImages(resolve(io.cwd, images), images, options);
  return loaded(
    raw,
    labelFile === undefined ? raw : readRawLabels(resolve(io.cwd, labelFile), labelFile, options),
    options,
    target,
  );
}

function withoutFile(options: ImageOptions, target: ImageTarget): LoadedImages {
  if (options.labels !== undefined) throw badInput('labels without images', { help: 'give --images too' });
  const { height, width } = target.input;
  const channels = target.input.channels - (target.inputValues?.ones ? 1 : 0);
  // A vector of as many values may be anything.
  if (height === 28 && width === 28 && channels === 1) {
    const { images, labels } = mnistPaths().test;
    const shown = 'MNIST test images';
    return loaded(readRawImages(images, shown), readRawLabels(labels, 'MNIST test labels'), options, target);
  }
  if (options.random !== true) {
    throw badInput('the network does not take MNIST, and no images are named', {
      found: 'no --images',
      expected: `${height} x ${width} pixels, ${channels} channel${channels === 1 ? '' : 's'}`,
      help: 'give --images: IDX, NumPy, PNG, JPEG, CSV, or a folder of pictures',
    });
  }
  const count = options.limit ?? usualRandom;
  const pixels = testImages(target.input, count, 1);
  const stride = target.input.channels;
  if (channels < stride) for (let i = channels; i < pixels.length; i += stride) pixels[i] = 255;
  return { count, rows: height, columns: width, pixels, notes: ["random images, seed 1: MNIST's do not fit"] };
}

function loaded(
  raw: RawImages,
  given: RawImages | RawLabels,
  options: ImageOptions,
  target: ImageTarget,
): LoadedImages {
  const where = options.images ?? 'MNIST test images';
  const { inputValues, input, readout } = target;
  const range = options.imageRange === undefined ? undefined : pairOf(options.imageRange, '--image-range');
  const fitted = fitImages(
    raw,
    { shape: input, range: inputValues, hasOnes: inputValues?.ones },
    { range, layout: options.imageLayout ?? options.layout },
    where,
  );
  const count = Math.min(options.limit ?? fitted.count, fitted.count);
  const size = input.height * input.width * input.channels;
  const { rows, columns, notes } = fitted;
  const pixels = fitted.pixels.subarray(0, count * size);
  const data = { count, rows, columns, pixels, notes, ...(raw.kind === 'bytes' ? { areBytes: true as const } : {}) };
  if (given.labels === undefined) return data;
  const labels = checkedLabels(given.labels, fitted.count, readout.classes, options.labels ?? where);
  const { classNames } = given;
  const own = labels.subarray(0, count);
  const [seen, all] = [new Set(own).size, new Set(labels).size];
  const isSorted = own.every((label, image) => image === 0 || label >= own[image - 1]!);
  const few = `the first ${count} of ${fitted.count} images are of ${seen} of ${all} classes: of images that are sorted by class --limit leaves whole classes out`;
  return {
    ...data,
    labels: own,
    notes: isSorted && seen < all && count >= all ? [...notes, few] : notes,
    ...(classNames === undefined ? {} : { classNames }),
  };
}

function checkedLabels(labels: readonly number[], images: number, classes: number, where: string): Uint8Array {
  if (labels.length !== images) {
    throw badInput('the numbers of images and labels differ', {
      where,
      found: `${images} images and ${labels.length} labels`,
      expected: 'one label for each image',
      help: 'take both files from the same set',
    });
  }
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong < 0) return Uint8Array.from(labels);
  throw badInput('a label is out of range', {
    where,
    found: `label ${labels[wrong]} of image ${wrong}`,
    expected: `0 to ${classes - 1}`,
  });
}
