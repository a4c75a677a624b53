import type { Scalar, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Asks that no place is attended to twice (See et al. 2017, equation 12, without the λ of equation 13):
 *
 *     Σᵢ min(αₜᵢ, cₜᵢ),  cₜ = Σ α of the words before t
 *
 * as a mean over the words that are not padding.
 *
 * @param weights [T, N, S]
 * @param targetMask [T, N], 1 = counted
 */
export function coverageLoss(weights: Tensor3D, targetMask: Tensor2D): Scalar {
  const mask = tf.cast(targetMask, 'float32');
  // Words last: the gradient of tf.cumsum is right over the last axis only.
  const counted = tf.transpose(tf.mul(weights, tf.expandDims(mask, 2)), [1, 2, 0]);
  const coverage = tf.cumsum(counted, 2, true);
  return tf.div(tf.sum(tf.minimum(counted, coverage)), tf.sum(mask));
}
