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

  /**
   * A head's query is all units wide and zero outside of its own part, so that one product with the keys, as they lie,
   * gives the scores of all heads, and nothing of the memory is moved at any step.
   */
  attend(query: Tensor2D, memory: Memory): Attended {
    const { heads } = this;
    const [batch, places, units] = memory.keys.shape;
    const queries = queriesPerRow(query, memory);
    const part = headParts(heads, units);
    const scaled: Tensor2D = tf.mul(this.query.apply(query), (units / heads) ** -0.5);
    const perHead = tf.mul(tf.reshape(scaled, [batch, queries, 1, units]), part);
    const rows = tf.reshape<Rank.R3>(perHead, [batch, queries * heads, units]);
    const scores = tf.matMul(rows, memory.keys, false, true);
    const mask = tf.expandDims(memory.mask, 1);
    const weights = tf.softmax(maskScores(scores, mask)) as Tensor3D;
    const read = tf.reshape(tf.matMul(weights, memory.values), [batch, queries, heads, units]);
    const joined = tf.sum(tf.mul(read, part), 2);
    return {
      context: this.output.apply(tf.reshape<Rank.R2>(joined, [batch * queries, units])),
      weights: tf.reshape<Rank.R2>(tf.mean(tf.reshape(weights, [batch, queries, heads, places]), 2), [
        batch * queries,
        places,
      ]),
    };
  }
}

/** [H, units]: 1 where a unit is the head's. */
function headParts(heads: number, units: number): Tensor2D {
  const width = units / heads;
  const part = Float32Array.from({ length: heads * units }, (_, i) =>
    Math.floor((i % units) / width) === Math.floor(i / units) ? 1 : 0,
  );
  return tf.tensor2d(part, [heads, units]);
}
