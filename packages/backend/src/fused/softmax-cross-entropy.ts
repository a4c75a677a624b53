import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { hasTensorFlowOps, runOp, typeOf } from '../run-op.js';

/**
 * Cross-entropy of a softmax over classes against a label, smoothed: the target distribution gives `1 - smoothing`
 * to the label and spreads `smoothing` evenly over all classes (Szegedy et al. 2016, section 7).
 *
 * The value is exact where the label's probability is below what float32 can hold. The gradient is written in place,
 * without a one-hot matrix.
 *
 * @param logits [N, V]
 * @param labels [N] int32, each in 0 … V - 1
 * @returns [N], in nats
 */
export function softmaxCrossEntropy(logits: Tensor2D, labels: Tensor1D, smoothing = 0): Tensor1D {
  if (!hasTensorFlowOps()) return plainSoftmaxCrossEntropy(logits, labels, smoothing);
  const fused = tf.customGrad((input, save) => {
    const z = input as Tensor2D;
    const [rows, classes] = z.shape;
    const row = tf.range(0, rows, 1, 'int32');
    const places = tf.stack([row, labels], 1);
    const largest = tf.max(z, 1);
    let expected = tf.gatherND(z, places);
    if (smoothing > 0) {
      expected = tf.add(tf.mul(expected, 1 - smoothing), tf.mul(tf.mean(z, 1), smoothing));
    }
    // Softmax is slower than these ops, and what it divides by can wait for the gradient's factor.
    const exponentials = tf.exp(tf.sub(z, tf.expandDims(largest, 1)));
    const sums = tf.sum(exponentials, 1);
    (save as (tensors: tf.Tensor[]) => void)([exponentials, sums, places]);
    return {
      value: tf.add(tf.sub(largest, expected), tf.log(sums)),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [e, sum, at] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
        const start = smoothing > 0 ? tf.sub(e, tf.expandDims(tf.mul(sum, smoothing / classes), 1)) : e;
        const difference = runOp('TensorScatterSub', { T: typeOf('float32'), Tindices: typeOf('int32') }, [
          start,
          at,
          tf.mul(sum, 1 - smoothing),
        ]);
        return tf.mul(difference, tf.expandDims(tf.div(dy, sum), 1));
      },
    };
  });
  return fused(logits) as Tensor1D;
}

/** The same from TF.js's own ops: what the other backends run, and the reference of the tests. */
export function plainSoftmaxCrossEntropy(logits: Tensor2D, labels: Tensor1D, smoothing = 0): Tensor1D {
  const classes = logits.shape[1];
  const logProbabilities = tf.logSoftmax(logits);
  const target = tf.add(tf.mul(tf.oneHot(labels, classes), 1 - smoothing), smoothing / classes);
  return tf.neg(tf.sum(tf.mul(logProbabilities, target), 1)) as Tensor1D;
}
