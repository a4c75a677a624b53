import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { leaves, rebuild, type TensorTree } from '../../container.js';
import type { Cell, ScanOptions, ScanResult } from '../../scan.js';
import { CellBody, type Value } from './cell-body.js';
import {
  type Attribute,
  type Attributes,
  boolAttribute,
  DataType,
  intAttribute,
  typeAttribute,
} from './definition.js';
import { lightProduct } from './light-ops.js';
import { Loop } from './loop.js';
import { readPrivately } from './recorder.js';
import { dataTypeOf, type Trace, type ValueInfo } from './trace.js';

const FLOAT = typeAttribute(DataType.float32);
const INT32 = typeAttribute(DataType.int32);

interface KernelEngine {
  readonly state: {
    readonly activeTape: readonly {
      readonly inputs: Record<string, Tensor>;
      readonly outputs: readonly Tensor[];
    }[];
  };
  isTapeOn(): boolean;
  runKernelFunc(call: {
    inputs: Record<string, Tensor>;
    forwardFunc: () => Tensor[];
    backwardsFunc: (gradients: Tensor | Tensor[]) => Record<string, () => Tensor>;
  }): Tensor[];
}

/** Values of a weight from which its gradient is taken over all steps at once. */
const LEAST_STACKED = 8192;

const isSum = (op: string) => op === 'Add' || op === 'AddV2' || op === 'AddN';

/** A recurrence written into the graph as one loop, and its gradient as another. */
class GraphScan<P extends TensorTree, S extends TensorTree, X extends TensorTree, Y extends TensorTree> {
  private readonly engine = tf.engine() as unknown as KernelEngine;
  private readonly body: CellBody;
  private readonly forward: Loop;
  private readonly steps: string;
  private readonly parameterLeaves: Tensor[];
  private readonly initialLeaves: Tensor[];
  private readonly inputLeaves: Tensor[];
  /** Forward values that the gradient reads back instead of computing them again. */
  private readonly stored = new Set<Value>();

  constructor(
    private readonly trace: Trace,
    cell: Cell<P, S, X, Y>,
    parameters: P,
    private readonly initial: S,
    private readonly inputs: X,
    private readonly reverse: boolean,
  ) {
    this.parameterLeaves = leaves(parameters);
    this.initialLeaves = leaves(initial);
    this.inputLeaves = leaves(inputs);
    const withGradient = this.engine.isTapeOn();
    this.body = new CellBody(trace);
    this.body.record(cell, parameters, initial, inputs, withGradient);
    if (withGradient) this.refuseHiddenVariables();
    const first = this.inputLeaves[0] as Tensor;
    this.steps = trace.graph.size(trace.reference(first), dataTypeOf(first), 0);
    this.forward = new Loop(trace.graph, this.steps, this.body, reverse);
  }

  run(): ScanResult<S, Y> {
    const { body, forward, trace } = this;
    const states = this.initialLeaves.map((state, i) => {
      const carried = forward.carry(trace.reference(state), dataTypeOf(state));
      forward.arguments.set(`s${i}`, carried.current);
      return carried;
    });
    this.inputLeaves.forEach((input, i) => {
      forward.arguments.set(`x${i}`, () => forward.row(trace.reference(input), dataTypeOf(input)));
    });
    for (const [i, carried] of states.entries()) carried.next(forward.value(body.states[i] as Value));
    const length = (this.inputLeaves[0] as Tensor).shape[0] as number;
    const results = [
      ...states.map((carried, i) => ({
        reference: carried.exit,
        value: body.states[i] as Value,
        sizes: [] as number[],
      })),
      ...body.outputs.map((value) => ({ reference: forward.stack(value), value, sizes: [length] })),
    ];
    const all = [...this.parameterLeaves, ...this.initialLeaves, ...this.inputLeaves];
    const tensors = this.engine.runKernelFunc({
      inputs: Object.fromEntries(all.map((tensor, i) => [i, tensor])),
      forwardFunc: () =>
        results.map(({ reference, value, sizes }) =>
          this.standIn(reference, [...sizes, ...body.shapeOf(value)], this.typeOf(value)),
        ),
      backwardsFunc: (gradients) => this.backward(([] as Tensor[]).concat(gradients), all),
    });
    return {
      final: rebuild(this.initial, tensors.slice(0, states.length)),
      outputs: rebuild(body.outputForm as Y, tensors.slice(states.length)),
    };
  }

  private typeOf(value: Value): tf.DataType {
    const { dataType } = this.body.info.get(value) as ValueInfo;
    return dataType === DataType.int32 ? 'int32' : dataType === DataType.bool ? 'bool' : 'float32';
  }

  /** A tensor that stands for a value of the graph while tracing goes on. */
  private standIn(reference: string, shape: readonly number[], dtype: tf.DataType = 'float32'): Tensor {
    const tensor = tf.zeros(shape as number[], dtype);
    this.trace.define(tensor, reference);
    return tensor;
  }

  private refuseHiddenVariables(): void {
    const given = new Set(this.parameterLeaves.map((tensor) => tensor.dataId));
    const hidden = Object.values(tf.engine().registeredVariables).find(
      ({ trainable, dataId }) => trainable && this.body.reads(dataId) && !given.has(dataId),
    );
    if (hidden)
      throw new Error(
        `scan: the cell uses the variable ${hidden.name}, which gets no gradient unless it is among the parameters`,
      );
    const made = this.madeOfVariables().find(({ dataId }) => this.body.reads(dataId) && !given.has(dataId));
    if (made)
      throw new Error(
        `scan: the cell uses a tensor of shape [${made.shape}] that was computed from variables, which get no ` +
          'gradient through it unless it is among the parameters',
      );
  }

  /** What has been computed from trainable variables, as far as gradients can tell. */
  private madeOfVariables(): Tensor[] {
    const variables = Object.values(tf.engine().registeredVariables);
    const known = new Set(variables.filter(({ trainable }) => trainable).map(({ id }) => id));
    const made: Tensor[] = [];
    for (const { inputs, outputs } of this.engine.state.activeTape) {
      if (!Object.values(inputs).some(({ id }) => known.has(id))) continue;
      for (const output of outputs) known.add(output.id);
      made.push(...outputs);
    }
    return made;
  }

  private backward(gradients: readonly Tensor[], all: readonly Tensor[]): Record<string, () => Tensor> {
    const { body, forward, trace } = this;
    const { graph } = trace;
    const stateCount = this.initialLeaves.length;
    // A gradient that nobody asked for arrives as zeros made in JavaScript, which the recording has not seen.
    const incoming = gradients.map((gradient) => {
      const isAsked =
        trace.has(gradient.dataId) ||
        Array.prototype.some.call(readPrivately(trace.backend, gradient.dataId), (x) => x !== 0);
      return isAsked ? trace.reference(gradient) : undefined;
    });
    const loop = new Loop(graph, this.steps, body, !this.reverse);
    const zeroState = (i: number) =>
      graph.output('ZerosLike', [trace.reference(this.initialLeaves[i] as Tensor)], { T: FLOAT });

    const states = body.states.map((_, i) => {
      if (!body.stateGradients[i]) {
        loop.arguments.set(`d${i}`, () => loop.enter(incoming[i] ?? zeroState(i), DataType.float32));
        return undefined;
      }
      const carried = loop.carry(incoming[i] ?? zeroState(i), DataType.float32);
      loop.arguments.set(`d${i}`, carried.current);
      return carried;
    });
    body.outputs.forEach((value, i) => {
      const gradient = incoming[stateCount + i];
      loop.arguments.set(`d${stateCount + i}`, () =>
        gradient
          ? loop.row(gradient, DataType.float32)
          : loop.enter(forward.zerosLike(value), DataType.float32),
      );
    });
    this.initialLeaves.forEach((_, i) => {
      loop.arguments.set(`s${i}`, () => loop.read(forward.keep(`s${i}`)));
    });
    this.inputLeaves.forEach((input, i) => {
      loop.arguments.set(`x${i}`, () => loop.row(trace.reference(input), dataTypeOf(input)));
    });
    const sought = [...body.parameterGradients, ...body.stateGradients, ...body.inputGradients];
    this.storeWhatGradientsRead(sought, loop);

    for (const [i, carried] of states.entries()) carried?.next(loop.value(body.stateGradients[i] as Value));
    const results: (() => string)[] = [
      ...this.parameterLeaves.map(
        (parameter, i) => () => this.total(loop, body.parameterGradients[i] as Value, parameter),
      ),
      ...states.map((carried) => () => carried?.exit as string),
      ...body.inputGradients.map((value) => () => loop.stack(value as Value)),
    ];
    return Object.fromEntries(
      all.map((tensor, i) => [
        i,
        () => {
          // A parameter that comes in at several places has one gradient, not one for each.
          const isFirst =
            i >= this.parameterLeaves.length || all.findIndex(({ id }) => id === tensor.id) === i;
          if (!isFirst || !sought[i]) return tf.zeros(tensor.shape);
          return this.standIn((results[i] as () => string)(), tensor.shape);
        },
      ]),
    );
  }

  private storeWhatGradientsRead(sought: readonly (Value | undefined)[], loop: Loop): void {
    const { body, forward } = this;
    const seen = new Set<Value>();
    const visit = (value: Value): void => {
      const node = body.node(value);
      if (!node || seen.has(value) || !body.dependsOn(value, 'sxd')) return;
      seen.add(value);
      if (body.dependsOn(value, 'd')) {
        for (const input of node.inputs) visit(input);
      } else {
        this.stored.add(value);
        loop.arguments.set(value, () => loop.read(forward.keep(value)));
      }
    };
    for (const value of sought) if (value) visit(value);
  }

  /** All steps of a value of the gradient, stacked. */
  private stacked(loop: Loop, value: Value): string {
    if (value.startsWith('x'))
      return this.trace.reference(this.inputLeaves[Number(value.slice(1))] as Tensor);
    return value.startsWith('s') || this.stored.has(value) ? this.forward.stack(value) : loop.stack(value);
  }

  /** The sum of a value over all steps: products and column sums over all steps at once, the rest step by step. */
  private total(loop: Loop, value: Value, parameter: Tensor): string {
    const { body } = this;
    const { shape } = parameter;
    const isWeight = parameter instanceof tf.Variable;
    const { graph } = this.trace;
    const node = body.node(value);
    if (node) {
      const ranks = node.inputs.map((input) => body.shapeOf(input).length);
      const sameShape = node.inputs.every((input) => String(body.shapeOf(input)) === String(shape));
      if (isSum(node.op) && sameShape) {
        const parts = node.inputs.map((input) => this.total(loop, input, parameter));
        return graph.output('AddN', parts, { T: FLOAT, N: intAttribute(parts.length) });
      }
      const rows = (input: Value) => {
        const lastSize = graph.vector(-1, body.shapeOf(input).at(-1) as number);
        return graph.output('Reshape', [this.stacked(loop, input), lastSize], { T: FLOAT, Tshape: INT32 });
      };
      if (node.op === 'BatchMatMulV2' && node.attributes.adj_x?.value && !node.attributes.adj_y?.value) {
        const attributes: Attributes = { T: FLOAT, adj_x: boolAttribute(true), adj_y: boolAttribute(false) };
        // What is small is cheaper to sum step by step than stacking what it multiplies. The sizes of what is not a weight may
        // be open.
        const isSmall = isWeight && shape.reduce((a, b) => a * b) < LEAST_STACKED;
        if (ranks.every((rank) => rank === 2) && !isSmall) {
          const product = lightProduct({ op: node.op, attributes }, shape);
          return graph.output(product.op, node.inputs.map(rows), product.attributes);
        }
        // Attention: [B, 1, S]ᵀ·[B, 1, V] at every step is [B, T, S]ᵀ·[B, T, V] over all.
        if (node.inputs.every((input) => body.shapeOf(input).length === 3 && body.shapeOf(input)[1] === 1)) {
          return graph.output(
            'BatchMatMulV2',
            node.inputs.map((input) => this.columns(loop, input)),
            attributes,
          );
        }
      }
      if (node.op === 'BiasAddGrad' && ranks[0] === 2) {
        return graph.output('BiasAddGrad', [rows(node.inputs[0] as Value)], { T: FLOAT });
      }
      if (this.isColumnSum(value, shape)) {
        return graph.output('Sum', [rows(node.inputs[0] as Value), graph.vector(0)], {
          T: FLOAT,
          Tidx: INT32,
          keep_dims: boolAttribute(false),
        });
      }
    }
    const zeros = graph.constant(DataType.float32, shape, new Float32Array(shape.reduce((a, b) => a * b, 1)));
    const sum = loop.carry(zeros, DataType.float32);
    sum.next(loop.output('AddV2', [sum.current, loop.value(value)], { T: FLOAT }));
    return sum.exit;
  }

  private isColumnSum(value: Value, shape: readonly number[]): boolean {
    const node = this.body.node(value);
    if (node?.op !== 'Sum' || node.attributes.keep_dims?.value !== false || shape.length !== 1) return false;
    const summed = this.body.shapeOf(node.inputs[0] as Value);
    return summed.length === 2 && summed[1] === shape[0] && summed[0] !== shape[0];
  }

  /** [T, B, 1, K] -> [B, T, K] */
  private columns(loop: Loop, value: Value): string {
    const { graph } = this.trace;
    const squeezed: Attribute = { kind: 'ints', value: [2] };
    const turned = graph.output('Transpose', [this.stacked(loop, value), graph.vector(1, 0, 2, 3)], {
      T: FLOAT,
      Tperm: INT32,
    });
    return graph.output('Squeeze', [turned], { T: FLOAT, squeeze_dims: squeezed });
  }
}

/** `scan` while `trace` is being recorded. */
export function scanIntoGraph<
  P extends TensorTree,
  S extends TensorTree,
  X extends TensorTree,
  Y extends TensorTree,
>(
  trace: Trace,
  cell: Cell<P, S, X, Y>,
  parameters: P,
  initial: S,
  inputs: X,
  { reverse = false }: ScanOptions,
): ScanResult<S, Y> {
  return new GraphScan(trace, cell, parameters, initial, inputs, reverse).run();
}
