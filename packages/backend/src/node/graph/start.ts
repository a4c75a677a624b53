import util from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import type { GraphRuntime } from '../../graph-runtime.js';
import { writeAdam } from './adam-graph.js';
import { compileIntoGraphs } from './compiled-function.js';
import { replaceGatherKernel } from './gather-kernel.js';
import { activeListener, observe } from './recorder.js';
import { scanIntoGraph } from './scan-graph.js';
import type { NodeBackend, OpAttributeInput } from './tensorflow.js';
import { dataTypeOf, Trace } from './trace.js';

let started: GraphRuntime | undefined;

/** Loads libtensorflow through tfjs-node and makes it TF.js's backend. @throws if it does not load. */
export async function startTensorFlow(): Promise<GraphRuntime> {
  if (started) {
    await tf.setBackend('tensorflow');
    return started;
  }
  // Node 23 removed the one function of `util` that tfjs-node 4.22 still calls.
  Object.assign(util, { isNullOrUndefined: (value: unknown) => value === null || value === undefined });
  await import('@tensorflow/tfjs-node');
  await tf.setBackend('tensorflow');
  const backend = tf.backend() as unknown as NodeBackend;
  observe(backend);
  replaceGatherKernel(backend);
  const { binding } = backend;
  started = {
    compile: (fn, options) => compileIntoGraphs(backend, fn, options),
    scan: (cell, parameters, initial, inputs, options) => {
      const listener = activeListener();
      return listener instanceof Trace
        ? scanIntoGraph(listener, cell, parameters, initial, inputs, options)
        : undefined;
    },
    runOp: (name, attributes, inputs) => {
      const list = Object.entries(attributes).map(
        ([attribute, { kind, value }]): OpAttributeInput =>
          kind === 'bool'
            ? { name: attribute, type: binding.TF_ATTR_BOOL, value }
            : { name: attribute, type: binding.TF_ATTR_TYPE, value: dataTypeOf({ dtype: value }) },
      );
      return backend.executeSingleOutput(name, list, [...inputs]);
    },
    applyAdam: (state, gradient, rates) => {
      const listener = activeListener();
      if (!(listener instanceof Trace) || !listener.resident) return false;
      writeAdam(listener, state, gradient, rates);
      return true;
    },
    isRecording: () => activeListener() !== undefined,
    divides: (size, divisor) => {
      const listener = activeListener();
      if (listener instanceof Trace) listener.divisions.push({ size, divisor });
    },
  };
  return started;
}
