import type { Rank, Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { normal } from './initializers.js';
import { Module } from './module.js';

/** One row a token. The same matrix may score tokens as well (tied weights, Press and Wolf 2017). */
export class Embedding extends Module {
  private readonly matrix: Variable<Rank.R2>;

  constructor(
    private readonly tokens: number,
    private readonly width: number,
    random: () => number,
  ) {
    super(random);
    this.matrix = this.parameter('matrix', [tokens, width], normal(width ** -0.5));
  }

  /** @param ids int32, any shape @returns [...ids, width], scaled to unit variance */
  lookUp(ids: Tensor): Tensor {
    const rows = tf.gather(this.matrix, tf.reshape(ids, [-1]));
    return tf.reshape(tf.mul(rows, Math.sqrt(this.width)), [...ids.shape, this.width]);
  }

  /** The scores of all tokens. @param features [N, width] @returns [N, tokens] */
  score(features: Tensor2D): Tensor2D {
    return tf.matMul(features, this.matrix, false, true);
  }

  get size(): number {
    return this.tokens;
  }
}
