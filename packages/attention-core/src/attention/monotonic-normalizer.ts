import { linearRecurrence, sigmoid } from '@heed/backend';
import type { Rank, Tensor, Tensor3D, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { constant } from '../initializers.js';
import { type AttentionState, firstPlaceState } from './attention-state.js';
import type { Memory } from './memory.js';
import { type Normalized, Normalizer, type StepContext } from './normalizer.js';

/**
 * Reads the memory from its beginning to its end: from where it last stopped, each place is taken with the probability
 * p = σ(e + r), else passed for ever (Raffel et al. 2017). In training the weights are what is expected of that (section
 * 2.3, equation 9), with noise before the sigmoid, logistic where the paper's is normal, so that p comes to be 0 or 1;
 * while decoding it stops at the first p above one half (algorithm 1). A step that passes the end has no weight at all, so
 * that weights sum to at most 1; while decoding, the next one goes on from where it last stopped.
 */
export class MonotonicNormalizer extends Normalizer {
  override readonly usesState = true;
  override readonly usesNoise = true;
  private readonly offset: Variable<Rank.R1>;

  /** @param offset the first value of r: the lower, the further it reads at first */
  constructor(random: () => number, offset = -1) {
    super(random);
    this.offset = this.parameter('offset', [1], constant(offset));
  }

  override initialState(memory: Memory): AttentionState {
    return firstPlaceState(memory);
  }

  normalize(scores: Tensor3D, mask: Tensor3D, { state, noise, decoding }: StepContext): Normalized {
    if (!state) throw new Error('monotonic attention needs the state of the step before');
    const before = tf.reshape<Rank.R3>(state.weights, scores.shape);
    const energy = tf.add<Tensor3D>(scores, this.offset);
    const valid = tf.cast(mask, 'float32');
    if (decoding) return hard(energy, tf.mul<Tensor3D>(valid, tf.cumsum(before, 2)), state);
    const shaken = noise ? tf.add<Tensor3D>(energy, logistic(noise)) : energy;
    const choose: Tensor3D = tf.mul(sigmoid(shaken), valid);
    const passed = tf.sub<Tensor3D>(1, choose);
    // q_j = (1 - p_{j-1}) q_{j-1} + α_j of the step before; α_j = p_j q_j (equations 13 and 14)
    return { weights: tf.mul(choose, linearRecurrence(passed, before)) };
  }
}

/** @param open [B, K, S], 1 where it may stop */
function hard(energy: Tensor3D, open: Tensor3D, state: AttentionState): Normalized {
  const stops = tf.mul(tf.cast(tf.greater(energy, 0), 'float32'), tf.cast(tf.greater(open, 0.5), 'float32'));
  const weights: Tensor3D = tf.mul(stops, tf.cast(tf.equal(tf.cumsum(stops, 2), 1), 'float32'));
  const stopped = tf.sum(weights, 2, true);
  const before = tf.reshape<Rank.R3>(state.weights, energy.shape);
  return { weights, remembered: tf.add(weights, tf.mul(tf.sub(1, stopped), before)) };
}

const SMALLEST = 1e-7;

/** Uniform noise as logistic noise. */
const logistic = (noise: Tensor): Tensor => {
  const inside = tf.clipByValue(noise, SMALLEST, 1 - SMALLEST);
  return tf.sub(tf.log(inside), tf.log(tf.sub(1, inside)));
};
