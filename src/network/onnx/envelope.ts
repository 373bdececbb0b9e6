import protobuf from 'protobufjs';
import { badInput, type SpinfireError } from '../../errors/index.ts';

/** Top-level fields of an ONNX model with their wire type: 0 a number, 2 a length and bytes. */
const modelFields: ReadonlyMap<number, number> = new Map([
  [1, 0], // ir_version
  [2, 2], // producer_name
  [3, 2], // producer_version
  [4, 2], // domain
  [5, 0], // model_version
  [6, 2], // doc_string
  [7, 2], // graph
  [8, 2], // opset_import
  [14, 2], // metadata_props
  [20, 2], // training_info
  [25, 2], // functions
  [26, 2], // configuration
]);

const onnxLine =
  "PyTorch: torch.onnx.export(model, (image,), 'model.onnx'); Keras: model.export('model.onnx', format='onnx')";

/** The line to type for a file of Keras, by its name. */
function exportLine(fileName: string): string {
  if (!/\.(keras|h5|hdf5)$/i.test(fileName)) return onnxLine;
  const onnx = fileName.replace(/\.\w+$/, '.onnx');
  return `python3 -c "import keras; keras.models.load_model('${fileName}').export('${onnx}', format='onnx')"`;
}

/** First bytes of files that people give by mistake. */
const otherFormats: readonly (readonly [bytes: readonly number[], name: string, help: string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'a zip archive, such as a PyTorch checkpoint or a .keras file', onnxLine],
  [[0x89, 0x48, 0x44, 0x46], 'an HDF5 file, such as a Keras or NIR network', onnxLine],
  [[0x1f, 0x8b], 'a gzip file', 'unpack it first'],
  [[0x00, 0x00, 0x08], 'an IDX file of images or labels', 'give the model here and the images with --images'],
];

/**
 * Walks over the top-level fields, so that a truncated file and a file of another kind are told apart; a decoder alone
 * calls both an index out of range.
 *
 * @throws SpinfireError (badInput)
 */
export function checkEnvelope(bytes: Uint8Array, fileName: string): void {
  if (bytes.length === 0) {
    throw badInput('the model file is empty', { where: fileName, found: '0 bytes', expected: 'an ONNX model' });
  }
  for (const [start, name, help] of otherFormats) {
    if (start.every((byte, index) => bytes[index] === byte))
      throw notOnnx(fileName, 0, name, help === onnxLine ? exportLine(fileName) : help);
  }
  const reader = protobuf.Reader.create(bytes);
  while (reader.pos < reader.len) {
    const offset = reader.pos;
    const tag = readTag(reader, fileName);
    const wireType = tag & 7;
    const known = modelFields.get(tag >>> 3);
    if (known !== wireType) {
      // A newer standard may add fields, but no model starts with one.
      const found = `a field ${tag >>> 3} of wire type ${wireType}`;
      if (offset === 0 || known !== undefined || tag >>> 3 === 0) throw notOnnx(fileName, offset, found);
    }
    skipField(reader, wireType, offset, fileName);
  }
}

function readTag(reader: protobuf.Reader, fileName: string): number {
  const offset = reader.pos;
  try {
    return reader.uint32();
  } catch {
    throw truncated(fileName, reader.len, offset);
  }
}

function skipField(reader: protobuf.Reader, wireType: number, offset: number, fileName: string): void {
  if (wireType !== 2) {
    try {
      reader.skipType(wireType);
    } catch (cause) {
      if (cause instanceof RangeError) throw truncated(fileName, reader.len, offset);
      throw notOnnx(fileName, offset, `wire type ${wireType}`);
    }
    return;
  }
  const length = readTag(reader, fileName);
  if (length > reader.len - reader.pos) throw truncated(fileName, reader.len, offset, reader.pos + length);
  reader.skip(length);
}

function truncated(fileName: string, length: number, offset: number, needed?: number): SpinfireError {
  return badInput('the ONNX file is truncated or no ONNX file', {
    where: `${fileName} byte ${offset}`,
    found: `${length} bytes`,
    expected: needed === undefined ? 'more bytes' : `at least ${needed} bytes for the part that starts here`,
    help: 'copy or export it again',
  });
}

function notOnnx(fileName: string, offset: number, found: string, help?: string): SpinfireError {
  return badInput('not an ONNX file', {
    where: `${fileName} byte ${offset}`,
    found,
    expected: 'a model written by torch.onnx.export or another ONNX exporter',
    ...(help === undefined ? {} : { help }),
  });
}
