import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Memory, queriesPerRow } from './memory.js';

/** Each query with each key of its row. @param query [N, K] @returns [B, N/B, S] */
export function dotProducts(query: Tensor2D, memory: Memory): Tensor3D {
  const [batch, , width] = memory.keys.shape;
  const queries = tf.reshape<tf.Rank.R3>(query, [batch, queriesPerRow(query, memory), width]);
  return tf.matMul(queries, memory.keys, false, true);
}
