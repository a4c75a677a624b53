import type { Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { maskScores, type Normalized, Normalizer, type StepContext } from './normalizer.js';
import { withoutGradient } from './without-gradient.js';

/**
 * All of the weight on one place: in training one drawn from the softmax (Xu et al. 2015, section 4.1), elsewhere the
 * most probable one. No gradient flows through the choice: train with `reinforceLoss` on the distribution.
 */
export class HardNormalizer extends Normalizer {
  override readonly usesNoise = true;

  normalize(scores: Tensor3D, mask: Tensor3D, { noise }: StepContext): Normalized {
    const allowed = maskScores(scores, mask);
    // The largest of scores with Gumbel noise is a draw from their softmax.
    const keyed = noise ? tf.sub(allowed, tf.log(tf.neg(tf.log(tf.add(noise, SMALLEST_NOISE))))) : allowed;
    const weights = withoutGradient(keyed, (keys) => {
      const chosen = tf.expandDims(tf.argMax(keys, 2), 2);
      const places = tf.range(0, keys.shape[2] as number, 1, 'int32');
      return tf.cast(tf.equal(places, chosen), 'float32') as Tensor3D;
    });
    return { weights, distribution: tf.softmax(allowed) };
  }
}

const SMALLEST_NOISE = 1e-20;
