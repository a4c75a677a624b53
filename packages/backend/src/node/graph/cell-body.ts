import type { DataId, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { leaves, leavesAs, rebuild, type TensorTree } from '../../container.js';
import type { Cell } from '../../scan.js';
import type { Attributes } from './definition.js';
import { type Listener, listening, readPrivately } from './recorder.js';
import { dataTypeOf, type Trace, type ValueInfo } from './trace.js';

/**
 * A value inside a cell: `s0` a state, `x0` a step's input, `d0` the gradient of an output, `=node:0` a value from
 * outside of the loop, `n3:1` the second output of the cell's fourth op.
 */
export type Value = string;

export interface CellNode {
  readonly op: string;
  readonly inputs: readonly Value[];
  readonly attributes: Attributes;
}

interface EngineState {
  activeTape: unknown[];
  gradientDepth: number;
  kernelDepth: number;
}

interface GradientEngine {
  state: EngineState;
  gradients(
    f: () => Tensor,
    xs: Tensor[],
    dy: undefined,
    allowNoGradients: boolean,
  ): { grads: (Tensor | undefined)[] };
}

const gradientEngine = () => tf.engine() as unknown as GradientEngine;

/** Runs `fn` with neither the gradient tape nor a recording of what surrounds it watching. */
function isolated<Result>(fn: () => Result): Result {
  const { state } = gradientEngine();
  const { activeTape, gradientDepth, kernelDepth } = state;
  Object.assign(state, { activeTape: [], gradientDepth: 0, kernelDepth: 0 });
  try {
    return fn();
  } finally {
    Object.assign(state, { activeTape, gradientDepth, kernelDepth });
  }
}

/** A cell and its gradient as a list of ops, recorded once, to be written into loops. */
export class CellBody implements Listener {
  readonly nodes: CellNode[] = [];
  readonly info = new Map<Value, ValueInfo>();
  states: Value[] = [];
  outputs: Value[] = [];
  /** Gradients of the parameters, states and inputs; `undefined` where there is none. */
  parameterGradients: (Value | undefined)[] = [];
  stateGradients: (Value | undefined)[] = [];
  inputGradients: (Value | undefined)[] = [];
  /** The form of a step's output; its tensors are disposed. */
  outputForm: TensorTree;
  private readonly values = new Map<DataId, Value>();
  private readonly dependence = new Map<string, boolean>();

  constructor(private readonly outer: Trace) {}

  /** Runs the cell once on zeros, with its gradient if asked, and records both. */
  record<P extends TensorTree, S extends TensorTree, X extends TensorTree, Y extends TensorTree>(
    cell: Cell<P, S, X, Y>,
    parameters: P,
    initial: S,
    inputs: X,
    withGradient: boolean,
  ): void {
    const stand = (tensors: readonly { shape: readonly number[]; dtype: tf.DataType }[], letter: string) =>
      tensors.map(({ shape, dtype }, i) => {
        const zeros = tf.zeros(shape as number[], dtype);
        this.name(zeros, `${letter}${i}`);
        return zeros;
      });
    const trace = () => {
      const states = stand(leaves(initial), 's');
      const rows = stand(
        leaves(inputs).map((input) => ({ shape: input.shape.slice(1), dtype: input.dtype })),
        'x',
      );
      const run = (): Tensor[] => {
        const { state, output } = cell(parameters, rebuild(initial, states), rebuild(inputs, rows));
        this.outputForm = output;
        const next = leavesAs(initial, state);
        this.states = next.map((tensor) => this.reference(tensor));
        this.outputs = leaves(output).map((tensor) => this.reference(tensor));
        return [...next, ...leaves(output)];
      };
      if (!withGradient) return void run();
      // A scalar whose gradient hands to each output the gradient d0, d1, … that will come from outside.
      let cotangents: Tensor[] = [];
      const finish = (results: Tensor[]) => {
        cotangents = stand(results, 'd').map((tensor) => tf.keep(tensor));
        return tf.customGrad(() => ({
          value: tf.scalar(0),
          gradFunc: () => cotangents.map((tensor) => tf.clone(tensor)),
        }))(...results);
      };
      const sought = [...leaves(parameters), ...states, ...rows];
      const { grads } = gradientEngine().gradients(() => finish(run()), sought, undefined, true);
      const gradients = grads.map((gradient) => gradient && this.reference(gradient));
      tf.dispose(cotangents);
      const [first, second] = [leaves(parameters).length, leaves(parameters).length + states.length];
      this.parameterGradients = gradients.slice(0, first);
      this.stateGradients = gradients.slice(first, second);
      this.inputGradients = gradients.slice(second);
    };
    isolated(() => tf.tidy(() => listening(this, trace)));
  }

  reference(tensor: TensorInfo): Value {
    const known = this.values.get(tensor.dataId);
    if (known) return known;
    if (this.outer.has(tensor.dataId)) {
      const value = `=${this.outer.reference(tensor)}`;
      this.name(tensor, value);
      return value;
    }
    const values = readPrivately(this.outer.backend, tensor.dataId);
    const value = `=${this.outer.graph.constant(dataTypeOf(tensor), tensor.shape, values)}`;
    this.name(tensor, value);
    return value;
  }

  int64(value: number): Value {
    return `=${this.outer.int64(value)}`;
  }

  heard(op: string, inputs: readonly Value[], attributes: Attributes, outputs: readonly TensorInfo[]): void {
    this.nodes.push({ op, inputs, attributes });
    for (const [i, output] of outputs.entries()) this.name(output, `n${this.nodes.length - 1}:${i}`);
  }

  isComputed(dataId: DataId): boolean {
    const value = this.values.get(dataId);
    return value !== undefined ? this.dependsOn(value, 'sxd') : this.outer.isComputed(dataId);
  }

  /** Whether a tensor is read by the cell as it is. */
  reads(dataId: DataId): boolean {
    return this.values.has(dataId);
  }

  shapeOf(value: Value): readonly number[] {
    return (this.info.get(value) as ValueInfo).shape;
  }

  /** The op that makes a value, if one of the cell's does. */
  node(value: Value): CellNode | undefined {
    return value.startsWith('n') ? this.nodes[Number(value.slice(1).split(':')[0])] : undefined;
  }

  /** Whether a value depends on an argument whose name begins with one of the letters. */
  dependsOn(value: Value, letters: string): boolean {
    if (value.startsWith('=')) return false;
    const node = this.node(value);
    if (!node) return letters.includes(value[0] as string);
    const key = `${value.split(':')[0]} ${letters}`;
    const known = this.dependence.get(key);
    if (known !== undefined) return known;
    const result = node.inputs.some((input) => this.dependsOn(input, letters));
    this.dependence.set(key, result);
    return result;
  }

  private name(tensor: TensorInfo, value: Value): void {
    const node = this.node(value);
    // Gradients are full of reshapes to the shape that a value already has.
    const source = node?.inputs[0];
    const same = node?.op === 'Reshape' && source && String(this.shapeOf(source)) === String(tensor.shape);
    const name = same ? source : value;
    this.values.set(tensor.dataId, name);
    this.info.set(name, { dataType: dataTypeOf(tensor), shape: tensor.shape });
  }
}
