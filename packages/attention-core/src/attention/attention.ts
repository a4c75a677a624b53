import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { Module } from '../module.js';
import { createMemory, type Memory } from './memory.js';
import type { Score } from './score.js';
import { type Normalizer, softmaxNormalizer } from './softmax-normalizer.js';

export interface Attended {
  /** The weighted sum of the memory's values, [B, V]. */
  readonly context: Tensor2D;
  /** [B, S] */
  readonly weights: Tensor2D;
}

/** score -> normalizer -> context. */
export class Attention extends Module {
  private readonly score: Score;

  constructor(
    score: Score,
    random: () => number,
    private readonly normalizer: Normalizer = softmaxNormalizer,
  ) {
    super(random);
    this.score = this.child('score', score);
  }

  /** Prepares what is attended to. @param values [B, S, V] @param mask [B, S] bool */
  memory(values: Tensor3D, mask: Tensor2D): Memory {
    return createMemory(values, this.score.projectKeys(values), mask);
  }

  /** @param query [B, Q] */
  attend(query: Tensor2D, memory: Memory): Attended {
    const weights = this.normalizer(this.score.score(query, memory), memory.mask);
    const context = tf.squeeze(
      tf.matMul(tf.expandDims(weights, 1) as Tensor3D, memory.values),
      [1],
    ) as Tensor2D;
    return { context, weights };
  }
}
