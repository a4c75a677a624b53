import * as tf from '@tensorflow/tfjs-core';
import { gatherEachRow } from './rows.js';
import { columnMask, topK } from './top-k.js';

/** Tokens as columns that exist: what is outside has no meaning and no use, but must not be read. */
export function inside(tokens: tf.Tensor2D, width: number): tf.Tensor2D {
  return tf.minimum(tf.maximum(tokens, tf.scalar(0, 'int32')), tf.scalar(width - 1, 'int32'));
}

/** Where a list of tokens is filled up with -1. */
function isPadding(tokens: tf.Tensor2D): tf.Tensor2D {
  return tf.less(tokens, tf.scalar(0, 'int32'));
}

/** [N, V]: -Infinity for each row's own tokens [N, W], 0 for all others. */
export function blockedMask(tokens: tf.Tensor2D, width: number): tf.Tensor2D {
  const [rows, count] = tokens.shape;
  const row = tf.tile(tf.reshape(tf.range(0, rows, 1, 'int32'), [rows, 1]), [1, count]);
  const places = tf.reshape(tf.stack([row, inside(tokens, width)], 2), [rows * count, 2]);
  const values = tf.where<tf.Tensor2D>(
    isPadding(tokens),
    tf.fill(tokens.shape, 0),
    tf.fill(tokens.shape, Number.NEGATIVE_INFINITY),
  );
  return tf.scatterND(places, tf.reshape(values, [rows * count]), [rows, width]) as tf.Tensor2D;
}

/** The best k of the tokens that each row's sentence may generate [B, A], none of them forbidden, as `topK`. @param scores [N, V] */
export function bestOfAllowed(
  scores: tf.Tensor2D,
  allowed: tf.Tensor2D,
  k: number,
  forbidden: readonly number[],
): ReturnType<typeof topK> {
  const width = scores.shape[1];
  const tokens = perRow(allowed, scores.shape[0] / allowed.shape[0]);
  const open = tf.add<tf.Tensor2D>(scores, columnMask(forbidden, width));
  const values = tf.where<tf.Tensor2D>(
    isPadding(tokens),
    tf.fill(tokens.shape, Number.NEGATIVE_INFINITY),
    gatherEachRow(open, inside(tokens, width)),
  );
  const best = topK(values, Math.min(k, tokens.shape[1]));
  return { values: best.values, indices: gatherEachRow(tokens, best.indices) };
}

/** [B, A] -> [N, A] */
function perRow(x: tf.Tensor2D, beams: number): tf.Tensor2D {
  const [sentences, width] = x.shape;
  return tf.reshape(tf.tile(tf.expandDims(x, 1), [1, beams, 1]), [sentences * beams, width]);
}
