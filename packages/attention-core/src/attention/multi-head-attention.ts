import type { Rank, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { Linear } from '../linear.js';
import { type Attended, AttentionMechanism } from './attention.js';
import { createMemory, type Memory, queriesPerRow } from './memory.js';
import { maskScores } from './normalizer.js';

export interface MultiHeadOptions {
  readonly queryWidth: number;
  readonly valueWidth: number;
  /** Default: `valueWidth`. */
  readonly keyWidth?: number;
  /** Width of all heads together, and of the context; a multiple of `heads`. */
  readonly units: number;
  readonly heads: number;
}

/**
 * Several scaled dot attentions side by side, each over projections of its own, and a projection of what they read
 * (Vaswani et al. 2017, section 3.2.2). The weights that it gives are the mean of the heads'.
 */
export class MultiHeadAttention extends AttentionMechanism {
  readonly usesNoise = false;
  readonly usesState = false;
  private readonly query: Linear;
  private readonly keys: Linear;
  private readonly values: Linear;
  private readonly output: Linear;
  private readonly heads: number;

  constructor(
    { queryWidth, valueWidth, keyWidth = valueWidth, units, heads }: MultiHeadOptions,
    random: () => number,
  ) {
    super(random);
    if (units % heads !== 0) {
      throw new Error(`multi-head attention: ${units} units cannot be shared evenly by ${heads} heads`);
    }
    this.heads = heads;
    this.query = this.child('query', new Linear(queryWidth, units, random));
    this.keys = this.child('keys', new Linear(keyWidth, units, random));
    this.values = this.child('values', new Linear(valueWidth, units, random));
    this.output = this.child('output', new Linear(units, units, random));
  }

  contextWidth(): number {
    return this.output.units;
  }

  /** Keys and values are [B, S, units] in form alone: what lies there is [B, heads, S, units / heads]. */
  memory(values: Tensor3D, mask: Tensor2D, keys: Tensor3D = values): Memory {
    const headByHead = (projected: Tensor3D): Tensor3D => {
      const [batch, places, units] = projected.shape;
      const apart = tf.reshape(projected, [batch, places, this.heads, units / this.heads]);
      return tf.reshape(tf.transpose(apart, [0, 2, 1, 3]), [batch, places, units]);
    };
    return createMemory(headByHead(this.values.apply(values)), headByHead(this.keys.apply(keys)), mask);
  }

  initialState(): undefined {
    return undefined;
  }

  attend(query: Tensor2D, memory: Memory): Attended {
    const { heads } = this;
    const [batch, places, units] = memory.keys.shape;
    const queries = queriesPerRow(query, memory);
    const width = units / heads;
    const apart = (tensor: Tensor3D) => tf.reshape<Rank.R4>(tensor, [batch, heads, places, width]);
    const scaled: Tensor2D = tf.mul(this.query.apply(query), width ** -0.5);
    const perHead = swapped(tf.reshape<Rank.R4>(scaled, [batch, queries, heads, width]));
    const scores = tf.matMul(perHead, apart(memory.keys), false, true);
    const weights = tf.softmax(
      maskScores(scores, tf.reshape(memory.mask, [batch, 1, 1, places])),
    ) as Tensor4D;
    const read = swapped(tf.matMul(weights, apart(memory.values)) as Tensor4D);
    return {
      context: this.output.apply(tf.reshape<Rank.R2>(read, [batch * queries, units])),
      weights: tf.reshape<Rank.R2>(tf.mean(weights, 1), [batch * queries, places]),
    };
  }
}

/** [B, M, N, D] as [B, N, M, D]; nothing has to move where M or N is 1. */
function swapped(x: Tensor4D): Tensor4D {
  const [batch, m, n, width] = x.shape;
  return m === 1 || n === 1 ? tf.reshape(x, [batch, n, m, width]) : tf.transpose(x, [0, 2, 1, 3]);
}
