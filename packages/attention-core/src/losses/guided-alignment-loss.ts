import type { Scalar, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Asks that the weights are like given alignments: their cross-entropy (Chen et al. 2016)
 *
 *     - Σᵢ Aₜᵢ log αₜᵢ
 *
 * as a mean over the words that are not padding.
 *
 * @param weights [T, N, S]
 * @param alignments [T, N, S]: the sum of a word's links is 1, or 0 if it has none, which then costs nothing
 * @param targetMask [T, N], 1 = counted
 */
export function guidedAlignmentLoss(weights: Tensor3D, alignments: Tensor3D, targetMask: Tensor2D): Scalar {
  const mask = tf.cast(targetMask, 'float32');
  const words = tf.neg(tf.sum(tf.mul(alignments, tf.log(tf.maximum(weights, SMALLEST))), 2));
  return tf.div(tf.sum(tf.mul(words, mask)), tf.sum(mask));
}

/** Weights are exactly 0 where masked, and may be elsewhere. */
const SMALLEST = 1e-9;
