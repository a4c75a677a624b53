import type { Tensor } from '@tensorflow/tfjs-core';
import { graphRuntime, type OpAttribute } from './graph-runtime.js';

/** Whether TensorFlow ops can be run by name, also those that TF.js does not export. */
export function hasTensorFlowOps(): boolean {
  return graphRuntime() !== undefined;
}

/** Runs one TensorFlow op by its name; only where `hasTensorFlowOps()`. */
export function runOp(
  name: string,
  attributes: Record<string, OpAttribute>,
  inputs: readonly Tensor[],
): Tensor {
  const runtime = graphRuntime();
  if (!runtime) throw new Error(`the op ${name} needs libtensorflow, which is not the backend in use`);
  return runtime.runOp(name, attributes, inputs);
}

export const typeOf = (value: 'float32' | 'int32' | 'bool'): OpAttribute => ({ kind: 'type', value });
