import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { hasTensorFlowOps, runOp, typeOf } from '../run-op.js';

/** The sum of squares of a tensor of any shape. It has no gradient: it is meant for gradients themselves. */
export function squaredNorm(x: Tensor): Scalar {
  if (!hasTensorFlowOps()) return plainSquaredNorm(x);
  return tf.mul(runOp('L2Loss', { T: typeOf('float32') }, [x]), 2);
}

/** The same from TF.js's own ops: what the other backends run, and the reference of the tests. */
export function plainSquaredNorm(x: Tensor): Scalar {
  return tf.sum(tf.square(x));
}
