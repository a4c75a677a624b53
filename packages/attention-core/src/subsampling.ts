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
  if (before === 0 && after === 0) return x;
  const rest = x.shape.slice(1).map((): [number, number] => [0, 0]);
  return tf.pad(x, [[before, after], ...rest]) as T;
}

/** @param mask [T, B, 1] bool @returns [⌈T / factor⌉, B, 1] bool: any of `factor` steps */
export function subsampleMask(mask: Tensor3D, factor: number): Tensor3D {
  const [steps, batch] = mask.shape;
  const groups = Math.ceil(steps / factor);
  const padded = padSteps(mask, 0, groups * factor - steps);
  return tf.any(tf.reshape(padded, [groups, factor, batch, 1]), 1) as Tensor3D;
}
