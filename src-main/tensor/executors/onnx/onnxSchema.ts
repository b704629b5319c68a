/**
 * The part of the public ONNX schema (onnx.proto3, ONNX IR version 8 and later) that a plain graph needs, and its encoder.
 * Names and field numbers are the schema's; unused fields are left out.
 */
import protobuf from 'protobufjs';

const schema = `
syntax = "proto3";
package onnx;
message AttributeProto {
  enum AttributeType { UNDEFINED = 0; FLOAT = 1; INT = 2; STRING = 3; TENSOR = 4; FLOATS = 6; INTS = 7; }
  string name = 1; float f = 2; int64 i = 3; bytes s = 4; repeated float floats = 7; repeated int64 ints = 8;
  AttributeType type = 20;
}
message ValueInfoProto { string name = 1; TypeProto type = 2; }
message NodeProto {
  repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4;
  repeated AttributeProto attribute = 5; string domain = 7;
}
message StringStringEntryProto { string key = 1; string value = 2; }
message ModelProto {
  int64 ir_version = 1; string producer_name = 2; string producer_version = 3; GraphProto graph = 7;
  repeated OperatorSetIdProto opset_import = 8; repeated StringStringEntryProto metadata_props = 14;
}
message GraphProto {
  repeated NodeProto node = 1; string name = 2; repeated TensorProto initializer = 5;
  repeated ValueInfoProto input = 11; repeated ValueInfoProto output = 12;
}
message TensorProto { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; }
message TensorShapeProto {
  message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } }
  repeated Dimension dim = 1;
}
message TypeProto {
  message Tensor { int32 elem_type = 1; TensorShapeProto shape = 2; }
  oneof value { Tensor tensor_type = 1; }
}
message OperatorSetIdProto { string domain = 1; int64 version = 2; }
`;

const modelProto = protobuf.parse(schema, { keepCase: true }).root.lookupType('onnx.ModelProto');

/** Element types of TensorProto.DataType. */
export const elementTypes = { float32: 1, int32: 6, int64: 7 } as const;
export type ElementType = keyof typeof elementTypes;

export type Attribute =
  | { readonly name: string; readonly type: 'FLOAT'; readonly f: number }
  | { readonly name: string; readonly type: 'INT'; readonly i: number }
  | { readonly name: string; readonly type: 'STRING'; readonly s: Uint8Array }
  | { readonly name: string; readonly type: 'INTS'; readonly ints: readonly number[] };

export interface OnnxNode {
  readonly op_type: string;
  readonly domain?: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly Attribute[];
}

/** An extent is a number, or the name of a free one. */
export interface OnnxValue {
  readonly name: string;
  readonly elementType: ElementType;
  readonly shape: readonly (number | string)[];
}

export interface OnnxInitializer {
  readonly name: string;
  readonly elementType: ElementType;
  readonly dims: readonly number[];
  /** Little-endian values. */
  readonly raw: Uint8Array;
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxInitializer[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The operator set every graph is written in; 18 is understood by all providers. */
export const opsetVersion = 18;

/** Encodes a graph as the bytes of an ONNX model. */
export function encodeModel(graph: OnnxGraph): Uint8Array {
  const value = ({ name, elementType, shape }: OnnxValue): object => ({
    name,
    type: {
      tensor_type: {
        elem_type: elementTypes[elementType],
        shape: {
          dim: shape.map((extent) =>
            typeof extent === 'number' ? { dim_value: extent } : { dim_param: extent },
          ),
        },
      },
    },
  });
  const message = modelProto.fromObject({
    ir_version: 8,
    producer_name: 'ilium',
    opset_import: [
      { domain: '', version: opsetVersion },
      { domain: 'com.microsoft', version: 1 },
    ],
    metadata_props: Object.entries(graph.metadata ?? {}).map(([key, text]) => ({ key, value: text })),
    graph: {
      name: 'ilium',
      node: graph.nodes,
      initializer: graph.initializers.map(({ name, elementType, dims, raw }) => ({
        name,
        dims,
        data_type: elementTypes[elementType],
        raw_data: raw,
      })),
      input: graph.inputs.map(value),
      output: graph.outputs.map(value),
    },
  });
  return modelProto.encode(message).finish();
}
