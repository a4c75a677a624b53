import type { RandomStream } from '@heed/backend';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Replaces each token by the unknown one with probability `rate` (Bowman et al. 2016, section 3.1).
 *
 * @param ids int32, any shape
 * @param random absent outside of training, when nothing is replaced
 */
export function dropTokens<T extends Tensor>(
  ids: T,
  rate: number,
  unknown: number,
  random: RandomStream | undefined,
): T {
  if (!random || rate === 0) return ids;
  const dropped = tf.less(random.uniform(ids.shape), rate);
  return tf.where(dropped, tf.fill(ids.shape, unknown, 'int32'), ids) as T;
}

/**
 * Drops words of the vocabulary with probability `rate`: the embedding of such a word is 0 wherever it stands, all
 * others are divided by `1 - rate` (Gal and Ghahramani 2016, section 4.2).
 *
 * @param embedded [...ids, E]
 * @param ids int32, any shape
 * @param vocabulary how many words there are
 * @param random absent outside of training, when nothing is dropped
 */
export function dropWords<T extends Tensor>(
  embedded: T,
  ids: Tensor,
  vocabulary: number,
  rate: number,
  random: RandomStream | undefined,
): T {
  if (!random || rate === 0) return embedded;
  const kept = tf.greaterEqual(random.uniform([vocabulary]), rate);
  const factors = tf.mul(tf.cast(kept, 'float32'), rate < 1 ? 1 / (1 - rate) : 0);
  return tf.mul(embedded, tf.expandDims(tf.gather(factors, ids), -1)) as T;
}
