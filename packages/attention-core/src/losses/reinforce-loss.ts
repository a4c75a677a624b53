import type { Scalar, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { withoutGradient } from '../attention/without-gradient.js';

export interface ReinforceInputs {
  /** What was drawn: one-hot, [T, N, S]. */
  readonly weights: Tensor3D;
  /** What it was drawn from, [T, N, S]. */
  readonly distribution: Tensor3D;
  /** [T, N], 1 = counted */
  readonly targetMask: Tensor2D;
  /** How good each sentence is with what was drawn, such as its log-probability; no gradient flows into it. [N] */
  readonly rewards: Tensor1D;
  /** What is expected of a reward, as by `MovingBaseline`. */
  readonly baseline: Scalar;
  /** λₑ of the paper: how much the entropy of the distribution counts. */
  readonly entropy: number;
}

/**
 * What trains hard attention: its gradient is the REINFORCE estimate (Xu et al. 2015, section 4.1, after equation 12; the
 * first term is the loss of the words, λᵣ is for the caller to multiply by)
 *
 *     - (reward - b) Σₜ log p(sₜ) - λₑ Σₜ H(pₜ)
 *
 * as a mean over the sentences, without padding.
 */
export function reinforceLoss(inputs: ReinforceInputs): Scalar {
  const { weights, distribution, targetMask, rewards, baseline, entropy } = inputs;
  const logProbabilities = tf.log(tf.maximum(distribution, SMALLEST));
  const sumOverSentence = (terms: Tensor3D): Tensor1D =>
    tf.sum(tf.mul(tf.sum(terms, 2), tf.cast(targetMask, 'float32')), 0);
  const drawn = sumOverSentence(tf.mul(weights, logProbabilities));
  const uncertainty = tf.neg(sumOverSentence(tf.mul(distribution, logProbabilities)));
  const advantages = withoutGradient(rewards, (given) => tf.sub(given, baseline) as Tensor1D);
  return tf.neg(tf.mean<Scalar>(tf.add(tf.mul(advantages, drawn), tf.mul(uncertainty, entropy))));
}

/** The distribution is exactly 0 where masked. */
const SMALLEST = 1e-9;
