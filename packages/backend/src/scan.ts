import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { leaves, leavesAs, rebuild, type TensorTree } from './container.js';
import { graphRuntime } from './graph-runtime.js';

/** One step of a recurrence: parameters, state and the step's input in; the next state and the step's output out. */
export type Cell<P extends TensorTree, S extends TensorTree, X extends TensorTree, Y extends TensorTree> = (
  parameters: P,
  state: S,
  input: X,
) => { state: S; output: Y };

export interface ScanOptions {
  /** From the last step to the first; outputs keep the order of the inputs. */
  readonly reverse?: boolean;
}

export interface ScanResult<S, Y> {
  /** The state after the last step. */
  readonly final: S;
  /** The outputs of all steps, stacked on a new first axis. */
  readonly outputs: Y;
}

/**
 * A recurrence over the first axis of `inputs`, as JAX's `lax.scan`.
 *
 * Inside `compile` it is one loop of the graph, and its gradient another, so that one graph serves every number
 * of steps; elsewhere it is a plain loop. Gradients flow to `parameters`, `initial` and `inputs`: a variable that
 * the cell needs a gradient for, or what is computed from one, must come in through `parameters`. A scan inside a cell is
 * written out step by step, so that its number of steps must be a fixed one.
 *
 * @throws if the inputs have no steps or differ in their number of steps.
 */
export function scan<P extends TensorTree, S extends TensorTree, X extends TensorTree, Y extends TensorTree>(
  cell: Cell<P, S, X, Y>,
  parameters: P,
  initial: S,
  inputs: X,
  options: ScanOptions = {},
): ScanResult<S, Y> {
  const lengths = leaves(inputs).map((input) => input.shape[0] ?? 0);
  const steps = lengths[0];
  if (!steps) throw new Error('scan: the inputs have no steps');
  if (lengths.some((length) => length !== steps)) {
    throw new Error(`scan: the inputs differ in their number of steps: ${lengths.join(', ')}`);
  }
  return (
    graphRuntime()?.scan(cell, parameters, initial, inputs, options) ??
    loop(cell, parameters, initial, inputs, steps, options)
  );
}

function loop<P extends TensorTree, S extends TensorTree, X extends TensorTree, Y extends TensorTree>(
  cell: Cell<P, S, X, Y>,
  parameters: P,
  initial: S,
  inputs: X,
  steps: number,
  { reverse = false }: ScanOptions,
): ScanResult<S, Y> {
  // The gradient of tf.unstack fails on a single row.
  const rows = leaves(inputs).map((input) => (steps === 1 ? [tf.squeeze(input, [0])] : tf.unstack(input)));
  const outputs: Y[] = new Array(steps);
  let state = initial;
  for (let i = 0; i < steps; i++) {
    const step = reverse ? steps - 1 - i : i;
    const result = cell(
      parameters,
      state,
      rebuild(
        inputs,
        rows.map((row) => row[step] as Tensor),
      ),
    );
    state = rebuild(initial, leavesAs(initial, result.state));
    outputs[step] = result.output;
  }
  const first = outputs[0] as Y;
  const stacked = leaves(first).map((_, leaf) =>
    tf.stack(outputs.map((output) => leaves(output)[leaf] as Tensor)),
  );
  return { final: state, outputs: rebuild(first, stacked) };
}
