import * as tf from '@tensorflow/tfjs-core';
import { normalTensor } from './contract/numerics.js';

/** Three words, two sentences, four places: the second sentence has two words and three places. */
const WORDS = 3;
export const [SENTENCES, PLACES] = [2, 4];

export const TARGET_MASK = [
  [1, 1],
  [1, 1],
  [1, 0],
];

export const SOURCE_MASK = [
  [1, 1, 1, 1],
  [1, 1, 1, 0],
];

export const targetMask = () => tf.tensor2d(TARGET_MASK, [WORDS, SENTENCES], 'bool');

export const sourceMask = () => tf.tensor2d(SOURCE_MASK, [SENTENCES, PLACES], 'bool');

export const someScores = () => normalTensor([WORDS, SENTENCES, PLACES], 3);

/** What attention makes of scores: sums of 1, and 0 where masked. */
export function weightsOf(scores: tf.Tensor): tf.Tensor3D {
  const valid = tf.cast(sourceMask(), 'float32');
  const positive = tf.mul(tf.exp(scores), valid);
  return tf.div(positive, tf.sum(positive, 2, true));
}

/** The same tensor with other values where the target is padding. */
export function disturbed(x: tf.Tensor3D): tf.Tensor3D {
  const keep = tf.expandDims(tf.cast(targetMask(), 'float32'), 2);
  return tf.add(tf.mul(x, keep), tf.mul(0.9, tf.sub(1, keep)));
}
