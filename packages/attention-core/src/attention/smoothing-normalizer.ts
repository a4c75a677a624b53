import { sigmoid } from '@heed/backend';
import type { Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { maskScores, type Normalized, Normalizer } from './normalizer.js';

/** So that a row whose sigmoids all vanish is not divided by 0. */
const SMALLEST_SUM = 1e-30;

/** σ(e) / Σ σ(e): spreads the weight over many places (Chorowski et al. 2015, "Score Normalization"). */
export class SmoothingNormalizer extends Normalizer {
  normalize(scores: Tensor3D, mask: Tensor3D): Normalized {
    const open = sigmoid(maskScores(scores, mask));
    return { weights: tf.div(open, tf.maximum(tf.sum(open, 2, true), SMALLEST_SUM)) };
  }
}
