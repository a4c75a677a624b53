import type { Rank, Scalar, Tensor1D, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { constant } from '../initializers.js';
import { Module } from '../module.js';

/**
 * The moving average of the rewards so far, b ← 0.9 b + 0.1 reward (Xu et al. 2015, section 4.1); 0 at first. As a child
 * of the model that it trains, it is in the model's checkpoints.
 */
export class MovingBaseline extends Module {
  private readonly average: Variable<Rank.R0>;

  constructor(
    random: () => number,
    private readonly decay = 0.9,
  ) {
    super(random);
    this.average = this.buffer('average', [], constant(0));
  }

  /** What is expected of a reward. */
  get value(): Scalar {
    return this.average;
  }

  /** Takes a batch's rewards in, to be called after its loss was computed. @param rewards [N] */
  update(rewards: Tensor1D): void {
    tf.tidy(() => {
      const next = tf.add(tf.mul(this.average, this.decay), tf.mul(tf.mean(rewards), 1 - this.decay));
      this.average.assign(next as Scalar);
    });
  }
}
