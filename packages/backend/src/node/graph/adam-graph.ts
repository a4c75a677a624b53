import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { AdamRates, AdamState } from '../../fused/adam.js';
import { boolAttribute, DataType, typeAttribute } from './definition.js';
import type { Trace } from './trace.js';

/** Writes ResourceApplyAdam into the graph, on variables that live in its session. */
export function writeAdam(trace: Trace, state: AdamState, gradient: Tensor, rates: AdamRates): void {
  const { parameter, firstMoment, secondMoment } = state;
  const handles = [parameter, firstMoment, secondMoment].map(
    (variable) => trace.traced(variable, variable).handle as string,
  );
  const { learningRate, beta1, beta2, beta1Power, beta2Power } = rates;
  // The op adds epsilon to the uncorrected √v.
  const epsilon = tf.mul(rates.epsilon, tf.sqrt(tf.sub(1, beta2Power)));
  const scalars = [beta1Power, beta2Power, learningRate].map((tensor) => trace.reference(tensor));
  const betas = [beta1, beta2].map((value) => trace.graph.scalar(value, DataType.float32));
  const name = trace.graph.add(
    'ResourceApplyAdam',
    [...handles, ...scalars, ...betas, trace.reference(epsilon), trace.reference(gradient)],
    {
      T: typeAttribute(DataType.float32),
      use_locking: boolAttribute(false),
      use_nesterov: boolAttribute(false),
    },
  );
  trace.updates.push(name);
}
