import type { Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { maskScores, type Normalized, Normalizer } from './normalizer.js';

/**
 * σ(e) / Σ σ(e): spreads the weight over many places (Chorowski et al. 2015, "Score Normalization"). As the softmax of
 * log σ(e), which is the same, so that scores of any size have weights.
 */
export class SmoothingNormalizer extends Normalizer {
  normalize(scores: Tensor3D, mask: Tensor3D): Normalized {
    const logSigmoids = tf.neg(tf.softplus(tf.neg(scores)));
    return { weights: tf.softmax(maskScores(logSigmoids, mask)) };
  }
}
