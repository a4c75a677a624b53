import type { Rank, Tensor, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { constant, zeros } from './initializers.js';
import { Module } from './module.js';

/**
 * Layer normalisation over the last axis (Ba et al. 2016, equations 3 and 4):
 *
 *     g ∘ (x - μ) / √(σ² + ε) + b
 */
export class LayerNorm extends Module {
  private readonly gain: Variable<Rank.R1>;
  private readonly bias: Variable<Rank.R1>;

  constructor(width: number, random: () => number) {
    super(random);
    this.gain = this.parameter('gain', [width], constant(1));
    this.bias = this.parameter('bias', [width], zeros);
  }

  /** @param x [..., width] */
  apply<T extends Tensor>(x: T): T {
    const centred = tf.sub(x, tf.mean(x, -1, true));
    const variance = tf.mean(tf.square(centred), -1, true);
    const normal = tf.mul(centred, tf.rsqrt(tf.add(variance, EPSILON)));
    return tf.add(tf.mul(normal, this.gain), this.bias) as T;
  }
}

const EPSILON = 1e-5;
