import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** `fn(x)`, through which no gradient flows; so it may use ops that have none. */
export function withoutGradient<X extends Tensor, Y extends Tensor>(x: X, fn: (x: X) => Y): Y {
  const { shape } = x;
  return tf.customGrad((input) => ({ value: fn(input as X), gradFunc: () => tf.zeros(shape) }))(x) as Y;
}
