import type { DataId, Tensor, TensorInfo, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { isTensor, leaves, type TensorTree } from '../../container.js';
import { type Attributes, DataType, GraphDefinition, typeAttribute } from './definition.js';
import { type Listener, listening, readPrivately } from './recorder.js';
import type { NodeBackend } from './tensorflow.js';

export const dataTypeOf = (tensor: { dtype: string }): number => {
  const number = DataType[tensor.dtype as keyof typeof DataType];
  if (!number) throw new Error(`compile: tensors of type ${tensor.dtype} cannot be in a graph`);
  return number;
};

export interface ValueInfo {
  readonly dataType: number;
  readonly shape: readonly number[];
}

export interface TracedVariable {
  readonly variable: Variable;
  /** Its value at the start of a call. */
  readonly value: string;
  /** In a resident graph, the handle that holds it. */
  readonly handle?: string;
}

/**
 * Gives variables a value of their own that share one, with each other or with a tensor that they were made from: it is
 * by their values that a recording tells them apart.
 */
function separate(backend: NodeBackend, variables: readonly Variable[]): void {
  for (const variable of variables) {
    if (backend.refCount(variable.dataId) === 1) continue;
    tf.tidy(() => variable.assign(tf.tensor(variable.dataSync(), variable.shape, variable.dtype)));
  }
}

/** One recording of a function as a graph. */
export class Trace implements Listener {
  readonly graph = new GraphDefinition();
  /** The variables that the function read or assigned, in the order in which it first did. */
  readonly variables = new Map<Variable, TracedVariable>();
  /** New values of variables at the end of a call. */
  readonly assigned = new Map<Variable, string>();
  /** Nodes that change a resident variable in place. */
  readonly updates: string[] = [];
  readonly outputs: string[] = [];
  readonly outputTypes: number[] = [];
  /** The sizes that the function divided, rounding up, in the order in which it did. */
  readonly divisions: { readonly size: number; readonly divisor: number }[] = [];
  /** Types and shapes of values, in which numbers stand for open sizes. */
  readonly info = new Map<string, ValueInfo>();
  /** The form of the result; its tensors are disposed. */
  result: TensorTree;
  private readonly references = new Map<DataId, string>();
  private readonly constants = new Set<DataId>();
  private readonly owners = new Map<DataId, Variable>();

  constructor(
    readonly backend: NodeBackend,
    readonly resident: boolean,
  ) {}

  /**
   * Runs `fn`, whose inputs become the placeholders `argument_0`, …, and records what it does. No two inputs, nor anything
   * that `fn` closes over, may share a value.
   */
  record(fn: () => TensorTree, inputs: readonly Tensor[]): void {
    const engine = tf.engine();
    separate(this.backend, Object.values(engine.registeredVariables));
    const before = Object.values(engine.registeredVariables).map((variable) => ({
      variable,
      value: tf.keep(tf.clone(variable)),
    }));
    for (const { variable } of before) this.owners.set(variable.dataId, variable);
    const names = new Set(Object.keys(engine.registeredVariables));
    inputs.forEach((input, i) => {
      const reference = this.graph.placeholder(
        `argument_${i}`,
        dataTypeOf(input),
        input.shape.map(() => -1),
      );
      this.define(input, reference);
    });
    try {
      tf.tidy(() => {
        this.result = listening(this, fn);
        if (this.result && !isTensor(this.result) && 'then' in this.result)
          throw new Error('compile: the function is asynchronous, and only synchronous ones can be traced');
        const results = leaves(this.result);
        this.outputs.push(...results.map((tensor) => this.reference(tensor)));
        this.outputTypes.push(...results.map(dataTypeOf));
        for (const { variable, value } of before) {
          if (variable.dataId === value.dataId) continue;
          this.traced(variable, value);
          this.assigned.set(variable, this.reference(variable));
        }
      });
      const fresh = Object.keys(engine.registeredVariables).find((name) => !names.has(name));
      if (fresh)
        throw new Error(`compile: the function makes the variable ${fresh}: make variables outside of it`);
    } finally {
      for (const { variable, value } of before) {
        if (variable.dataId !== value.dataId) variable.assign(value);
        value.dispose();
      }
    }
  }

  reference(tensor: TensorInfo): string {
    const known = this.references.get(tensor.dataId);
    if (known) return known;
    const owner = this.owners.get(tensor.dataId);
    if (owner) return this.traced(owner, tensor).value;
    const constant = this.graph.constant(
      dataTypeOf(tensor),
      tensor.shape,
      readPrivately(this.backend, tensor.dataId),
    );
    this.define(tensor, constant);
    this.constants.add(tensor.dataId);
    return constant;
  }

  /** Registers a tensor that stands for a value of the graph. */
  define(tensor: TensorInfo, reference: string): void {
    this.references.set(tensor.dataId, reference);
    this.info.set(reference, { dataType: dataTypeOf(tensor), shape: tensor.shape });
  }

  has(dataId: DataId): boolean {
    return this.references.has(dataId) || this.owners.has(dataId);
  }

  int64(value: number): string {
    return this.graph.scalar(value, DataType.int64);
  }

  heard(op: string, inputs: readonly string[], attributes: Attributes, outputs: readonly TensorInfo[]): void {
    const name = this.graph.add(op, inputs, attributes);
    for (const [i, output] of outputs.entries()) this.define(output, `${name}:${i}`);
  }

  isComputed(dataId: DataId): boolean {
    return this.has(dataId) && !this.constants.has(dataId);
  }

  /** The entry of a variable, made at its first use. `value` carries its type and shape. */
  traced(variable: Variable, value: TensorInfo): TracedVariable {
    const known = this.variables.get(variable);
    if (known) return known;
    const i = this.variables.size;
    const dataType = dataTypeOf(value);
    const name = `variable_${i}`;
    let entry: TracedVariable;
    if (this.resident) {
      const handle = this.graph.variable(name, dataType, value.shape);
      const dtype = typeAttribute(dataType);
      entry = { variable, handle, value: this.graph.output('ReadVariableOp', [handle], { dtype }) };
    } else {
      entry = { variable, value: this.graph.placeholder(name, dataType, value.shape) };
    }
    this.variables.set(variable, entry);
    this.define(value, entry.value);
    return entry;
  }
}
