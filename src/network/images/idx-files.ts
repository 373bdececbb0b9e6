import { badInput } from '../../errors/index.ts';
import { readPlainFile } from '../../store/index.ts';
import { isIdx, readIdxLabelNumbers, sizedIdx } from './idx.ts';
import type { ImageFile } from './types.ts';
import { unpacked } from './unpack.ts';

/** Grey images of one size. */
export interface IdxImages {
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
  /** [image][row][column], 0..255. */
  readonly pixels: Uint8Array;
}

/** Images with, when their file was given, a label for each. */
export interface IdxData extends IdxImages {
  /** [image], 0..classes-1. */
  readonly labels?: Uint8Array;
}

/** How many classes labels may name. */
export interface LabelOptions {
  /** Labels must be below this. Default 10. */
  readonly classes?: number;
}

const defaultClasses = 10;
const labelHeaderBytes = 8;

/**
 * Grey images of an IDX file (three dimensions of unsigned bytes), gzipped or not.
 *
 * @throws SpinfireError (badInput) naming the byte where the file is wrong
 */
export function readIdxImages(bytes: Uint8Array, fileName: string): IdxImages {
  const { dims, data } = sizedIdx(bytesOf(bytes, fileName, 'images'));
  const [count, rows, columns] = dims;
  if (dims.length !== 3 || !(data instanceof Uint8Array)) throw notThese(bytes, fileName, 'images');
  return { count: count!, rows: rows!, columns: columns!, pixels: data };
}

/**
 * Labels of an IDX file (one dimension of unsigned bytes), gzipped or not.
 *
 * @throws SpinfireError (badInput) naming the byte where the file is wrong
 */
export function readIdxLabels(bytes: Uint8Array, fileName: string, options: LabelOptions = {}): Uint8Array {
  const { classes = defaultClasses } = options;
  const { data } = readIdxLabelNumbers(bytesOf(bytes, fileName, 'labels'));
  if (!(data instanceof Uint8Array)) throw notThese(bytes, fileName, 'labels');
  const wrong = data.findIndex((label) => label >= classes);
  if (wrong < 0) return data;
  throw badInput('a label is out of range', {
    where: `${fileName} byte ${labelHeaderBytes + wrong}`,
    found: `label ${data[wrong]} of image ${wrong}`,
    expected: `0 to ${classes - 1}`,
  });
}

/**
 * Images, and labels when their file is given, read from disk.
 *
 * @throws SpinfireError (badInput) when a file can't be read, is no IDX file, or the two have different counts
 */
export function readIdxFiles(imagesPath: string, labelsPath?: string, options: LabelOptions = {}): IdxData {
  const images = readIdxImages(readPlainFile(imagesPath), imagesPath);
  if (labelsPath === undefined) return images;
  const labels = readIdxLabels(readPlainFile(labelsPath), labelsPath, options);
  if (labels.length === images.count) return { ...images, labels };
  throw badInput('the numbers of images and labels differ', {
    where: `${imagesPath} byte 4, ${labelsPath} byte 4`,
    found: `${images.count} images and ${labels.length} labels`,
    expected: 'one label for each image',
    help: 'take both files from the same set',
  });
}

function bytesOf(packed: Uint8Array, shown: string, what: 'images' | 'labels'): ImageFile {
  const bytes = unpacked(packed, shown);
  // Of fewer bytes the reader itself says what is missing.
  if (bytes.length >= 4 && !isIdx(bytes)) throw notThese(bytes, shown, what);
  return { path: shown, shown, bytes };
}

function notThese(bytes: Uint8Array, fileName: string, what: 'images' | 'labels') {
  const start = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return badInput(`not an IDX file of ${what}`, {
    where: `${fileName} byte 0`,
    found: start,
    expected:
      what === 'images' ? '00 00 08 03: unsigned bytes, 3 dimensions' : '00 00 08 01: unsigned bytes, 1 dimension',
    help: 'give an IDX file of unsigned bytes, gzipped or not',
  });
}
