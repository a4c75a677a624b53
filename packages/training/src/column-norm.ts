import type { Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** Whether a parameter is a matrix of weights, [inputs, units]. */
const isKernel = ([name, { rank }]: readonly [string, Variable]) => rank === 2 && /kernel$/u.test(name);

/**
 * Scales down what goes into a unit where its norm is above `limit` (Hinton et al. 2012): the columns of the
 * kernels.
 */
export function constrainColumns(parameters: ReadonlyMap<string, Variable>, limit: number): void {
  for (const [, kernel] of [...parameters].filter(isKernel)) {
    const norms = tf.sqrt(tf.sum(tf.square(kernel), 0, true));
    kernel.assign(tf.mul(kernel, tf.minimum(1, tf.div(limit, tf.maximum(norms, limit / 2)))));
  }
}
