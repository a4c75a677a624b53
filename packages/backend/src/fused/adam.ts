import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { graphRuntime } from '../graph-runtime.js';

export interface AdamState {
  readonly parameter: Variable;
  readonly firstMoment: Variable;
  readonly secondMoment: Variable;
}

export interface AdamRates {
  /** Scalars of this step: the learning rate, and β₁ᵗ and β₂ᵗ. */
  readonly learningRate: Scalar;
  readonly beta1Power: Scalar;
  readonly beta2Power: Scalar;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/**
 * One step of Adam (Kingma and Ba 2015, algorithm 1) on one parameter. In a compiled function with resident
 * variables it is one op that works in place (ResourceApplyAdam).
 */
export function applyAdam(state: AdamState, gradient: Tensor, rates: AdamRates): void {
  if (graphRuntime()?.applyAdam(state, gradient, rates)) return;
  const { parameter, firstMoment, secondMoment } = state;
  const { learningRate, beta1, beta2, beta1Power, beta2Power, epsilon } = rates;
  tf.tidy(() => {
    const m = tf.add(tf.mul(firstMoment, beta1), tf.mul(gradient, 1 - beta1));
    const v = tf.add(tf.mul(secondMoment, beta2), tf.mul(tf.square(gradient), 1 - beta2));
    const corrected = tf.div(m, tf.sub(1, beta1Power));
    const scale = tf.add(tf.sqrt(tf.div(v, tf.sub(1, beta2Power))), epsilon);
    firstMoment.assign(m);
    secondMoment.assign(v);
    parameter.assign(tf.sub(parameter, tf.mul(learningRate, tf.div(corrected, scale))));
  });
}
