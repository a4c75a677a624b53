import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { maskScores, type Normalized, Normalizer } from './normalizer.js';

/** The point of the simplex that is nearest to the scores: most weights are exactly 0 (Martins and Astudillo 2016). */
export class SparsemaxNormalizer extends Normalizer {
  normalize(scores: Tensor3D, mask: Tensor3D): Normalized {
    return { weights: sparsemax(maskScores(scores, mask)) };
  }
}

/** Over the last axis. Algorithm 1; its gradient is the product with the Jacobian over the support. */
const sparsemax = tf.customGrad((input, save) => {
  // Shifted, so that large scores lose nothing.
  const z = tf.sub(input as Tensor, tf.max(input as Tensor, -1, true));
  const size = z.shape.at(-1) as number;
  const sorted = tf.topk(z, size).values;
  const sums = tf.cumsum(sorted, -1);
  const counts = tf.range(1, size + 1, 1, 'float32');
  const inSupport = tf.cast(tf.greater(tf.add(tf.mul(sorted, counts), 1), sums), 'float32');
  const count = tf.sum(inSupport, -1, true);
  const threshold = tf.div(tf.sub(tf.sum(tf.mul(sorted, inSupport), -1, true), 1), count);
  const weights = tf.relu(tf.sub(z, threshold));
  (save as (tensors: Tensor[]) => void)([weights]);
  return {
    value: weights,
    gradFunc: (dy: Tensor, [saved]: Tensor[]) => {
      const support = tf.cast(tf.greater(saved as Tensor, 0), 'float32');
      const mean = tf.div(tf.sum(tf.mul(dy, support), -1, true), tf.sum(support, -1, true));
      return tf.mul(support, tf.sub(dy, mean));
    },
  };
}) as (scores: Tensor3D) => Tensor3D;
