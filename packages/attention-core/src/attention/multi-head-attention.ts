import type { Rank, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
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

  memory(values: Tensor3D, mask: Tensor2D, keys: Tensor3D = values): Memory {
    return createMemory(this.values.apply(values), this.keys.apply(keys), mask);
  }

  initialState(): undefined {
    return undefined;
  }

  attend(query: Tensor2D, memory: Memory): Attended {
    const { heads } = this;
    const [batch, places, units] = memory.keys.shape;
    const queries = queriesPerRow(query, memory);
    const width = units / heads;
    /** [B, L, H D] -> [B H, L, D] */
    const perHead = (x: Tensor2D | Tensor3D, length: number): Tensor3D =>
      tf.reshape(tf.transpose(tf.reshape(x, [batch, length, heads, width]), [0, 2, 1, 3]), [
        batch * heads,
        length,
        width,
      ]);
    const scaled: Tensor2D = tf.mul(this.query.apply(query), width ** -0.5);
    const products = tf.matMul(perHead(scaled, queries), perHead(memory.keys, places), false, true);
    const mask = tf.reshape(memory.mask, [batch, 1, 1, places]);
    const scores = tf.reshape(products, [batch, heads, queries, places]);
    const weights = tf.softmax(maskScores(scores, mask));
    const read = tf.matMul(
      tf.reshape<Rank.R3>(weights, [batch * heads, queries, places]),
      perHead(memory.values, places),
    );
    const joined = tf.transpose(tf.reshape(read, [batch, heads, queries, width]), [0, 2, 1, 3]);
    return {
      context: this.output.apply(tf.reshape<Rank.R2>(joined, [batch * queries, units])),
      weights: tf.reshape<Rank.R2>(tf.mean(weights, 1), [batch * queries, places]),
    };
  }
}
