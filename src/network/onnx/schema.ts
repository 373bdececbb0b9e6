import protobuf from 'protobufjs';
import { badInput } from '../../errors/index.ts';
import { checkEnvelope } from './envelope.ts';

/**
 * The messages and fields of onnx.proto (Apache-2.0, github.com/onnx/onnx) that an import looks at. Field numbers are the
 * standard's; everything else in a file is skipped by the decoder.
 */
export const onnxSchema = `
syntax = "proto3";
package onnx;
message ModelProto {
  int64 ir_version = 1;
  string producer_name = 2;
  GraphProto graph = 7;
  repeated OperatorSetIdProto opset_import = 8;
  repeated FunctionProto functions = 25;
}
message FunctionProto {
  string name = 1;
  repeated string input = 4;
  repeated string output = 5;
  repeated string attribute = 6;
  repeated NodeProto node = 7;
  string domain = 10;
  repeated AttributeProto attribute_proto = 11;
}
message OperatorSetIdProto { string domain = 1; int64 version = 2; }
message GraphProto {
  repeated NodeProto node = 1;
  string name = 2;
  repeated TensorProto initializer = 5;
  repeated ValueInfoProto input = 11;
  repeated ValueInfoProto output = 12;
  repeated SparseTensorProto sparse_initializer = 15;
}
message NodeProto {
  repeated string input = 1;
  repeated string output = 2;
  string name = 3;
  string op_type = 4;
  repeated AttributeProto attribute = 5;
  string domain = 7;
}
message AttributeProto {
  string name = 1;
  float f = 2;
  int64 i = 3;
  bytes s = 4;
  TensorProto t = 5;
  repeated float floats = 7;
  repeated int64 ints = 8;
  repeated bytes strings = 9;
  int32 type = 20;
  string ref_attr_name = 21;
}
message TensorProto {
  repeated int64 dims = 1;
  int32 data_type = 2;
  repeated float float_data = 4;
  repeated int32 int32_data = 5;
  repeated int64 int64_data = 7;
  string name = 8;
  bytes raw_data = 9;
  repeated double double_data = 10;
  repeated uint64 uint64_data = 11;
  repeated StringStringEntryProto external_data = 13;
  int32 data_location = 14;
}
message StringStringEntryProto { string key = 1; string value = 2; }
message SparseTensorProto { TensorProto values = 1; }
message ValueInfoProto { string name = 1; TypeProto type = 2; }
message TypeProto { TensorTypeProto tensor_type = 1; }
message TensorTypeProto { int32 elem_type = 1; TensorShapeProto shape = 2; }
message TensorShapeProto { repeated DimensionProto dim = 1; }
message DimensionProto { optional int64 dim_value = 1; string dim_param = 2; }
`;

export interface OnnxTensor {
  readonly dims: readonly number[];
  readonly data_type: number;
  readonly float_data: readonly number[];
  readonly int32_data: readonly number[];
  readonly int64_data: readonly number[];
  readonly name: string;
  readonly raw_data: Uint8Array;
  readonly double_data: readonly number[];
  readonly uint64_data: readonly number[];
  readonly external_data: readonly { readonly key: string; readonly value: string }[];
  /** 1: in another file. */
  readonly data_location: number;
}

export interface OnnxAttribute {
  readonly name: string;
  readonly f: number;
  readonly i: number;
  readonly s: Uint8Array;
  readonly t?: OnnxTensor | null;
  readonly floats: readonly number[];
  readonly ints: readonly number[];
  readonly strings: readonly Uint8Array[];
  /** 0 when the writer left it out. */
  readonly type: number;
  /** In a function: the caller's attribute that is meant. */
  readonly ref_attr_name: string;
}

export interface OnnxNode {
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly name: string;
  readonly op_type: string;
  readonly attribute: readonly OnnxAttribute[];
  readonly domain: string;
}

export interface OnnxValueInfo {
  readonly name: string;
  readonly type?: {
    readonly tensor_type?: {
      readonly elem_type: number;
      /** A dimension without a value is symbolic, such as the batch. */
      readonly shape?: { readonly dim: readonly { readonly dim_value?: number }[] } | null;
    } | null;
  } | null;
}

export interface OnnxGraph {
  readonly node: readonly OnnxNode[];
  readonly name: string;
  readonly initializer: readonly OnnxTensor[];
  readonly input: readonly OnnxValueInfo[];
  readonly output: readonly OnnxValueInfo[];
  readonly sparse_initializer: readonly unknown[];
}

/** Nodes that stand for one of the model's own operators. */
export interface OnnxFunction {
  readonly name: string;
  readonly domain: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly node: readonly OnnxNode[];
  /** Attributes with a default. */
  readonly attribute_proto: readonly OnnxAttribute[];
}

export interface OnnxModel {
  readonly ir_version: number;
  readonly producer_name: string;
  readonly graph: OnnxGraph;
  readonly opset_import: readonly { readonly domain: string; readonly version: number }[];
  readonly functions: readonly OnnxFunction[];
}

/**
 * Decodes the protobuf; nothing of its meaning is checked except that there is a graph.
 *
 * @throws SpinfireError (badInput) when the bytes are truncated or no ONNX model
 */
export function decodeModel(bytes: Uint8Array, fileName: string): OnnxModel {
  checkEnvelope(bytes, fileName);
  const type = protobuf.parse(onnxSchema, { keepCase: true }).root.lookupType('onnx.ModelProto');
  let model: Partial<OnnxModel>;
  try {
    // `defaults` and `longs: Number` give exactly the interfaces above; sub-messages that are absent are null.
    const decoded = type.decode(bytes);
    model = type.toObject(decoded, { longs: Number, defaults: true, arrays: true }) as Partial<OnnxModel>;
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw badInput('the ONNX file is damaged', { where: fileName, found, expected: 'a whole ONNX model' }, cause);
  }
  const { ir_version = 0, producer_name = '', graph, opset_import = [], functions = [] } = model;
  if (graph === undefined || graph === null) {
    throw badInput('the ONNX file holds no graph', {
      where: fileName,
      found: `${bytes.length} bytes without one`,
      expected: 'a model with a graph',
      help: 'export it again with torch.onnx.export',
    });
  }
  return { ir_version, producer_name, graph, opset_import, functions };
}
