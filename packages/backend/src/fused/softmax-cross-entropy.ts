import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { hasTensorFlowOps, runOp, typeOf } from '../run-op.js';

/**
 * Cross-entropy of a softmax over classes against a label, smoothed: the target distribution gives `1 - smoothing`
 * to the label and spreads `smoothing` evenly over all classes (Szegedy et al. 2016, section 7).
 *
 * The value is exact where the label's probability is below what float32 can hold. The gradient is written from the
 * probabilities in place, without a one-hot matrix.
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
    const probabilities = tf.softmax(z);
    const row = tf.range(0, rows, 1, 'int32');
    const places = tf.stack([row, labels], 1);
    // The largest probability of a row is at least 1 / V: there, log Σ exp z = z - log p loses nothing.
    const largest = tf.stack([row, tf.argMax(z, 1)], 1);
    const top = tf.gatherND(z, largest);
    let expected = tf.sub(top, tf.gatherND(z, places));
    if (smoothing > 0) {
      expected = tf.add(tf.mul(expected, 1 - smoothing), tf.mul(tf.sub(top, tf.mean(z, 1)), smoothing));
    }
    const loss = tf.sub(expected, tf.log(tf.gatherND(probabilities, largest)));
    (save as (tensors: tf.Tensor[]) => void)([probabilities, places]);
    return {
      value: loss,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [p, at] = saved as [tf.Tensor, tf.Tensor];
        const start = smoothing > 0 ? tf.sub(p, smoothing / classes) : p;
        const label = tf.mul(tf.onesLike(dy), 1 - smoothing);
        const difference = runOp('TensorScatterSub', { T: typeOf('float32'), Tindices: typeOf('int32') }, [
          start,
          at,
          label,
        ]);
        return tf.mul(difference, tf.expandDims(dy, 1));
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
