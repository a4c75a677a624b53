import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Memory } from './memory.js';

/** Where a mechanism has looked so far, for those whose next step depends on it. */
export type Alignment = {
  /** The weights of the last step, [N, S]. */
  readonly last: Tensor2D;
};

/** Before the first step: the same weight on every place, as in ESPnet. */
export function uniformAlignment({ mask }: Memory): Alignment {
  const valid = tf.cast(mask, 'float32');
  return { last: tf.div(valid, tf.sum(valid, 1, true)) };
}
