import type { DataId, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import {
  type Attribute,
  type Attributes,
  boolAttribute,
  DataType,
  stringAttribute,
  typeAttribute,
} from './definition.js';
import type { NodeBackend, OpAttributeInput } from './tensorflow.js';

type Int64Scalar = { valueArray: ArrayLike<number>; dataId?: undefined };

/** Hears of every op that tfjs-node runs while it is the active one. */
export interface Listener {
  /** The graph's name for a value: an op's output, an argument, or a constant that it makes on the spot. */
  reference(tensor: TensorInfo): string;
  int64(value: number): string;
  heard(op: string, inputs: readonly string[], attributes: Attributes, outputs: readonly TensorInfo[]): void;
  /** Whether the value was computed inside the recording, so that reading it would freeze it. */
  isComputed(dataId: DataId): boolean;
}

let listener: Listener | undefined;
let privateReads = 0;

export function activeListener(): Listener | undefined {
  return listener;
}

/** Runs `fn` with `next` hearing its ops, and nobody else. */
export function listening<Result>(next: Listener | undefined, fn: () => Result): Result {
  const before = listener;
  listener = next;
  try {
    return fn();
  } finally {
    listener = before;
  }
}

/** Reads a tensor's values for the recorder itself. */
export function readPrivately(backend: NodeBackend, dataId: DataId): ArrayLike<number> {
  privateReads++;
  try {
    return backend.readSync(dataId);
  } finally {
    privateReads--;
  }
}

function attributeOf(binding: NodeBackend['binding'], { name, type, value }: OpAttributeInput): Attribute {
  const many = Array.isArray(value);
  const list = value as number[];
  switch (type) {
    case binding.TF_ATTR_TYPE:
      return many ? { kind: 'types', value: list } : typeAttribute(value as number);
    case binding.TF_ATTR_INT:
      return many ? { kind: 'ints', value: list } : { kind: 'int', value: value as number };
    case binding.TF_ATTR_FLOAT:
      return many ? { kind: 'floats', value: list } : { kind: 'float', value: value as number };
    case binding.TF_ATTR_BOOL:
      return many ? { kind: 'bools', value: value as boolean[] } : boolAttribute(value as boolean);
    case binding.TF_ATTR_STRING:
      return stringAttribute(value as string);
    case binding.TF_ATTR_SHAPE:
      return { kind: 'shape', value: list ?? [] };
    default:
      throw new Error(`compile: attribute ${name} of type ${type} cannot be written into a graph`);
  }
}

/** Lets listeners hear of the ops of tfjs-node's backend. To be called once. */
export function observe(backend: NodeBackend): void {
  const { binding } = backend;
  const single = backend.executeSingleOutput.bind(backend);
  const multiple = backend.executeMultipleOutputs.bind(backend);
  const read = backend.readSync.bind(backend);

  const tell = (
    to: Listener,
    op: string,
    attributes: OpAttributeInput[],
    inputs: readonly TensorInfo[],
    outputs: readonly Tensor[],
  ) => {
    const named: Attributes = {};
    for (const attribute of attributes) named[attribute.name] = attributeOf(binding, attribute);
    if (op === 'ExpandDims') {
      // tfjs-node leaves these for the eager runtime to infer; a graph wants them written.
      named.T ??= typeAttribute(DataType[(inputs[0] as TensorInfo).dtype as keyof typeof DataType]);
      named.Tdim ??= typeAttribute(DataType.int32);
    }
    const references = inputs.map((input) => {
      const scalar = input as unknown as Int64Scalar;
      return scalar.valueArray && !scalar.dataId
        ? to.int64(scalar.valueArray[0] as number)
        : to.reference(input);
    });
    to.heard(op, references, named, outputs);
  };

  backend.executeSingleOutput = (op, attributes, inputs) => {
    const output = single(op, attributes, inputs);
    if (listener) tell(listener, op, attributes, inputs, [output]);
    return output;
  };
  backend.executeMultipleOutputs = (op, attributes, inputs, count) => {
    const outputs = multiple(op, attributes, inputs, count);
    if (listener) tell(listener, op, attributes, inputs, outputs);
    return outputs;
  };
  backend.readSync = (dataId) => {
    if (listener && !privateReads && listener.isComputed(dataId)) {
      throw new Error(
        'compile: the function reads the values of a tensor (dataSync, data, array, print, …), which cannot be traced: ' +
          'return the tensor and read it outside, or run the function eagerly',
      );
    }
    return read(dataId);
  };
}
