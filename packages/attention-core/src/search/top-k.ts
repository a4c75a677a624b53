import * as tf from '@tensorflow/tfjs-core';
import { gatherEachRow } from './rows.js';

/** Rows narrower than this go to TopK as they are. */
const narrow = 256;

/**
 * The k largest values of each row with their columns, largest first, equal ones by column: exactly what
 * `tf.topk` gives, but fast on wide rows, which TensorFlow's TopK scans slowly. Where fewer than k values of a row are
 * above -Infinity, the columns of the rest mean nothing.
 *
 * The k largest lie in the k blocks with the largest maxima, so three small TopKs do: over the maxima of the
 * blocks, to put the chosen blocks back into their order (which decides between equal values), and inside them.
 *
 * @param x [N, V] float32
 * @returns values [N, k] float32, indices [N, k] int32
 */
export function topK(x: tf.Tensor2D, k: number): { values: tf.Tensor2D; indices: tf.Tensor2D } {
  const [rows, width] = x.shape;
  const size = blockSize(width, k);
  const blocks = Math.ceil(width / size);
  if (width < narrow || blocks <= 2 * k) return tf.topk(x, k);
  return tf.tidy(() => {
    const spare = blocks * size - width;
    const padded: tf.Tensor2D =
      spare === 0 ? x : tf.concat([x, tf.fill([rows, spare], Number.NEGATIVE_INFINITY)], 1);
    const blocked = tf.reshape<tf.Rank.R3>(padded, [rows, blocks, size]);
    const best = tf.topk(tf.max<tf.Tensor2D>(blocked, 2), k).indices;
    const chosen: tf.Tensor2D = k === 1 ? best : ascending(best);
    const candidates = tf.reshape<tf.Rank.R2>(gatherEachRow(blocked, chosen), [rows, k * size]);
    const { values, indices: places } = tf.topk(candidates, k);
    const sizeScalar = tf.scalar(size, 'int32');
    const nth = tf.cast(tf.floorDiv<tf.Tensor2D>(places, sizeScalar), 'int32');
    const inside = tf.sub(places, tf.mul(nth, sizeScalar));
    const block = gatherEachRow(chosen, nth);
    return { values, indices: tf.add<tf.Tensor2D>(tf.mul(block, sizeScalar), inside) };
  });
}

/** Near sqrt(V / k), where the TopKs over and inside the blocks are equally wide; a divisor of V if one is near. */
function blockSize(width: number, k: number): number {
  const ideal = Math.max(8, Math.round(Math.sqrt(width / k)));
  for (let size = ideal; size <= 2 * ideal; size++) if (width % size === 0) return size;
  return ideal;
}

/** Sorts each row of block numbers [N, k] int32; float32 holds them exactly. */
function ascending(blocks: tf.Tensor2D): tf.Tensor2D {
  const negative = tf.neg<tf.Tensor2D>(tf.cast(blocks, 'float32'));
  return tf.cast(tf.neg(tf.topk(negative, blocks.shape[1]).values), 'int32');
}
