import { badInput } from '../../errors/index.ts';
import type { OnnxTensor } from './schema.ts';

/** A constant of the graph. */
export interface Constant {
  readonly name: string;
  readonly dims: readonly number[];
  /** Whether it was stored as float or double; otherwise as int32 or int64. */
  readonly isFloat: boolean;
  readonly values: Float64Array;
}

type Reader = (view: DataView, offset: number) => number;

interface Storage {
  readonly isFloat: boolean;
  readonly bytes: number;
  readonly read: Reader;
  readonly listed: (tensor: OnnxTensor) => readonly number[];
}

/** ONNX TensorProto.DataType -> how its values are stored; raw data is little-endian. */
const storages: ReadonlyMap<number, Storage> = new Map<number, Storage>([
  [1, { isFloat: true, bytes: 4, read: (view, at) => view.getFloat32(at, true), listed: (t) => t.float_data }],
  [6, { isFloat: false, bytes: 4, read: (view, at) => view.getInt32(at, true), listed: (t) => t.int32_data }],
  [
    7,
    { isFloat: false, bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)), listed: (t) => t.int64_data },
  ],
  [11, { isFloat: true, bytes: 8, read: (view, at) => view.getFloat64(at, true), listed: (t) => t.double_data }],
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
};

/** `float32`, or the number when ONNX has no such type. */
export function typeName(dataType: number): string {
  return typeNames[dataType] ?? `type ${dataType}`;
}

/**
 * Values of a tensor stored in the file as float32, float64, int32 or int64.
 *
 * @throws SpinfireError (badInput): another type, data in another file, or a length that does not fit the dimensions
 */
export function readTensor(tensor: OnnxTensor, where: string): Constant {
  const { name, dims } = tensor;
  const storage = storages.get(tensor.data_type);
  if (storage === undefined) {
    throw badInput('a tensor has a type that is not supported', {
      where,
      found: typeName(tensor.data_type),
      expected: 'float32 or float64',
      help: 'convert the model to float32 before exporting it (model.float())',
    });
  }
  if (tensor.data_location !== 0) {
    throw badInput('a tensor is kept in another file', {
      where,
      found: 'external data',
      expected: 'weights inside the ONNX file',
      help: 'save it again with onnx.save_model(model, path, save_as_external_data=False)',
    });
  }
  if (dims.some((dim) => dim < 0 || !Number.isSafeInteger(dim))) {
    throw badInput('a tensor has an impossible dimension', { where, found: `[${dims.join(', ')}]` });
  }
  const count = dims.reduce((product, dim) => product * dim, 1);
  const { read, bytes, isFloat } = storage;
  const listed = storage.listed(tensor);
  const found = tensor.raw_data.length > 0 ? tensor.raw_data.length / bytes : listed.length;
  if (found !== count) {
    throw badInput('a tensor has another number of values than its dimensions say', {
      where,
      found: `${found} values of ${typeName(tensor.data_type)}`,
      expected: `${count} for [${dims.join(', ')}]`,
    });
  }
  if (tensor.raw_data.length === 0) return { name, dims, isFloat, values: Float64Array.from(listed) };
  const view = new DataView(tensor.raw_data.buffer, tensor.raw_data.byteOffset, tensor.raw_data.byteLength);
  return { name, dims, isFloat, values: Float64Array.from({ length: count }, (_, index) => read(view, index * bytes)) };
}

/**
 * A constant as weights: finite float32 numbers.
 *
 * @throws SpinfireError (badInput): integers, NaN, infinite, or beyond float32
 */
export function asWeights(constant: Constant, where: string): Float32Array {
  if (!constant.isFloat) {
    throw badInput('weights are integers', {
      where: `${where}, tensor '${constant.name}'`,
      found: 'int32 or int64',
      expected: 'float32 or float64',
      help: 'import the float model; spinfire quantises it itself (--weight-bits)',
    });
  }
  const weights = Float32Array.from(constant.values);
  const wrong = weights.findIndex((weight) => !Number.isFinite(weight));
  if (wrong >= 0) {
    throw badInput('a weight is not a finite float32 number', {
      where: `${where}, tensor '${constant.name}' element ${showIndex(wrong, constant.dims)}`,
      found: `${constant.values[wrong]}`,
      expected: 'finite weights',
      help: 'the training has diverged: train again, for instance with a lower learning rate',
    });
  }
  return weights;
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
