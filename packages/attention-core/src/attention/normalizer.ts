import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { Module } from '../module.js';
import { type AttentionState, evenState } from './attention-state.js';
import type { Memory } from './memory.js';

/** What a step has beside its scores. */
export interface StepContext {
  /** Given if the normalizer uses it. */
  readonly state?: AttentionState;
  /** Uniform in [0, 1), [B, N/B, S]: present in training if `usesNoise`. */
  readonly noise?: Tensor3D;
  /** While an output is searched for: mechanisms that are soft in training only become hard. */
  readonly decoding?: boolean;
}

export interface Normalized {
  /** [B, N/B, S], exactly 0 where masked. */
  readonly weights: Tensor3D;
  /** What the weights were drawn from, where they were drawn. */
  readonly distribution?: Tensor3D;
  /** What the next step shall take for this one's weights, where these are not it. */
  readonly remembered?: Tensor3D;
}

/** Makes weights of scores. */
export abstract class Normalizer extends Module {
  readonly usesState: boolean = false;
  readonly usesNoise: boolean = false;

  /** What a mechanism that depends on its past begins with. */
  initialState(memory: Memory): AttentionState {
    return evenState(memory);
  }

  /** @param scores [B, N/B, S] @param mask [B, 1 or N/B, S] bool, with something true in every row */
  abstract normalize(scores: Tensor3D, mask: Tensor3D, context: StepContext): Normalized;
}

/** So low that its exponential is exactly 0 beside any score, and still finite. */
const MASKED_SCORE = -1e30;

/** The mask broadcasts. */
export const maskScores = <T extends Tensor>(scores: T, mask: Tensor): T =>
  tf.where(mask, scores, tf.fill(scores.shape, MASKED_SCORE)) as T;
