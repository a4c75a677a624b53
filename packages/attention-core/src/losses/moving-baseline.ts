import type { Scalar, Tensor1D, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** The moving average of the rewards so far, b ← 0.9 b + 0.1 reward (Xu et al. 2015, section 4.1); 0 at first. */
export class MovingBaseline {
  /** Not trainable, so that an optimizer leaves it alone. */
  private readonly average: Variable;

  constructor(private readonly decay = 0.9) {
    this.average = tf.tidy(() => tf.variable(tf.scalar(0), false));
  }

  get value(): Scalar {
    return this.average as unknown as Scalar;
  }

  /** Takes a batch's rewards in, to be called after its loss was computed. @param rewards [N] */
  update(rewards: Tensor1D): void {
    tf.tidy(() => {
      const next = tf.add(tf.mul(this.average, this.decay), tf.mul(tf.mean(rewards), 1 - this.decay));
      this.average.assign(next);
    });
  }

  dispose(): void {
    this.average.dispose();
  }
}
