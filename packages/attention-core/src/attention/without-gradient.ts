import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** `fn(x)`, through which no gradient flows; so it may use ops that have none. */
export function withoutGradient<X extends Tensor, Y extends Tensor>(x: X, fn: (x: X) => Y): Y {
  // An op without inputs is on no gradient's way.
  return tf.customGrad(() => ({ value: fn(x), gradFunc: () => [] }))() as Y;
}
