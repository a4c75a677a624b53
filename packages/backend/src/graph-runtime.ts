import type { Tensor } from '@tensorflow/tfjs-core';
import type { Compiled, CompileOptions, TensorFunction } from './compile.js';
import type { TensorTree } from './container.js';
import type { AdamRates, AdamState } from './fused/adam.js';
import type { Cell, ScanOptions, ScanResult } from './scan.js';

/** What a backend with graphs offers beyond running one op at a time. */
export interface GraphRuntime {
  compile<F extends TensorFunction>(fn: F, options: CompileOptions): Compiled<F>;
  /** The recurrence as one loop of the graph being recorded, or `undefined` while none is. */
  scan<P extends TensorTree, S extends TensorTree, X extends TensorTree, Y extends TensorTree>(
    cell: Cell<P, S, X, Y>,
    parameters: P,
    initial: S,
    inputs: X,
    options: ScanOptions,
  ): ScanResult<S, Y> | undefined;
  /** Runs one TensorFlow op by its name; `attributes` of type DataType are inferred from the inputs. */
  runOp(name: string, attributes: Record<string, OpAttribute>, inputs: readonly Tensor[]): Tensor;
  /** One in-place step of Adam on resident variables; false where that cannot be, and nothing was done. */
  applyAdam(state: AdamState, gradient: Tensor, rates: AdamRates): boolean;
  isRecording(): boolean;
  /** Tells the recording, if there is one, that a size is divided and rounded up. */
  divides(size: number, divisor: number): void;
}

export type OpAttribute =
  | { kind: 'type'; value: 'float32' | 'int32' | 'bool' }
  | { kind: 'bool'; value: boolean };

let registered: GraphRuntime | undefined;

/** The graph runtime of the backend in use; `undefined` where there are no graphs (wasm, cpu). */
export function graphRuntime(): GraphRuntime | undefined {
  return registered;
}

export function registerGraphRuntime(runtime: GraphRuntime | undefined): void {
  registered = runtime;
}

/** Whether a function is being traced, when the values of tensors cannot be read. */
export function isRecording(): boolean {
  return registered?.isRecording() ?? false;
}
