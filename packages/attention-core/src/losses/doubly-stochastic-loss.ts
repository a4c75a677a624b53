import type { Scalar, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Asks that each place of the source gets a weight of 1 over all words (Xu et al. 2015, equation 14, without its λ):
 *
 *     Σᵢ (1 - Σₜ αₜᵢ)²
 *
 * as a mean over the sentences, without padding on either side.
 *
 * @param weights [T, N, S]
 * @param targetMask [T, N], 1 = counted
 * @param sourceMask [N, S], 1 = counted
 */
export function doublyStochasticLoss(weights: Tensor3D, targetMask: Tensor2D, sourceMask: Tensor2D): Scalar {
  const counted = tf.expandDims(tf.cast(targetMask, 'float32'), 2);
  const missing = tf.sub(1, tf.sum(tf.mul(weights, counted), 0));
  const sentences = tf.sum(tf.mul(tf.square(missing), tf.cast(sourceMask, 'float32')), 1);
  return tf.mean(sentences);
}
