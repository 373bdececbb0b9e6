/** Options of commands that work on a core that was built, and on images. */
import { core, decimal, file, folder, oneOf, text, wholeNumber } from './options.ts';

/** NAME: a core that build wrote. */
export const coreName = {
  type: core,
  help: 'a core that build wrote: a folder, or its name under generated/',
} as const;

/** Where what is made of a core goes. */
export const workOption = {
  argument: 'folder',
  type: folder,
  help: 'where simulators, syntheses and logs go, for a core that is not yours: a folder for each core is made in it',
  usual: "build/ in the core's folder",
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
  type: file('.idx', '.gz', '.npy', '.npz', '.png', '.jpg', '.csv', '.bin', '.raw'),
  help: 'IDX, NumPy, PNG, JPEG, CSV, CIFAR or raw bytes, gzipped or not, or a folder of pictures with a folder for each class',
  usual: "MNIST's test images",
  group: images,
} as const;

/** How the files of images are meant; with `layoutOption`. */
export const imageFileOptions = {
  imageRange: {
    argument: 'LOW,HIGH',
    type: text,
    help: 'numbers in the file that are black and full',
    usual: "0,255 for bytes, the network's own range for other numbers",
    group: images,
  },
  imageLayout: {
    argument: 'order',
    type: oneOf(['nchw', 'nhwc']),
    help: 'order of the colours in the file, where nothing in it tells: nchw plane by plane, nhwc pixel by pixel',
    usual: 'that of --layout',
    group: images,
  },
  labelColumn: {
    argument: 'column',
    type: text,
    help: 'column of a CSV file with the label: its name or number',
    group: images,
  },
} as const;

export const labelsOption = {
  argument: 'file',
  type: file('.idx', '.gz', '.npy', '.npz', '.csv', '.txt'),
  help: 'IDX, NumPy, or text with a label a line, where the images have none',
  group: images,
} as const;

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

/** How long a junction that flips by itself is looked at. */
export const samplingOption = {
  argument: 'ns',
  type: decimal(1e-3, 1e12),
  help: 'for cores of telegraphic neurons: how long a junction is looked at, as for build',
} as const;
