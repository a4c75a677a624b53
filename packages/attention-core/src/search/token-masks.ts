import * as tf from '@tensorflow/tfjs-core';

/** Tokens as columns that exist: what is outside has no meaning and no use, but must not be read. */
export function inside(tokens: tf.Tensor2D, width: number): tf.Tensor2D {
  return tf.minimum(tf.maximum(tokens, tf.scalar(0, 'int32')), tf.scalar(width - 1, 'int32'));
}

/** Where a list of tokens is filled up with -1. */
function isPadding(tokens: tf.Tensor2D): tf.Tensor2D {
  return tf.less(tokens, tf.scalar(0, 'int32'));
}

/** Adds values [N, W] up in the columns that tokens [N, W] name, padding in any. @returns [N, V] */
function inColumns(tokens: tf.Tensor2D, values: tf.Tensor2D, width: number): tf.Tensor2D {
  const [rows, count] = tokens.shape;
  const row = tf.tile(tf.reshape(tf.range(0, rows, 1, 'int32'), [rows, 1]), [1, count]);
  const places = tf.reshape(tf.stack([row, inside(tokens, width)], 2), [rows * count, 2]);
  return tf.scatterND(places, tf.reshape(values, [rows * count]), [rows, width]) as tf.Tensor2D;
}

/** Of tokens [N, W] filled up with -1: 0 for the padding. */
function valueOfTokens(tokens: tf.Tensor2D, value: number): tf.Tensor2D {
  return tf.where<tf.Tensor2D>(isPadding(tokens), tf.fill(tokens.shape, 0), tf.fill(tokens.shape, value));
}

/** [N, V]: -Infinity for each row's own tokens [N, W], 0 for all others. */
export function blockedMask(tokens: tf.Tensor2D, width: number): tf.Tensor2D {
  return inColumns(tokens, valueOfTokens(tokens, Number.NEGATIVE_INFINITY), width);
}

/** [B, V]: 0 for each row's own tokens [B, A], however often they stand there, -Infinity for all others. */
export function allowedMask(tokens: tf.Tensor2D, width: number): tf.Tensor2D {
  const counts = inColumns(tokens, valueOfTokens(tokens, 1), width);
  return tf.where<tf.Tensor2D>(
    tf.greater(counts, 0),
    tf.zerosLike(counts),
    tf.fill(counts.shape, Number.NEGATIVE_INFINITY),
  );
}
