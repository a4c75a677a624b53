import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { hasTensorFlowOps, runOp, typeOf } from '../run-op.js';

function withFusedGradient(forward: (x: Tensor) => Tensor, gradientOp: string) {
  const fused = tf.customGrad((x, save) => {
    const y = forward(x as Tensor);
    (save as (tensors: Tensor[]) => void)([y]);
    return {
      value: y,
      gradFunc: (dy: Tensor, [saved]: Tensor[]) =>
        runOp(gradientOp, { T: typeOf('float32') }, [saved as Tensor, dy]),
    };
  });
  return <T extends Tensor>(x: T): T => (hasTensorFlowOps() ? fused(x) : forward(x)) as T;
}

/** tanh, whose gradient is one op (TanhGrad) where there is libtensorflow. Any shape. */
export const tanh = withFusedGradient((x) => tf.tanh(x), 'TanhGrad');

/** The logistic function, whose gradient is one op (SigmoidGrad) where there is libtensorflow. Any shape. */
export const sigmoid = withFusedGradient((x) => tf.sigmoid(x), 'SigmoidGrad');
