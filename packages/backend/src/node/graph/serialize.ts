import { createRequire } from 'node:module';
import {
  type Attribute,
  type Constant,
  DataType,
  type DataTypeNumber,
  type GraphDefinition,
} from './definition.js';

type Message = { serializeBinary(): Uint8Array } & Record<`set${string}`, (value: unknown) => void> & {
    getAttrMap(): { set(name: string, value: Message): void };
  };
type MessageClass = { new (): Message } & Record<
  string,
  { new (): Message } & Record<string, { new (): Message }>
>;

// The protobuf classes that tfjs-node generates from TensorFlow's own definitions.
const require = createRequire(import.meta.url);
const generated = require('@tensorflow/tfjs-node/dist/proto/api_pb.js') as {
  proto?: { tensorflow: Record<string, MessageClass> };
} & Record<string, MessageClass>;
const tensorflow = (generated.proto?.tensorflow ?? generated) as Record<string, MessageClass>;

const GRAPH_DEF_PRODUCER = 1286;

function message(path: string, fields: Record<string, unknown>): Message {
  const found = path
    .split('.')
    .reduce<unknown>((scope, part) => (scope as Record<string, unknown>)[part], tensorflow);
  const result = new (found as new () => Message)();
  for (const [field, value] of Object.entries(fields)) result[`set${field}`]?.(value);
  return result;
}

function shape(sizes: readonly number[]): Message {
  return message('TensorShape', { DimList: sizes.map((size) => message('TensorShape.Dim', { Size: size })) });
}

function tensor({ dataType, shape: sizes, values }: Constant): Message {
  return message('Tensor', {
    Dtype: dataType,
    TensorShape: shape(sizes),
    ...content(dataType, values),
  });
}

function content(dataType: DataTypeNumber, values: ArrayLike<number>): Record<string, unknown> {
  switch (dataType) {
    case DataType.bool:
      return { BoolValList: Array.from(values, Boolean) };
    case DataType.int32:
      return { IntValList: Array.from(values) };
    case DataType.int64:
      return { Int64ValList: Array.from(values) };
    case DataType.float32:
      return values.length > 1
        ? { TensorContent: new Uint8Array(Float32Array.from(values).buffer) }
        : { FloatValList: Array.from(values) };
    default:
      return {};
  }
}

function attribute(value: Attribute): Message {
  const list = (field: string) => ({ List: message('AttrValue.ListValue', { [field]: value.value }) });
  switch (value.kind) {
    case 'type':
      return message('AttrValue', { Type: value.value });
    case 'int':
      return message('AttrValue', { I: value.value });
    case 'float':
      return message('AttrValue', { F: value.value });
    case 'bool':
      return message('AttrValue', { B: value.value });
    case 'string':
      return message('AttrValue', { S: new TextEncoder().encode(value.value) });
    case 'shape':
      return message('AttrValue', { Shape: shape(value.value) });
    case 'tensor':
      return message('AttrValue', { Tensor: tensor(value.value) });
    case 'types':
      return message('AttrValue', list('TypeList'));
    case 'ints':
      return message('AttrValue', list('IList'));
    case 'floats':
      return message('AttrValue', list('FList'));
    case 'bools':
      return message('AttrValue', list('BList'));
  }
}

/** The bytes of a SavedModel that holds the graph under the tag `serve`. */
export function serializeSavedModel(graph: GraphDefinition): Uint8Array {
  const nodes = graph.nodes.map((node) => {
    const definition = message('NodeDef', { Name: node.name, Op: node.op, InputList: node.inputs });
    for (const [name, value] of Object.entries(node.attributes))
      definition.getAttrMap().set(name, attribute(value));
    return definition;
  });
  const versions = message('VersionDef', { Producer: GRAPH_DEF_PRODUCER });
  const meta = message('MetaGraphDef', {
    MetaInfoDef: message('MetaGraphDef.MetaInfoDef', { TagsList: ['serve'] }),
    GraphDef: message('GraphDef', { NodeList: nodes, Versions: versions }),
  });
  return message('SavedModel', { SavedModelSchemaVersion: 1, MetaGraphsList: [meta] }).serializeBinary();
}
