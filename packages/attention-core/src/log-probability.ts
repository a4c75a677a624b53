import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** The logarithm of 0, so that differences are numbers. */
export const IMPOSSIBLE = -1e30;

/** The logarithm of the sum of probabilities whose logarithms are given, all of one shape. */
export function logAdd<T extends Tensor>(...parts: T[]): T {
  const most = parts.reduce((a, b) => tf.maximum(a, b));
  return tf.add(most, tf.log(tf.addN(parts.map((part) => tf.exp(tf.sub(part, most)))))) as T;
}
