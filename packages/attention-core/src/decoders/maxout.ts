import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** The larger of each two units, one of either half (Goodfellow et al. 2013). @param x [N, 2U] @returns [N, U] */
export function maxout(x: Tensor2D): Tensor2D {
  const [first, second] = tf.split(x, 2, 1) as [Tensor2D, Tensor2D];
  return tf.maximum(first, second);
}
