import { badInput } from '../../errors/index.ts';

/** Values of all images together: a gigabyte of bytes. */
const mostValues = 2 ** 30;

/** Refuses a count of values before anything of it is made. */
export function expectValues(count: number, where: string): void {
  if (Number.isSafeInteger(count) && count >= 0 && count <= mostValues) return;
  throw badInput('the images are too many for the memory', {
    where,
    found: `${count.toLocaleString('en')} values`,
    expected: `at most ${mostValues.toLocaleString('en')}`,
  });
}

/** How numbers stand in memory. */
export interface NumberType {
  readonly name: string;
  readonly bytes: number;
  readonly read: (view: DataView, at: number, little: boolean) => number;
}

export const numberTypes = {
  uint8: { name: 'uint8', bytes: 1, read: (view, at) => view.getUint8(at) },
  int8: { name: 'int8', bytes: 1, read: (view, at) => view.getInt8(at) },
  uint16: { name: 'uint16', bytes: 2, read: (view, at, little) => view.getUint16(at, little) },
  int16: { name: 'int16', bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  uint32: { name: 'uint32', bytes: 4, read: (view, at, little) => view.getUint32(at, little) },
  int32: { name: 'int32', bytes: 4, read: (view, at, little) => view.getInt32(at, little) },
  uint64: { name: 'uint64', bytes: 8, read: (view, at, little) => Number(view.getBigUint64(at, little)) },
  int64: { name: 'int64', bytes: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)) },
  float16: { name: 'float16', bytes: 2, read: (view, at, little) => halfFloat(view.getUint16(at, little)) },
  float32: { name: 'float32', bytes: 4, read: (view, at, little) => view.getFloat32(at, little) },
  float64: { name: 'float64', bytes: 8, read: (view, at, little) => view.getFloat64(at, little) },
} as const satisfies Record<string, NumberType>;

/** IEEE 754 binary16. */
function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 0x3ff;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

/** Reads `count` numbers; bytes stay bytes. */
export function readNumbers(
  bytes: Uint8Array,
  start: number,
  count: number,
  type: NumberType,
  little: boolean,
): Uint8Array | Float64Array {
  if (type.name === 'uint8') return bytes.slice(start, start + count);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float64Array(count);
  for (let i = 0; i < count; i += 1) values[i] = type.read(view, start + i * type.bytes, little);
  return values;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Numbers as labels: whole and not negative. */
export function asLabels(values: ArrayLike<number>, where: string): number[] {
  const labels = Array.from(values);
  const wrong = labels.findIndex((label) => !Number.isInteger(label) || label < 0);
  if (wrong < 0) return labels;
  throw badInput('a label is no class number', {
    where,
    found: `${labels[wrong]} of image ${wrong}`,
    expected: 'whole numbers from 0 on',
  });
}
