import { ceilDivide } from '@heed/backend';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** Steps that are fewer than those they were made from. */
export interface Subsampled {
  /** [T', B, ·] */
  readonly outputs: Tensor3D;
  /** [T', B, 1] bool: where at least one of the steps that it stands for is valid, so that lengths are rounded up. */
  readonly mask: Tensor3D;
}

/** `x` with zeros before and after its steps. @param x [T, ...] */
export function padSteps<T extends Tensor>(x: T, before: number, after: number): T {
  const rest = x.shape.slice(1).map((): [number, number] => [0, 0]);
  return tf.pad(x, [[before, after], ...rest]) as T;
}

/**
 * The first steps of all groups of `factor`, the second ones, and so on; zeros where the last group has none.
 *
 * @param x [T, ...]
 * @returns as many as `factor`, each [⌈T / factor⌉, ...]
 */
export function stepsOfGroups<T extends Tensor>(x: T, factor: number): T[] {
  const groups = ceilDivide(x.shape[0] as number, factor);
  const padded = padSteps(x, 0, factor - 1);
  const firsts = tf.mul(tf.range(0, groups, 1, 'int32'), tf.scalar(factor, 'int32'));
  return Array.from(
    { length: factor },
    (_, place) => tf.gather(padded, tf.add(firsts, tf.scalar(place, 'int32'))) as T,
  );
}

/** @param mask [T, B, 1] bool @returns [⌈T / factor⌉, B, 1] bool: any of `factor` steps */
export function subsampleMask(mask: Tensor3D, factor: number): Tensor3D {
  return stepsOfGroups(mask, factor).reduce((any, each) => tf.logicalOr(any, each));
}
