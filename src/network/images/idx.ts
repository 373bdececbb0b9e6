import { badInput } from '../../errors/index.ts';
import { expectValues, type NumberType, numberTypes, readNumbers, viewOf } from './numbers.ts';
import type { ImageFile, ImageFormat } from './types.ts';

/** Third byte of an IDX file; numbers are big-endian. */
const types: ReadonlyMap<number, NumberType> = new Map<number, NumberType>([
  [0x08, numberTypes.uint8],
  [0x09, numberTypes.int8],
  [0x0b, numberTypes.int16],
  [0x0c, numberTypes.int32],
  [0x0d, numberTypes.float32],
  [0x0e, numberTypes.float64],
]);

/** IDX, the format of MNIST: two zeros, the type, the number of dimensions, then each of them as four bytes. */
export const idxFormat: ImageFormat = {
  name: 'IDX',
  matches: (_, bytes) => isIdx(bytes),
  read: (file) => {
    const { dims, data, type } = sizedIdx(file);
    const [count, ...rest] = dims as [number, ...number[]];
    return { count, dims: rest, kind: type === numberTypes.uint8 ? 'bytes' : 'numbers', data };
  },
};

/** Images or vectors: two dimensions or more. */
export function sizedIdx(file: ImageFile) {
  const idx = readIdx(file);
  const { dims } = idx;
  if (dims.length < 2) {
    throw badInput('a file of labels was given where images belong', {
      where: `${file.shown} byte 3`,
      found: `${dims.length} dimension`,
      expected: '2 dimensions or more: images, or vectors',
      help: 'swap the images file and the labels file',
    });
  }
  return idx;
}

/** Labels: one dimension. */
export function readIdxLabelNumbers(file: ImageFile) {
  const idx = readIdx(file);
  if (idx.dims.length !== 1) {
    throw badInput('a file of images was given where labels belong', {
      where: `${file.shown} byte 3`,
      found: `${idx.dims.length} dimensions`,
      expected: '1 dimension',
      help: 'swap the images file and the labels file',
    });
  }
  return idx;
}

export function isIdx(bytes: Uint8Array | undefined): boolean {
  return (
    bytes !== undefined &&
    bytes.length >= 4 &&
    bytes[0] === 0 &&
    bytes[1] === 0 &&
    types.has(bytes[2]!) &&
    bytes[3]! >= 1 &&
    bytes[3]! <= 4
  );
}

/** The length that the beginning of an IDX file tells; undefined for anything else. */
export function idxBytes(bytes: Uint8Array): number | undefined {
  if (!isIdx(bytes)) return undefined;
  const rank = bytes[3]!;
  const header = 4 + 4 * rank;
  if (bytes.length < header) return undefined;
  const view = viewOf(bytes);
  const count = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i)).reduce((all, dim) => all * dim, 1);
  return header + count * types.get(bytes[2]!)!.bytes;
}

/** Dimensions and numbers of a file; no dimension is 0. */
function readIdx({ bytes, shown }: ImageFile) {
  if (bytes.length < 4) throw truncated(shown, bytes.length, 4, 'the header');
  const type = types.get(bytes[2]!)!;
  const rank = bytes[3]!;
  const header = 4 + 4 * rank;
  if (bytes.length < header) throw truncated(shown, bytes.length, header, 'the header');
  const view = viewOf(bytes);
  const dims = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const empty = dims.indexOf(0);
  if (empty >= 0) throw noSize(shown, dims.length === 1 ? 'labels' : 'images', empty);
  const count = dims.reduce((product, dim) => product * dim, 1);
  const expected = header + count * type.bytes;
  const what = `${dims.join(' x ')} numbers of type ${type.name}`;
  if (bytes.length < expected) throw truncated(shown, bytes.length, expected, what);
  if (bytes.length > expected) {
    throw badInput('the file has bytes behind its last item', {
      where: `${shown} byte ${expected}`,
      found: `${bytes.length} bytes`,
      expected: `${expected} bytes for ${what}`,
    });
  }
  expectValues(count, shown);
  return { dims, type, data: readNumbers(bytes, header, count, type, false) };
}

function noSize(shown: string, what: string, dim: number) {
  const names = [`number of ${what}`, 'number of rows', 'number of columns'];
  return badInput(`the ${names[dim] ?? 'size of a dimension'} is 0`, {
    where: `${shown} byte ${4 + 4 * dim}`,
    found: '0',
    expected: 'at least 1',
  });
}

function truncated(shown: string, length: number, expected: number, what: string) {
  return badInput('the file is truncated', {
    where: `${shown} byte ${length}`,
    found: `${length} bytes`,
    expected: `${expected} bytes for ${what}`,
    help: 'copy or download it again',
  });
}
