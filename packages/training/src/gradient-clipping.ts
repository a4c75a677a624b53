import { squaredNorm } from '@heed/backend';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Scales all gradients together so that their joint norm is at most `limit` (Pascanu et al. 2013, algorithm 1).
 *
 * @returns the gradients, and their joint norm before
 */
export function clipByGlobalNorm(
  gradients: ReadonlyMap<string, Tensor>,
  limit: number,
): { clipped: Map<string, Tensor>; norm: Scalar } {
  const norm = tf.sqrt(tf.addN([...gradients.values()].map(squaredNorm))) as Scalar;
  const scale = tf.minimum(tf.div(limit, tf.add(norm, 1e-6)), 1);
  return {
    clipped: new Map([...gradients].map(([name, gradient]) => [name, tf.mul(gradient, scale)])),
    norm,
  };
}
