/** Weights of a network that is described layer by layer, from a file of arrays: numpy.savez (.npz) or safetensors. */
import { unzipSync } from 'fflate';
import { z } from 'zod';
import { badInput } from '../errors/index.ts';
import { parseJson, readPlainFile } from '../store/index.ts';
import { readNpy } from './images/npy.ts';
import { isZip } from './images/npz.ts';
import { expectValues, type NumberType, numberTypes, readNumbers } from './images/numbers.ts';
import { elementCount, type Shape, showShape } from './types.ts';

interface NamedArray {
  readonly dims: readonly number[];
  readonly values: ArrayLike<number>;
}

/** How a layer's arrays are meant. */
export interface WeightOrder {
  /**
   * `torch` (usual): dense [output][input], convolution [output][input][y][x], and the inputs of a dense layer behind a map channel by channel.
   * `keras`: dense [input][output], convolution [y][x][input][output], inputs of a dense layer pixel by pixel.
   */
  readonly order?: 'torch' | 'keras';
  /** The map in front of a dense layer; not needed for a vector. */
  readonly input?: Shape;
}

/** Arrays of a PyTorch, safetensors, NumPy or Keras file, looked up by their names there. */
export interface WeightsFile {
  /** Names of its arrays. */
  readonly names: readonly string[];
  /**
   * Weights and bias of one layer in the order that `conv` and `dense` take: [output][y][x][channel] and [output].
   *
   * @param bias name of its biases; absent: none, which is 0 for each output
   * @throws SpinfireError (badInput) for names that are not there and arrays of other sizes
   */
  layer(
    weight: string,
    bias?: string,
    order?: WeightOrder,
  ): { readonly weights: Float32Array; readonly bias: Float32Array };
}

/** Reads a .npz or .safetensors file. Throws SpinfireError (badInput) when it is neither, or damaged. */
export function readWeights(path: string, shown = path): WeightsFile {
  const bytes = readPlainFile(path, shown);
  const arrays = isZip(bytes) ? npzArrays(bytes, shown) : safetensorArrays(bytes, shown);
  const named = (name: string) => {
    const found = arrays.get(name);
    if (found !== undefined) return found;
    throw badInput('the file has no such array', {
      where: shown,
      found: name,
      expected: [...arrays.keys()].join(', '),
    });
  };
  return {
    names: [...arrays.keys()],
    layer(weight, bias, order = {}) {
      const { outputs, weights } = ordered(named(weight), order, `${shown}, array ${weight}`);
      const biases = bias === undefined ? new Float32Array(outputs) : Float32Array.from(named(bias).values);
      if (biases.length === outputs) return { weights, bias: biases };
      throw badInput('the biases are not as many as the outputs', {
        where: `${shown}, array ${bias}`,
        found: `${biases.length} biases`,
        expected: `${outputs}`,
        help:
          order.order === 'keras'
            ? 'PyTorch has the outputs first: order torch'
            : "Keras has the outputs last: order: 'keras'",
      });
    },
  };
}

/** From the file's order to [output][y][x][channel]. */
function ordered({ dims, values }: NamedArray, { order = 'torch', input }: WeightOrder, where: string) {
  if (dims.length !== 2 && dims.length !== 4)
    throw badInput('weights of a layer have two or four dimensions', { where, found: `[${dims.join(', ')}]` });
  const isTorch = order === 'torch';
  const outputs = isTorch ? dims[0]! : dims.at(-1)!;
  const map = mapOf(dims, isTorch, input, where);
  const { height, width, channels } = map;
  const taps = height * width * channels;
  const weights = new Float32Array(outputs * taps);
  for (let o = 0, to = 0; o < outputs; o += 1)
    for (let y = 0; y < height; y += 1)
      for (let x = 0; x < width; x += 1)
        for (let c = 0; c < channels; c += 1, to += 1) {
          const byPixel = (y * width + x) * channels + c;
          const from = isTorch ? o * taps + (c * height + y) * width + x : byPixel * outputs + o;
          weights[to] = values[from]!;
        }
  return { outputs, weights };
}

/** Kernel of a convolution, or the map in front of a dense layer. */
function mapOf(dims: readonly number[], isTorch: boolean, input: Shape | undefined, where: string): Shape {
  if (dims.length === 4) {
    const [height, width, channels] = isTorch ? [dims[2]!, dims[3]!, dims[1]!] : [dims[0]!, dims[1]!, dims[2]!];
    return { height, width, channels };
  }
  const inputs = isTorch ? dims[1]! : dims[0]!;
  const map = input ?? { height: 1, width: 1, channels: inputs };
  if (elementCount(map) === inputs) return map;
  throw badInput('the weights do not fit the map in front of the layer', {
    where,
    found: `${inputs} inputs`,
    expected: `${elementCount(map)}, ${showShape(map)}`,
  });
}

function npzArrays(bytes: Uint8Array, shown: string): Map<string, NamedArray> {
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        expectValues(originalSize, shown);
        return name.endsWith('.npy');
      },
    });
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'SpinfireError') throw cause;
    const found = cause instanceof Error ? cause.message : String(cause);
    throw badInput('the zip archive is damaged', { where: shown, found, expected: 'a file of numpy.savez' }, cause);
  }
  return new Map(
    Object.entries(files).map(([file, content]) => {
      const name = file.slice(0, -'.npy'.length);
      const { dims, data } = readNpy(content, `${shown}, array ${name}`);
      return [name, { dims, values: data }];
    }),
  );
}

const safetensorTypes: Readonly<Record<string, NumberType>> = {
  F64: numberTypes.float64,
  F32: numberTypes.float32,
  F16: numberTypes.float16,
  BF16: { name: 'bfloat16', bytes: 2, read: (view, at, little) => upperHalf(view.getUint16(at, little)) },
  I8: numberTypes.int8,
};

/** bfloat16 is the upper half of a float32. */
function upperHalf(bits: number): number {
  return new Float32Array(Uint32Array.of(bits * 2 ** 16).buffer)[0]!;
}

const tensorHeader = z.object({
  dtype: z.string(),
  shape: z.array(z.int().min(0)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});

/** Eight bytes of length, that much JSON, then the tensors (github.com/huggingface/safetensors, README). */
function safetensorArrays(bytes: Uint8Array, shown: string): Map<string, NamedArray> {
  const damaged = (found: string) =>
    badInput('not a file of weights', {
      where: shown,
      found,
      expected: 'a .npz of numpy.savez, or a whole .safetensors file',
    });
  if (bytes.length < 8) throw damaged(`${bytes.length} bytes`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > bytes.length - 8) throw damaged(`a header of ${length} bytes in a file of ${bytes.length}`);
  let header: unknown;
  try {
    header = parseJson(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  } catch {
    throw damaged('a header that is not JSON');
  }
  if (typeof header !== 'object' || header === null) throw damaged('a header of another kind');
  const data = bytes.subarray(8 + length);
  return new Map(
    Object.entries(header)
      .filter(([name]) => name !== '__metadata__')
      .map(([name, entry]) => {
        const parsed = tensorHeader.safeParse(entry);
        if (!parsed.success) throw damaged(`array ${name}: ${parsed.error.issues[0]?.message}`);
        const {
          dtype,
          shape,
          data_offsets: [from, to],
        } = parsed.data;
        const type = Object.hasOwn(safetensorTypes, dtype) ? safetensorTypes[dtype]! : undefined;
        if (type === undefined)
          throw badInput('an array of a type that is not supported', {
            where: `${shown}, array ${name}`,
            found: dtype,
            expected: Object.keys(safetensorTypes).join(', '),
          });
        const count = shape.reduce((product, dim) => product * dim, 1);
        if (to > data.length || to - from !== count * type.bytes)
          throw damaged(`array ${name}: bytes ${from} to ${to} of ${data.length}, for ${count} numbers`);
        return [name, { dims: shape, values: readNumbers(data, from, count, type, true) }];
      }),
  );
}
