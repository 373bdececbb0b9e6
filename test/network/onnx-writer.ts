import protobuf from 'protobufjs';

/**
 * A tiny ONNX writer, field by field with the numbers of onnx.proto, independent of the schema that the importer
 * decodes with. It writes bad models as willingly as good ones.
 */

export interface TensorSpec {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: readonly number[];
  /** Default float in raw data. */
  readonly storage?: 'raw' | 'floatData' | 'double' | 'doubleData' | 'int64' | 'int64Data' | 'float16' | 'external';
}

export type AttributeValue =
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly string: string }
  | { readonly tensor: TensorSpec };

export interface NodeSpec {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly name?: string;
  readonly domain?: string;
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
}

export type DimSpec = number | string;

export interface ModelSpec {
  readonly nodes: readonly NodeSpec[];
  readonly tensors?: readonly TensorSpec[];
  readonly inputs?: readonly { readonly name: string; readonly dims: readonly DimSpec[]; readonly type?: number }[];
  readonly outputs?: readonly { readonly name: string; readonly dims?: readonly DimSpec[] }[];
  readonly opset?: number;
  readonly withGraph?: boolean;
}

/** Bytes of a model; input `x`, output that of the last node, unless told otherwise. */
export function writeModel(spec: ModelSpec): Uint8Array {
  const { nodes, tensors = [], opset = 13, withGraph = true } = spec;
  const inputs = spec.inputs ?? [{ name: 'x', dims: ['batch', 1, 28, 28] }];
  const outputs = spec.outputs ?? [{ name: nodes.at(-1)?.output ?? 'y' }];
  const graph = message((w) => {
    for (const node of nodes) bytesField(w, 1, writeNode(node));
    text(w, 2, 'main_graph');
    for (const tensor of tensors) bytesField(w, 5, writeTensor(tensor));
    for (const input of inputs) bytesField(w, 11, writeValue(input.name, input.dims, input.type ?? 1));
    for (const output of outputs) bytesField(w, 12, writeValue(output.name, output.dims, 1));
  });
  return message((w) => {
    int(w, 1, 7);
    text(w, 2, 'test');
    if (withGraph) bytesField(w, 7, graph);
    if (opset > 0) bytesField(w, 8, writeOpset(opset));
  });
}

function writeOpset(version: number): Uint8Array {
  return message((w) => {
    text(w, 1, '');
    int(w, 2, version);
  });
}

function writeNode(node: NodeSpec): Uint8Array {
  return message((w) => {
    for (const input of node.inputs) text(w, 1, input);
    text(w, 2, node.output);
    if (node.name !== undefined) text(w, 3, node.name);
    text(w, 4, node.op);
    for (const [name, value] of Object.entries(node.attributes ?? {})) bytesField(w, 5, writeAttribute(name, value));
    if (node.domain !== undefined) text(w, 7, node.domain);
  });
}

function writeAttribute(name: string, value: AttributeValue): Uint8Array {
  return message((w) => {
    text(w, 1, name);
    if ('float' in value) w.uint32((2 << 3) | 5).float(value.float);
    if ('int' in value) int(w, 3, value.int);
    if ('string' in value) text(w, 4, value.string);
    if ('tensor' in value) bytesField(w, 5, writeTensor(value.tensor));
    // Not packed, as proto2 writers do.
    if ('floats' in value) for (const each of value.floats) w.uint32((7 << 3) | 5).float(each);
    if ('ints' in value) for (const each of value.ints) int(w, 8, each);
    const types = { float: 1, int: 2, string: 3, tensor: 4, floats: 6, ints: 7 };
    int(w, 20, types[Object.keys(value)[0] as keyof typeof types]);
  });
}

function writeTensor(tensor: TensorSpec): Uint8Array {
  const { values, storage = 'raw' } = tensor;
  const types = { raw: 1, floatData: 1, double: 11, doubleData: 11, int64: 7, int64Data: 7, float16: 10, external: 1 };
  return message((w) => {
    for (const dim of tensor.dims) int(w, 1, dim);
    int(w, 2, types[storage]);
    text(w, 8, tensor.name);
    switch (storage) {
      case 'raw':
        return bytesField(
          w,
          9,
          rawBytes(4, values, (view, at, value) => view.setFloat32(at, value, true)),
        );
      case 'double':
        return bytesField(
          w,
          9,
          rawBytes(8, values, (view, at, value) => view.setFloat64(at, value, true)),
        );
      case 'int64':
        return bytesField(
          w,
          9,
          rawBytes(8, values, (view, at, value) => view.setBigInt64(at, BigInt(value), true)),
        );
      case 'float16':
        return bytesField(w, 9, new Uint8Array(values.length * 2));
      case 'floatData':
        return packed(w, 4, (p) => values.forEach((value) => void p.float(value)));
      case 'doubleData':
        return packed(w, 10, (p) => values.forEach((value) => void p.double(value)));
      case 'int64Data':
        return packed(w, 7, (p) => values.forEach((value) => void p.int64(value)));
      case 'external':
        return int(w, 14, 1);
    }
  });
}

function writeValue(name: string, dims: readonly DimSpec[] | undefined, elementType: number): Uint8Array {
  const shape = message((w) => {
    for (const dim of dims ?? []) {
      const content = message((d) => (typeof dim === 'number' ? int(d, 1, dim) : text(d, 2, dim)));
      bytesField(w, 1, content);
    }
  });
  const tensorType = message((w) => {
    int(w, 1, elementType);
    if (dims !== undefined) bytesField(w, 2, shape);
  });
  return message((w) => {
    text(w, 1, name);
    bytesField(
      w,
      2,
      message((t) => bytesField(t, 1, tensorType)),
    );
  });
}

function rawBytes(size: number, values: readonly number[], set: (view: DataView, at: number, value: number) => void) {
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    set(view, index * size, value);
  });
  return bytes;
}

function message(fill: (writer: protobuf.Writer) => void): Uint8Array {
  const writer = protobuf.Writer.create();
  fill(writer);
  return writer.finish();
}

function packed(writer: protobuf.Writer, field: number, fill: (writer: protobuf.Writer) => void): void {
  bytesField(writer, field, message(fill));
}

function bytesField(writer: protobuf.Writer, field: number, bytes: Uint8Array): void {
  writer.uint32((field << 3) | 2).bytes(bytes);
}

function text(writer: protobuf.Writer, field: number, value: string): void {
  writer.uint32((field << 3) | 2).string(value);
}

function int(writer: protobuf.Writer, field: number, value: number): void {
  writer.uint32(field << 3).int64(value);
}
