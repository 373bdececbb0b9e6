/** Options of commands that work on a core that was built, and on images. */
import { core, file, wholeNumber } from './options.ts';

/** NAME: a core that build wrote. */
export const coreName = {
  type: core,
  help: 'a core that build wrote: a folder, or its name under generated/',
} as const;

/** Time steps of an image, for a core that is there. */
export const timeStepsOption = {
  argument: 'T',
  type: wholeNumber(1, 255),
  help: 'time steps of an image',
  usual: "the core's",
} as const;

/** Lead of the best score that ends an image early. */
export const marginType = wholeNumber(0, 2 ** 31 - 1);

const images = 'Images';

export const imagesOption = {
  argument: 'file',
  type: file('.idx', '.gz'),
  help: 'IDX file, gzipped or not',
  usual: "MNIST's test images",
  group: images,
} as const;

export const labelsOption = { argument: 'file', type: file('.idx', '.gz'), help: 'IDX file', group: images } as const;

/** Only the first images. */
export const limitOption = {
  argument: 'N',
  type: wholeNumber(1, 1_000_000),
  help: 'only the first N images',
  group: images,
} as const;

/** Another standard cell library. */
export const libertyOption = {
  argument: 'file',
  type: file('.lib'),
  help: 'another standard cell library for asic45',
  usual: 'FreePDK45',
} as const;
