import type { TensorTree } from './container.js';
import { graphRuntime } from './graph-runtime.js';

export type TensorFunction = (...inputs: never[]) => TensorTree;

/**
 * The sizes of one input: a name for each dimension that may differ from call to call (equal names are equal
 * sizes), or a number that it always has. Nested like the input itself.
 */
export type SizeTree =
  | readonly (string | number)[]
  | readonly SizeTree[]
  | { readonly [name: string]: SizeTree };

export interface CompileOptions {
  /** One entry an argument. Given, a single graph serves every size; absent, each combination of shapes has its own. */
  readonly sizes?: readonly SizeTree[];
  /**
   * Compute calls with many rows in two halves, each on a core of its own. Needs `sizes`, of which the first of every input
   * must be `rows`, and rows that do not depend on each other: every result has as many rows or a multiple of it. A graph with
   * a `scan` or random numbers is left whole, and so is one that assigns variables.
   */
  readonly halves?: {
    /** The name of a size. */
    readonly rows: string;
    /** Calls with fewer rows are computed whole. */
    readonly atLeast: number;
  };
  /**
   * Keep the variables that the function reads and assigns inside the graph's session, so that nothing is copied
   * from step to step. They reach the `tf.Variable`s again with `pull()`, and go in with `push()`. Needs `sizes`.
   */
  readonly resident?: boolean;
  /** How many graphs to keep when shapes differ; the least recently used is unloaded. */
  readonly capacity?: number;
}

export type Compiled<F extends TensorFunction> = F & {
  /** Copies resident variables out of the session into their `tf.Variable`s. */
  pull(): void;
  /** Copies the `tf.Variable`s into the session; call it after changing them outside the function. */
  push(): void;
  /** Unloads every graph; a call after it is an error. */
  dispose(): void;
  /** How many graphs are loaded, their nodes, and the milliseconds spent on tracing and loading them. */
  statistics(): CompileStatistics;
};

export const CALLED_AFTER_DISPOSE =
  'a compiled function was called after its dispose(): what it belongs to, a model for instance, is no longer there';

export interface CompileStatistics {
  readonly graphs: number;
  readonly nodes: number;
  readonly traceMilliseconds: number;
  readonly loadMilliseconds: number;
}

/**
 * Traces a function of tensors once and runs it from then on as one TensorFlow graph, in one call.
 *
 * `fn` takes and returns tensors, or arrays and objects of them; it may read and assign `tf.Variable`s, and
 * compute gradients. Other tensors that it closes over become constants of the graph. What cannot be traced
 * (reading a tensor's values, numbers drawn in JavaScript, a number of steps that depends on an open size) is
 * refused with the op's name; a branch on an open size is taken once, at tracing. On a backend without graphs the
 * result is `fn` itself.
 *
 * The caller disposes the results, as it would those of `fn`.
 */
export function compile<F extends TensorFunction>(fn: F, options: CompileOptions = {}): Compiled<F> {
  const runtime = graphRuntime();
  if (runtime) return runtime.compile(fn, options);
  let disposed = false;
  const eager = ((...inputs: never[]) => {
    if (disposed) throw new Error(CALLED_AFTER_DISPOSE);
    return fn(...inputs);
  }) as F;
  return Object.assign(eager, {
    pull() {},
    push() {},
    dispose() {
      disposed = true;
    },
    statistics: () => ({ graphs: 0, nodes: 0, traceMilliseconds: 0, loadMilliseconds: 0 }),
  });
}
