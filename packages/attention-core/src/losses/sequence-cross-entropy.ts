import { softmaxCrossEntropy } from '@heed/backend';
import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Mean cross-entropy of the tokens that are not padding, in nats.
 *
 * @param logits [N, V]
 * @param targets [N] int32
 * @param mask [N], 1 = counted
 * @param smoothing of the labels (Szegedy et al. 2016, section 7)
 */
export function sequenceCrossEntropy(
  logits: Tensor2D,
  targets: Tensor1D,
  mask: Tensor1D,
  smoothing = 0,
): Scalar {
  const losses = softmaxCrossEntropy(logits, targets, smoothing);
  return tf.div(tf.sum(tf.mul(losses, mask)), tf.sum(mask));
}
