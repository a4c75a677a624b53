import { tanh } from '@heed/backend';
import type { Rank, Tensor, Tensor2D, Tensor3D, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { glorotUniform } from '../initializers.js';
import { Linear } from '../linear.js';
import type { Alignment } from './alignment.js';
import { type Memory, queriesPerRow } from './memory.js';
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

  score(query: Tensor2D, memory: Memory, alignment?: Alignment): Tensor3D {
    const [batch, places, units] = memory.keys.shape;
    const queries = queriesPerRow(query, memory);
    const keys = this.aligned(tf.expandDims(memory.keys, 1), queries, alignment);
    const inner = tanh(tf.add(keys, tf.reshape(this.query.apply(query), [batch, queries, 1, units])));
    const flat = tf.reshape<Rank.R2>(inner, [batch * queries * places, units]);
    return tf.reshape(tf.matMul(flat, this.v), [batch, queries, places]);
  }

  /** What subclasses add to the keys. @param keys [B, 1, S, K] @returns [B, 1 or queries, S, K] */
  protected aligned(keys: Tensor, _queries: number, _alignment: Alignment | undefined): Tensor {
    return keys;
  }
}
