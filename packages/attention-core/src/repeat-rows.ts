import type { Rank, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** Each row so many times, one copy behind another: [B, D] -> [B times, D]. */
export function repeatRows(x: Tensor2D, times: number): Tensor2D {
  if (times === 1) return x;
  const [rows, width] = x.shape;
  // A sum, since the gradient of tf.tile takes a step for each copy.
  const copies = tf.add(tf.expandDims(x, 1), tf.zeros([1, times, 1]));
  return tf.reshape<Rank.R2>(copies, [rows * times, width]);
}
