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
 * @param hidden columns that are left out, as if they held -Infinity
 * @returns values [N, k] float32, indices [N, k] int32
 */
export function topK(
  x: tf.Tensor2D,
  k: number,
  hidden: readonly number[] = [],
): { values: tf.Tensor2D; indices: tf.Tensor2D } {
  const [rows, width] = x.shape;
  if (k === 0) return tf.topk(x, k);
  const size = blockSize(width, k);
  const blocks = Math.ceil(width / size);
  // The first blocks, up to the last with a hidden column.
  const masked = Math.max(0, ...hidden.map((column) => Math.floor(column / size) + 1));
  return tf.tidy(() => {
    if (width < narrow || blocks <= 2 * k || masked > blocks / 2) {
      return tf.topk(hidden.length > 0 ? tf.add<tf.Tensor2D>(x, columnMask(hidden, width)) : x, k);
    }
    const spare = blocks * size - width;
    const padded: tf.Tensor2D =
      spare === 0 ? x : tf.concat([x, tf.fill([rows, spare], Number.NEGATIVE_INFINITY)], 1);
    const blocked = tf.reshape<tf.Rank.R3>(padded, [rows, blocks, size]);
    const mask = tf.reshape<tf.Rank.R2>(columnMask(hidden, blocks * size), [blocks, size]);
    const best = tf.topk(maxima(blocked, mask, masked), k).indices;
    const chosen: tf.Tensor2D = k === 1 ? best : ascending(best);
    const inBlocks = gatherEachRow(blocked, chosen);
    const open = masked > 0 ? tf.add(inBlocks, tf.gather(mask, chosen)) : inBlocks;
    const candidates = tf.reshape<tf.Rank.R2>(open, [rows, k * size]);
    const { values, indices: places } = tf.topk(candidates, k);
    const sizeScalar = tf.scalar(size, 'int32');
    const nth = tf.cast(tf.floorDiv<tf.Tensor2D>(places, sizeScalar), 'int32');
    const inside = tf.sub(places, tf.mul(nth, sizeScalar));
    const block = gatherEachRow(chosen, nth);
    return { values, indices: tf.add<tf.Tensor2D>(tf.mul(block, sizeScalar), inside) };
  });
}

/** [V]: -Infinity in the columns that are hidden, 0 in all others. */
export function columnMask(hidden: readonly number[], width: number): tf.Tensor1D {
  const mask = new Float32Array(width);
  for (const column of hidden) mask[column] = Number.NEGATIVE_INFINITY;
  return tf.tensor1d(mask);
}

/** The largest of each block, [N, blocks]. Only the first so many are masked: a mask over all would be a pass over all of x. */
function maxima(blocked: tf.Tensor3D, mask: tf.Tensor2D, masked: number): tf.Tensor2D {
  const all = tf.max<tf.Tensor2D>(blocked, 2);
  if (masked === 0) return all;
  const [rows, blocks, size] = blocked.shape;
  const first = tf.slice(blocked, [0, 0, 0], [rows, masked, size]);
  const open = tf.max<tf.Tensor2D>(tf.add(first, tf.slice(mask, [0, 0], [masked, size])), 2);
  return tf.concat([open, tf.slice(all, [0, masked], [rows, blocks - masked])], 1);
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
