import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Memory } from './memory.js';

/** Where a mechanism has looked so far, for those whose next step depends on it. */
export type AttentionState = {
  /** The weights of the step before, [N, S]. */
  readonly weights: Tensor2D;
  /** The sum of the weights of all steps so far, [N, S]. */
  readonly coverage: Tensor2D;
  /** How many steps there were, [N, 1]. */
  readonly steps: Tensor2D;
};

export function nextState(weights: Tensor2D, { coverage, steps }: AttentionState): AttentionState {
  return { weights, coverage: tf.add(coverage, weights), steps: tf.add(steps, 1) };
}

/** Before the first step: the same weight on every place (as in ESPnet), and nothing covered. */
export function evenState({ mask }: Memory): AttentionState {
  const valid = tf.cast(mask, 'float32') as Tensor2D;
  return stateOf(tf.div(valid, tf.sum(valid, 1, true)));
}

/** Before the first step: all of the weight on the first valid place, where monotonic attention begins. */
export function firstPlaceState({ mask }: Memory): AttentionState {
  const valid = tf.cast(mask, 'float32') as Tensor2D;
  return stateOf(tf.mul(valid, tf.cast(tf.equal(tf.cumsum(valid, 1), 1), 'float32')));
}

function stateOf(weights: Tensor2D): AttentionState {
  return {
    weights,
    coverage: tf.zerosLike(weights),
    steps: tf.zerosLike(tf.sum<Tensor2D>(weights, 1, true)),
  };
}
