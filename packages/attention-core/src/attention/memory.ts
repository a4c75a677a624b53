import { isRecording } from '@heed/backend';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * What attention reads at every step, prepared once. A row of it may have several queries, such as the beams of a
 * sentence: they come side by side and share what is here.
 */
export type Memory = {
  /** [B, S, V] */
  readonly values: Tensor3D;
  /** [B, S, K] */
  readonly keys: Tensor3D;
  /** [B, S] bool: true where there is something to attend to */
  readonly mask: Tensor2D;
};

/**
 * @param values [B, S, V]
 * @param keys [B, S, K]
 * @param mask [B, S] bool
 * @throws if a row of the mask has nothing to attend to, with the row's number (not while a function is traced)
 */
export function createMemory(values: Tensor3D, keys: Tensor3D, mask: Tensor2D): Memory {
  if (!isRecording()) {
    const counts = tf.tidy(() => tf.sum(tf.cast(mask, 'int32'), 1).dataSync());
    const empty = counts.indexOf(0);
    if (empty >= 0)
      throw new Error(`attention: row ${empty} of the memory has nothing to attend to: its mask is all 0`);
  }
  return { values, keys, mask };
}

/** @param query [N, ·] @throws if N is not a multiple of the memory's rows */
export function queriesPerRow(query: Tensor2D, { mask }: Memory): number {
  const [queries, rows] = [query.shape[0], mask.shape[0]];
  if (queries % rows !== 0)
    throw new Error(`attention: ${queries} queries for the ${rows} rows of the memory`);
  return queries / rows;
}
