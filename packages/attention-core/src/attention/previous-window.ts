import type { Rank, Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { AttentionState } from './attention-state.js';
import type { Memory } from './memory.js';
import { places, Window, type WindowOutput, within } from './window.js';
import { withoutGradient } from './without-gradient.js';

/**
 * The places at most `reach` from where the step before looked: from the median of its weights (Chorowski et al. 2015,
 * "Score Normalization"), or from their expected place. The first step looks from the first place, since nothing was looked at
 * before it: a long memory is read from its beginning.
 */
export class PreviousWindow extends Window {
  override readonly usesState = true;

  constructor(
    private readonly options: { readonly reach: number; readonly center: 'median' | 'expected' },
    random: () => number,
  ) {
    super(random);
  }

  apply(query: Tensor2D, memory: Memory, state?: AttentionState): WindowOutput {
    if (!state) throw new Error('a window around the previous weights needs the state of the step before');
    const [batch, length] = memory.mask.shape;
    const queries = query.shape[0] / batch;
    const weights = tf.reshape<Rank.R3>(state.weights, [batch, queries, length]);
    const isLater = tf.greater(tf.reshape<Rank.R3>(state.steps, [batch, queries, 1]), 0);
    const { reach, center } = this.options;
    const middle = center === 'median' ? median(weights) : expected(weights, places(memory));
    return { mask: within(tf.mul(middle, tf.cast(isLater, 'float32')), reach, memory) };
  }
}

/** Of weights that may sum to less than 1. @param weights [B, K, S] @param places [B, 1, S] or alike @returns [B, K, 1] */
function expected(weights: Tensor3D, places: Tensor): Tensor3D {
  const sum = tf.maximum(tf.sum(weights, 2, true), SMALLEST_SUM);
  return tf.div(tf.sum<Tensor3D>(tf.mul(weights, places), 2, true), sum);
}

/** So that weights that all vanish are not divided by 0. */
const SMALLEST_SUM = 1e-30;

/** The first place at which half of the weight is reached. @param weights [B, K, S] @returns [B, K, 1] */
function median(weights: Tensor3D): Tensor3D {
  return withoutGradient(weights, (shares) => {
    const before = tf.less(tf.cumsum(shares, 2), tf.div(tf.sum(shares, 2, true), 2));
    return tf.sum<Tensor3D>(tf.cast(before, 'float32'), 2, true);
  });
}
