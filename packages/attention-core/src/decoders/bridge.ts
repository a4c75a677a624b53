import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Encoded } from '../recurrent-encoder.js';

/** What the encoder's last layer ends in, in both directions side by side, [B, units or 2 · units]. */
export function finalStates({ final }: Encoded): Tensor2D {
  const { forward, backward } = final.at(-1) as Encoded['final'][number];
  return backward ? tf.concat([forward.hidden, backward.hidden], 1) : forward.hidden;
}
