import * as tf from '@tensorflow/tfjs-core';
import { gatherEachRow } from './rows.js';
import { columnMask, topK } from './top-k.js';

/** What is drawn from. */
export interface DrawOptions {
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
}

/**
 * Draws a column of each row with the probability that its score gives it.
 *
 * @param scores [N, V], -Infinity where a column must not be drawn; they need not be normalised
 * @param uniform [N, 1], at least 0 and less than 1: equal ones draw alike
 * @param hidden columns that are left out
 * @returns the column with its score, each [N, 1]; of a row that has nothing but -Infinity, one of these
 */
export function draw(
  scores: tf.Tensor2D,
  uniform: tf.Tensor2D,
  { temperature, topK: most, topP }: DrawOptions,
  hidden: readonly number[],
): { values: tf.Tensor2D; indices: tf.Tensor2D } {
  const [rows, width] = scores.shape;
  const best = most < width || topP < 1 ? topK(scores, Math.min(most, width), hidden) : undefined;
  const open =
    best?.values ?? (hidden.length > 0 ? tf.add<tf.Tensor2D>(scores, columnMask(hidden, width)) : scores);
  const all = tf.softmax(temperature === 1 ? open : tf.div<tf.Tensor2D>(open, temperature));
  const shares = topP < 1 ? inNucleus(all, topP) : all;
  const last = tf.scalar(open.shape[1] - 1, 'int32');
  const ends = tf.cumsum(shares, 1);
  const total = tf.slice(ends, [0, open.shape[1] - 1], [rows, 1]);
  const passed = tf.cast(tf.lessEqual(ends, tf.mul(uniform, total)), 'int32');
  const place = tf.minimum<tf.Tensor2D>(tf.sum<tf.Tensor2D>(passed, 1, true), last);
  const indices = best ? gatherEachRow(best.indices, place) : place;
  return { values: gatherEachRow(scores, indices), indices };
}

/** Shares [N, k], the largest first, without those before which the others have topP already. */
function inNucleus(shares: tf.Tensor2D, topP: number): tf.Tensor2D {
  return tf.mul(shares, tf.cast(tf.less(tf.cumsum(shares, 1, true), topP), 'float32'));
}
