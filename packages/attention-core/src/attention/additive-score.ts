import { tanh } from '@heed/backend';
import type { Rank, Tensor2D, Tensor3D, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { glorotUniform } from '../initializers.js';
import { Linear } from '../linear.js';
import type { Memory } from './memory.js';
import { Score } from './score.js';

/** v · tanh(W query + U values) (Bahdanau et al. 2015, appendix A.1.2). */
export class AdditiveScore extends Score {
  private readonly query: Linear;
  private readonly keys: Linear;
  private readonly v: Variable<Rank.R2>;

  constructor(queryWidth: number, valueWidth: number, units: number, random: () => number) {
    super(random);
    this.query = this.child('query', new Linear(queryWidth, units, random, { bias: false }));
    this.keys = this.child('keys', new Linear(valueWidth, units, random));
    this.v = this.parameter('v', [units, 1], glorotUniform);
  }

  projectKeys(values: Tensor3D): Tensor3D {
    return this.keys.apply(values);
  }

  score(query: Tensor2D, { keys }: Memory): Tensor2D {
    const [batch, places, units] = keys.shape;
    const inner = tanh(tf.add(keys, tf.expandDims(this.query.apply(query), 1)));
    return tf.reshape(tf.matMul(tf.reshape(inner, [batch * places, units]) as Tensor2D, this.v), [
      batch,
      places,
    ]);
  }
}
