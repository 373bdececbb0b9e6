import { badInput } from '../../errors/index.ts';
import type { OnnxTensor } from './schema.ts';

/** A tensor whose values are known. */
export interface Constant {
  readonly kind: 'constant';
  readonly name: string;
  readonly dims: readonly number[];
  /** ONNX TensorProto.DataType. */
  readonly type: number;
  readonly values: Float64Array;
}

/** Reads `length` bytes of a file beside the model, from `offset` on; undefined: to its end. */
export type ExternalData = (
  location: string,
  range: { readonly offset: number; readonly length: number | undefined },
  where: string,
) => Uint8Array;

interface Storage {
  readonly bits: number;
  readonly read: (view: DataView, at: number) => number;
  readonly listed: (tensor: OnnxTensor) => readonly number[];
}

const int32 = (tensor: OnnxTensor) => tensor.int32_data;
const uint64 = (tensor: OnnxTensor) => tensor.uint64_data;

export const dataTypes = { float: 1, int64: 7, bool: 9 } as const;
const floats: ReadonlySet<number> = new Set([1, 10, 11, 16]);

/** Whether a type holds floating-point numbers. */
export const isFloat = (type: number): boolean => floats.has(type);

/** TensorProto.DataType -> how its values are stored; raw data is little-endian, 4-bit values two in a byte, low half first. */
const storages: ReadonlyMap<number, Storage> = new Map<number, Storage>([
  [1, { bits: 32, read: (view, at) => view.getFloat32(at, true), listed: (tensor) => tensor.float_data }],
  [2, { bits: 8, read: (view, at) => view.getUint8(at), listed: int32 }],
  [3, { bits: 8, read: (view, at) => view.getInt8(at), listed: int32 }],
  [4, { bits: 16, read: (view, at) => view.getUint16(at, true), listed: int32 }],
  [5, { bits: 16, read: (view, at) => view.getInt16(at, true), listed: int32 }],
  [6, { bits: 32, read: (view, at) => view.getInt32(at, true), listed: int32 }],
  [7, { bits: 64, read: (view, at) => Number(view.getBigInt64(at, true)), listed: (tensor) => tensor.int64_data }],
  [9, { bits: 8, read: (view, at) => (view.getUint8(at) === 0 ? 0 : 1), listed: int32 }],
  [10, { bits: 16, read: (view, at) => fromHalf(view.getUint16(at, true)), listed: (t) => t.int32_data.map(fromHalf) }],
  [11, { bits: 64, read: (view, at) => view.getFloat64(at, true), listed: (tensor) => tensor.double_data }],
  [12, { bits: 32, read: (view, at) => view.getUint32(at, true), listed: uint64 }],
  [13, { bits: 64, read: (view, at) => Number(view.getBigUint64(at, true)), listed: uint64 }],
  [
    16,
    { bits: 16, read: (view, at) => fromBrain(view.getUint16(at, true)), listed: (t) => t.int32_data.map(fromBrain) },
  ],
  [
    21,
    {
      bits: 4,
      read: (view, at) => nibble(view, at),
      listed: (t) => t.int32_data.flatMap((b) => [b & 15, (b >> 4) & 15]),
    },
  ],
  [
    22,
    {
      bits: 4,
      read: (view, at) => signed(nibble(view, at)),
      listed: (t) => t.int32_data.flatMap((b) => [signed(b & 15), signed((b >> 4) & 15)]),
    },
  ],
]);

const typeNames: Readonly<Record<number, string>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  8: 'string',
  9: 'bool',
  10: 'float16',
  11: 'float64',
  12: 'uint32',
  13: 'uint64',
  14: 'complex64',
  15: 'complex128',
  16: 'bfloat16',
  17: 'float8e4m3fn',
  18: 'float8e4m3fnuz',
  19: 'float8e5m2',
  20: 'float8e5m2fnuz',
  21: 'uint4',
  22: 'int4',
  23: 'float4e2m1',
};

/** `float32`, or the number when ONNX has no such type. */
export function typeName(dataType: number): string {
  return typeNames[dataType] ?? `type ${dataType}`;
}

/** IEEE 754 binary16. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 0x3ff;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

/** The upper half of a float32. */
function fromBrain(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint16(0, bits);
  return view.getFloat32(0);
}

/** `at` counts halves of bytes. */
const nibble = (view: DataView, at: number) => (view.getUint8(at >> 1) >> (at & 1 ? 4 : 0)) & 15;
const signed = (value: number) => (value > 7 ? value - 16 : value);

/**
 * Values of a tensor of the file, or of a file beside it.
 *
 * @throws SpinfireError (badInput): a type without numbers, a length that does not fit the dimensions, no external data
 */
export function readTensor(tensor: OnnxTensor, where: string, external?: ExternalData): Constant {
  const { name, dims, data_type: type } = tensor;
  const storage = storages.get(type);
  if (storage === undefined) {
    throw badInput('a tensor has a type that is not supported', {
      where,
      found: typeName(type),
      expected: 'floating-point numbers or integers of 4 to 64 bits',
      help: 'convert the model to float32 before exporting it (model.float())',
    });
  }
  if (dims.some((dim) => dim < 0 || !Number.isSafeInteger(dim))) {
    throw badInput('a tensor has an impossible dimension', { where, found: `[${dims.join(', ')}]` });
  }
  const count = dims.reduce((product, dim) => product * dim, 1);
  const raw =
    tensor.data_location === 1 ? externalBytes(tensor, (count * storage.bits) / 8, where, external) : tensor.raw_data;
  const listed = raw.length > 0 ? [] : storage.listed(tensor);
  const found = raw.length > 0 ? (raw.length * 8) / storage.bits : listed.length;
  if (Math.ceil((count * storage.bits) / 8) * 8 !== Math.ceil((found * storage.bits) / 8) * 8) {
    throw badInput('a tensor has another number of values than its dimensions say', {
      where,
      found: `${found} values of ${typeName(type)}`,
      expected: `${count} for [${dims.join(', ')}]`,
    });
  }
  if (raw.length === 0)
    return { kind: 'constant', name, dims, type, values: Float64Array.from(listed).subarray(0, count) };
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const step = storage.bits === 4 ? 1 : storage.bits / 8;
  const values = new Float64Array(count);
  for (let i = 0; i < count; i += 1) values[i] = storage.read(view, i * step);
  return { kind: 'constant', name, dims, type, values };
}

function externalBytes(tensor: OnnxTensor, bytes: number, where: string, external?: ExternalData): Uint8Array {
  const entries = new Map(tensor.external_data.map(({ key, value }) => [key, value]));
  const location = entries.get('location');
  if (location === undefined || location === '') {
    throw badInput('a tensor is kept in another file without a name', {
      where,
      found: 'external data without a location',
      expected: 'the name of a file beside the model',
      help: 'save it again with onnx.save_model(model, path, save_as_external_data=False)',
    });
  }
  const number = (key: string): number | undefined => {
    const text = entries.get(key);
    if (text === undefined || text === '') return undefined;
    const value = Number(text);
    if (Number.isSafeInteger(value) && value >= 0) return value;
    throw badInput(`external data has an impossible ${key}`, { where, found: text, expected: 'a number of bytes' });
  };
  const length = number('length');
  if (length !== undefined && length !== Math.ceil(bytes)) {
    throw badInput('a tensor has another number of values than its dimensions say', {
      where,
      found: `${length} bytes in ${location}`,
      expected: `${Math.ceil(bytes)} bytes for [${tensor.dims.join(', ')}] of ${typeName(tensor.data_type)}`,
    });
  }
  if (external === undefined) {
    throw badInput('a tensor is kept in another file', {
      where,
      found: `external data in ${location}`,
      expected: 'a model read from its folder, or weights inside the ONNX file',
      help: 'save it again with onnx.save_model(model, path, save_as_external_data=False)',
    });
  }
  return external(location, { offset: number('offset') ?? 0, length: length ?? Math.ceil(bytes) }, where);
}

/** A computed constant. */
export function constant(dims: readonly number[], values: Float64Array | readonly number[], type: number): Constant {
  return {
    kind: 'constant',
    name: '',
    dims,
    type,
    values: values instanceof Float64Array ? values : Float64Array.from(values),
  };
}

/** Whole numbers of a one-dimensional constant: shapes, axes, pads. */
export function integersOf({ values }: Constant): number[] {
  return Array.from(values);
}

/**
 * A constant as weights: finite float32 numbers.
 *
 * @throws SpinfireError (badInput): NaN, infinite, or beyond float32
 */
export function asWeights({ name, dims, values }: Constant, where: string): Float64Array {
  const wrong = values.findIndex((weight) => !Number.isFinite(Math.fround(weight)));
  if (wrong < 0) return values;
  throw badInput('a weight is not a finite float32 number', {
    where: `${where}${name === '' ? '' : `, tensor '${name}'`} element ${showIndex(wrong, dims)}`,
    found: `${values[wrong]}`,
    expected: 'finite weights',
    help: 'the training has diverged: train again, for instance with a lower learning rate',
  });
}

function showIndex(index: number, dims: readonly number[]): string {
  const parts: number[] = [];
  let rest = index;
  for (const dim of [...dims].reverse()) {
    parts.unshift(rest % dim);
    rest = Math.floor(rest / dim);
  }
  return `[${parts.join('][')}]`;
}
