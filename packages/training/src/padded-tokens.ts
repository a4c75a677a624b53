import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** Padding's id; places that hold it are masked. */
export const PADDING = 0;

/** Rows of ids, each with `begin` and `end` around it if given, as columns of a padded matrix. @returns [T, B] int32 */
export function paddedTokens(
  rows: readonly Int32Array[],
  { begin, end }: { begin?: number; end?: number },
): Tensor2D {
  const extra = (begin === undefined ? 0 : 1) + (end === undefined ? 0 : 1);
  const steps = Math.max(...rows.map((row) => row.length)) + extra;
  const values = new Int32Array(steps * rows.length).fill(PADDING);
  rows.forEach((row, column) => {
    const full = [...(begin === undefined ? [] : [begin]), ...row, ...(end === undefined ? [] : [end])];
    full.forEach((id, step) => {
      values[step * rows.length + column] = id;
    });
  });
  return tf.tensor2d(values, [steps, rows.length], 'int32');
}
