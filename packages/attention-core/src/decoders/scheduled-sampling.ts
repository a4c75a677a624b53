import { type RandomStream, scan } from '@heed/backend';
import type { Rank, Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Memory } from '../attention/memory.js';
import { withoutGradient } from '../attention/without-gradient.js';
import type { Decoder, DecoderState } from './decoder.js';

export interface ScheduledSampling {
  readonly decoder: Decoder;
  /** @param words [B] int32 @returns [B, E] */
  embed(words: Tensor1D): Tensor2D;
  /** @param features the decoder's readout, [B, E] @returns logits [B, V] */
  score(features: Tensor2D): Tensor2D;
  /** How probable it is that a step is fed the model's own word, a scalar: 0 is teacher forcing, 1 the model alone. */
  readonly probability: Scalar;
}

/**
 * The words to feed a decoder in training so that it learns to go on from its own mistakes: at each step of each row,
 * with a given probability, a word drawn from what the model expects there, else the target's (Bengio et al. 2015,
 * section 2.4). Embed them and `unroll`, in the place of the target's words; no gradient flows through the choice.
 *
 * The words are drawn as outside of training, without dropout and noise. That runs the recurrence once more, without its
 * gradient.
 *
 * @param words those of the target, begin first, [T, B] int32
 * @returns [T, B] int32; the first of each row is always the one given
 */
export function scheduledInputs(
  words: Tensor2D,
  state: DecoderState,
  memory: Memory,
  { decoder, embed, score, probability }: ScheduledSampling,
  random: RandomStream,
): Tensor2D {
  return withoutGradient(words, (target) => {
    const { outputs } = scan(
      (_, previous: { decoder: DecoderState; drawn: Tensor1D }, step: SampledStep) => {
        const fed = tf.where(step.isOwn, previous.drawn, step.word);
        const embedded = embed(fed);
        const next = decoder.step(decoder.project(embedded), previous.decoder, memory);
        const logits = score(decoder.readout(next.output, embedded));
        return { state: { decoder: next.state, drawn: draw(logits, step.place) }, output: fed };
      },
      {},
      { decoder: state, drawn: tf.reshape<Rank.R1>(tf.slice(target, 0, 1), [-1]) },
      {
        word: target,
        isOwn: tf.less(random.uniform(target.shape), probability),
        place: random.uniform(target.shape),
      } as unknown as SampledStep,
    );
    return outputs as unknown as Tensor2D;
  });
}

/** Each [B]. */
type SampledStep = {
  /** int32 */
  readonly word: Tensor1D;
  /** bool */
  readonly isOwn: Tensor1D;
  /** Uniform in [0, 1). */
  readonly place: Tensor1D;
};

/** The word of each row at whose share of the cumulative distribution the place lies. @param logits [B, V] */
function draw(logits: Tensor2D, place: Tensor1D): Tensor1D {
  const cumulative = tf.cumsum(tf.softmax(logits), 1);
  const reached = tf.mul(tf.expandDims(place, 1), tf.max(cumulative, 1, true));
  return tf.sum(tf.cast(tf.lessEqual(cumulative, reached), 'int32'), 1);
}

/** How the probability ε of a target's word falls with the number i of the training's step (section 2.4). */
export type SamplingSchedule =
  /** ε = max(minimum, start - slope · i) */
  | { readonly kind: 'linear'; readonly start: number; readonly slope: number; readonly minimum: number }
  /** ε = kⁱ, k < 1 */
  | { readonly kind: 'exponential'; readonly k: number }
  /** ε = k / (k + exp(i / k)), k ≥ 1 */
  | { readonly kind: 'inverse-sigmoid'; readonly k: number };

/** How probable the model's own word is, 1 - ε. @param step a scalar float32, so that one graph serves all steps */
export function samplingProbability(schedule: SamplingSchedule, step: Scalar): Scalar {
  switch (schedule.kind) {
    case 'linear': {
      const { start, slope, minimum } = schedule;
      return tf.sub(1, tf.maximum(tf.sub(start, tf.mul(step, slope)), minimum));
    }
    case 'exponential':
      return tf.sub(1, tf.pow(schedule.k, step));
    case 'inverse-sigmoid':
      // 1 - k / (k + exp x) = σ(x - log k), which does not overflow.
      return tf.sigmoid(tf.sub<Scalar>(tf.div(step, schedule.k), Math.log(schedule.k)));
  }
}
