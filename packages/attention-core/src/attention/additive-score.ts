import { tanh } from '@heed/backend';
import type { Rank, Tensor, Tensor2D, Tensor3D, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { constant, glorotUniform } from '../initializers.js';
import { Linear } from '../linear.js';
import type { AttentionState } from './attention-state.js';
import { type Memory, queriesPerRow } from './memory.js';
import { Score } from './score.js';

export interface AdditiveOptions {
  readonly queryWidth: number;
  readonly valueWidth: number;
  /** Width of the inner layer. */
  readonly units: number;
  /** v as g v / ‖v‖ with a learned length g (Salimans and Kingma 2016, equation 2; Raffel et al. 2017, equation 16). */
  readonly normalized?: boolean;
}

/** v · tanh(W query + U values + b) (Bahdanau et al. 2015, appendix A.1.2). */
export class AdditiveScore extends Score {
  private readonly query: Linear;
  private readonly keys: Linear;
  private readonly v: Variable<Rank.R2>;
  private readonly gain: Variable<Rank.R1> | undefined;

  constructor({ queryWidth, valueWidth, units, normalized = false }: AdditiveOptions, random: () => number) {
    super(random);
    this.query = this.child('query', new Linear(queryWidth, units, random, { bias: false }));
    this.keys = this.child('keys', new Linear(valueWidth, units, random));
    this.v = this.parameter('v', [units, 1], glorotUniform);
    this.gain = normalized ? this.parameter('gain', [1], constant(units ** -0.5)) : undefined;
  }

  projectKeys(values: Tensor3D): Tensor3D {
    return this.keys.apply(values);
  }

  score(query: Tensor2D, memory: Memory, state?: AttentionState): Tensor3D {
    const [batch, places, units] = memory.keys.shape;
    const queries = queriesPerRow(query, memory);
    const keys = this.withHistory(tf.expandDims(memory.keys, 1), queries, state);
    const inner = tanh(tf.add(keys, tf.reshape(this.query.apply(query), [batch, queries, 1, units])));
    const flat = tf.reshape<Rank.R2>(inner, [batch * queries * places, units]);
    return tf.reshape(tf.matMul(flat, this.direction()), [batch, queries, places]);
  }

  /** What subclasses add to the keys. @param keys [B, 1, S, K] @returns [B, 1 or queries, S, K] */
  protected withHistory(keys: Tensor, _queries: number, _state: AttentionState | undefined): Tensor {
    return keys;
  }

  private direction(): Tensor2D {
    const { v, gain } = this;
    return gain ? tf.mul(v, tf.div(gain, tf.sqrt(tf.sum(tf.square(v))))) : v;
  }
}
