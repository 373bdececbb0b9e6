import { badInput, ownValue } from '../../errors/index.ts';
import { expectValues, type NumberType, numberTypes, readNumbers, viewOf } from './numbers.ts';
import type { ImageFormat, RawImages } from './types.ts';

/** One array of NumPy. */
export interface NumpyArray {
  readonly dims: readonly number[];
  readonly type: NumberType;
  readonly data: Uint8Array | Float64Array;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

const types: Readonly<Record<string, NumberType>> = {
  b1: numberTypes.uint8,
  u1: numberTypes.uint8,
  i1: numberTypes.int8,
  u2: numberTypes.uint16,
  i2: numberTypes.int16,
  u4: numberTypes.uint32,
  i4: numberTypes.int32,
  u8: numberTypes.uint64,
  i8: numberTypes.int64,
  f2: numberTypes.float16,
  f4: numberTypes.float32,
  f8: numberTypes.float64,
};

export const isNpy = (bytes: Uint8Array | undefined): boolean =>
  bytes !== undefined && magic.every((byte, i) => bytes[i] === byte);

/** numpy.save: a header that is a Python dictionary, then the numbers. */
export const npyFormat: ImageFormat = {
  name: 'NumPy array',
  matches: (_, bytes) => isNpy(bytes),
  read: ({ bytes, shown }) => imagesOfArray(readNpy(bytes, shown), shown),
};

export function readNpy(bytes: Uint8Array, shown: string): NumpyArray {
  const long = bytes[6]! >= 2;
  const start = long ? 12 : 10;
  if (bytes.length < start) throw damaged(shown, `${bytes.length} bytes`);
  const length = long ? viewOf(bytes).getUint32(8, true) : viewOf(bytes).getUint16(8, true);
  if (start + length > bytes.length) throw damaged(shown, `a header of ${length} bytes in ${bytes.length}`);
  const header = new TextDecoder('latin1').decode(bytes.subarray(start, start + length));
  const descr = /'descr'\s*:\s*'([<>|=]?)([a-z]\d+)'/.exec(header);
  const shape = /'shape'\s*:\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  const fortran = /'fortran_order'\s*:\s*True/.test(header);
  const type = ownValue(types, descr?.[2] ?? '');
  if (descr === null || type === undefined || shape === undefined) {
    throw badInput('an array of a type that is not supported', {
      where: shown,
      found: header.trim().slice(0, 120),
      expected: 'numbers: integers, floats or booleans',
      help: "save it with numpy.save(path, values.astype('float32'))",
    });
  }
  const dims = shape
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(Number);
  const count = dims.reduce((product, dim) => product * dim, 1);
  expectValues(count, shown);
  const found = bytes.length - start - length;
  if (found < count * type.bytes) throw damaged(shown, `${found} bytes behind the header, not ${count * type.bytes}`);
  const read = readNumbers(bytes, start + length, count, type, descr[1] !== '>');
  const bool = descr[2] === 'b1';
  const data = bool ? read.map((value) => value * 255) : read;
  return { dims, type, data: fortran && dims.length > 1 ? rowMajor(data, dims) : data };
}

/** Fortran's order, the first index fastest, to C's. */
function rowMajor<A extends Uint8Array | Float64Array>(data: A, dims: readonly number[]): A {
  const result = data.slice() as A;
  for (let i = 0; i < data.length; i += 1) {
    let rest = i;
    let target = 0;
    for (const [axis, dim] of dims.entries()) {
      const inner = dims.slice(axis + 1).reduce((product, each) => product * each, 1);
      target += (rest % dim) * inner;
      rest = Math.floor(rest / dim);
    }
    result[target] = data[i]!;
  }
  return result;
}

/** An array whose first dimension counts images. */
export function imagesOfArray({ dims, type, data }: NumpyArray, shown: string): RawImages {
  const [count, ...rest] = dims;
  if (count === undefined || rest.length === 0 || rest.length > 3 || count === 0) {
    throw badInput('an array that is no set of images', {
      where: shown,
      found: `dimensions [${dims.join(', ')}]`,
      expected: '[images, values], [images, rows, columns] or four dimensions',
    });
  }
  return { count, dims: rest, kind: type === numberTypes.uint8 ? 'bytes' : 'numbers', data };
}

function damaged(shown: string, found: string) {
  return badInput('the NumPy file is damaged or truncated', { where: shown, found, help: 'save or copy it again' });
}
