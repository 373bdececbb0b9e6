import { badInput, SpinfireError } from '../errors/index.ts';
import { readPlainFile, unpackGzip } from '../store/index.ts';

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

const imageMagic = 0x00000803;
const labelMagic = 0x00000801;
const imageHeaderBytes = 16;
const labelHeaderBytes = 8;
const gzipMagic = 0x1f8b;
const defaultClasses = 10;

/**
 * Images of an IDX file (big-endian header 0x00000803, count, rows, columns, then a byte each pixel), gzipped or not.
 *
 * @throws SpinfireError (badInput) naming the byte where the file is wrong
 */
export function readIdxImages(bytes: Uint8Array, fileName: string): IdxImages {
  const file = uncompressed(bytes, fileName);
  expectMagic(file, fileName, imageMagic);
  expectHeader(file, fileName, imageHeaderBytes);
  const view = viewOf(file);
  const count = positive(view.getUint32(4), 'number of images', fileName, 4);
  const rows = positive(view.getUint32(8), 'number of rows', fileName, 8);
  const columns = positive(view.getUint32(12), 'number of columns', fileName, 12);
  expectLength(file, fileName, imageHeaderBytes, count, rows * columns, `images of ${rows} x ${columns} pixels`);
  return { count, rows, columns, pixels: file.subarray(imageHeaderBytes) };
}

/**
 * Labels of an IDX file (big-endian header 0x00000801, count, then a byte each label), gzipped or not.
 *
 * @throws SpinfireError (badInput) naming the byte where the file is wrong
 */
export function readIdxLabels(bytes: Uint8Array, fileName: string, options: LabelOptions = {}): Uint8Array {
  const { classes = defaultClasses } = options;
  const file = uncompressed(bytes, fileName);
  expectMagic(file, fileName, labelMagic);
  expectHeader(file, fileName, labelHeaderBytes);
  const count = positive(viewOf(file).getUint32(4), 'number of labels', fileName, 4);
  expectLength(file, fileName, labelHeaderBytes, count, 1, 'labels');
  const labels = file.subarray(labelHeaderBytes);
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong >= 0) {
    throw badInput('a label is out of range', {
      where: at(fileName, labelHeaderBytes + wrong),
      found: `label ${labels[wrong]} of image ${wrong}`,
      expected: `0 to ${classes - 1}`,
    });
  }
  return labels;
}

/**
 * Images, and labels when their file is given, read from disk.
 *
 * @throws SpinfireError (badInput) when a file can't be read, is no IDX file, or the two have different counts
 */
export function readIdxFiles(imagesPath: string, labelsPath?: string, options: LabelOptions = {}): IdxData {
  const images = readIdxImages(readBytes(imagesPath), imagesPath);
  if (labelsPath === undefined) return images;
  const labels = readIdxLabels(readBytes(labelsPath), labelsPath, options);
  if (labels.length !== images.count) {
    throw badInput('the numbers of images and labels differ', {
      where: `${imagesPath} byte 4, ${labelsPath} byte 4`,
      found: `${images.count} images and ${labels.length} labels`,
      expected: 'one label for each image',
      help: 'take both files from the same set',
    });
  }
  return { ...images, labels };
}

function readBytes(path: string): Uint8Array {
  return readPlainFile(path);
}

function uncompressed(bytes: Uint8Array, fileName: string): Uint8Array {
  if (bytes.length < 2 || viewOf(bytes).getUint16(0) !== gzipMagic) return bytes;
  try {
    return unpackGzip(bytes, fileName);
  } catch (cause) {
    if (cause instanceof SpinfireError && cause.summary === 'a file is too large') throw cause;
    const found = cause instanceof SpinfireError ? (cause.details.found ?? '') : String(cause);
    const details = { where: `${fileName} (${bytes.length} bytes, gzip)`, found, expected: 'a whole gzip file' };
    throw badInput('a compressed file is damaged or truncated', details, cause);
  }
}

function expectMagic(file: Uint8Array, fileName: string, expected: number): void {
  if (file.length < 4) throw truncated(fileName, file.length, 4, 'the header');
  const magic = viewOf(file).getUint32(0);
  if (magic === expected) return;
  const wantsImages = expected === imageMagic;
  const swapped = magic === (wantsImages ? labelMagic : imageMagic);
  const kind = wantsImages ? 'images' : 'labels';
  const other = wantsImages ? 'labels' : 'images';
  throw badInput(swapped ? `a file of ${other} was given where ${kind} belong` : `not an IDX file of ${kind}`, {
    where: at(fileName, 0),
    found: `magic number ${hex(magic)}${swapped ? ` (${other})` : ''}`,
    expected: `${hex(expected)} (${kind})`,
    help: swapped ? 'swap the images file and the labels file' : 'give an IDX file of unsigned bytes, gzipped or not',
  });
}

function expectHeader(file: Uint8Array, fileName: string, headerBytes: number): void {
  if (file.length < headerBytes) throw truncated(fileName, file.length, headerBytes, 'the header');
}

function expectLength(
  file: Uint8Array,
  fileName: string,
  headerBytes: number,
  count: number,
  itemBytes: number,
  what: string,
): void {
  const expected = headerBytes + count * itemBytes;
  if (file.length < expected) throw truncated(fileName, file.length, expected, `${count} ${what}`);
  if (file.length > expected) {
    throw badInput('the file has bytes behind its last item', {
      where: at(fileName, expected),
      found: `${file.length} bytes`,
      expected: `${expected} bytes for ${count} ${what}`,
    });
  }
}

function positive(value: number, what: string, fileName: string, offset: number): number {
  if (value > 0) return value;
  throw badInput(`the ${what} is 0`, { where: at(fileName, offset), found: '0', expected: 'at least 1' });
}

function truncated(fileName: string, length: number, expected: number, what: string) {
  return badInput('the file is truncated', {
    where: at(fileName, length),
    found: `${length} bytes`,
    expected: `${expected} bytes for ${what}`,
    help: 'copy or download it again',
  });
}

function at(fileName: string, offset: number): string {
  return `${fileName} byte ${offset}`;
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
