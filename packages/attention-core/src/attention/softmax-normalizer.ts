import type { Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { maskScores, type Normalized, Normalizer } from './normalizer.js';

/** exp(e / temperature) / Σ exp(e / temperature): the lower the temperature, the sharper. */
export class SoftmaxNormalizer extends Normalizer {
  constructor(
    random: () => number,
    private readonly temperature = 1,
  ) {
    super(random);
    if (!(temperature > 0)) throw new Error(`a softmax needs a temperature above 0, got ${temperature}`);
  }

  normalize(scores: Tensor3D, mask: Tensor3D): Normalized {
    const { temperature } = this;
    const scaled = temperature === 1 ? scores : tf.div<Tensor3D>(scores, temperature);
    return { weights: tf.softmax(maskScores(scaled, mask)) };
  }
}
