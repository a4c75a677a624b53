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
 * @returns [N, 1] int32; of a row that has nothing but -Infinity, one of these
 */
export function draw(
  scores: tf.Tensor2D,
  uniform: tf.Tensor2D,
  { temperature, topK: most, topP }: DrawOptions,
  hidden: readonly number[],
): tf.Tensor2D {
  const [, width] = scores.shape;
  const isRestricted = most < width || topP < 1;
  const best = isRestricted ? topK(scores, Math.min(most, width), hidden) : undefined;
  const open =
    best?.values ?? (hidden.length > 0 ? tf.add<tf.Tensor2D>(scores, columnMask(hidden, width)) : scores);
  const shares = tf.softmax(temperature === 1 ? open : tf.div<tf.Tensor2D>(open, temperature));
  const inNucleus = tf.less(tf.cumsum(shares, 1, true), topP);
  const drawn = topP < 1 ? tf.mul<tf.Tensor2D>(shares, tf.cast(inNucleus, 'float32')) : shares;
  const ends = tf.cumsum(drawn, 1);
  const total = tf.slice(ends, [0, open.shape[1] - 1], [ends.shape[0], 1]);
  const passed = tf.cast(tf.lessEqual(ends, tf.mul(uniform, total)), 'int32');
  const place = tf.minimum<tf.Tensor2D>(
    tf.sum<tf.Tensor2D>(passed, 1, true),
    tf.scalar(open.shape[1] - 1, 'int32'),
  );
  return best ? gatherEachRow(best.indices, place) : place;
}
