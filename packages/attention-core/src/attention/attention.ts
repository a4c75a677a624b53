import type { Rank, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { Module } from '../module.js';
import { type Alignment, uniformAlignment } from './alignment.js';
import { createMemory, type Memory } from './memory.js';
import type { Score } from './score.js';
import { type Normalizer, softmaxNormalizer } from './softmax-normalizer.js';

export interface Attended {
  /** The weighted sum of the memory's values, [N, V]. */
  readonly context: Tensor2D;
  /** [N, S] */
  readonly weights: Tensor2D;
  /** For the next step, if that depends on it. */
  readonly alignment?: Alignment;
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

  /** What the first step takes as `alignment`; nothing where steps do not depend on each other. */
  initialAlignment(memory: Memory): Alignment | undefined {
    return this.score.usesAlignment ? uniformAlignment(memory) : undefined;
  }

  /**
   * @param query [N, Q], N a multiple of B: the queries of a row of the memory side by side
   * @param alignment what the step before gave, or `initialAlignment`
   */
  attend(query: Tensor2D, memory: Memory, alignment?: Alignment): Attended {
    const scores = this.score.score(query, memory, alignment);
    const rows = query.shape[0];
    const attended = this.normalizer(scores, tf.expandDims(memory.mask, 1) as Tensor3D);
    const context = tf.matMul(attended, memory.values);
    const weights = tf.reshape<Rank.R2>(attended, [rows, memory.mask.shape[1]]);
    return {
      context: tf.reshape<Rank.R2>(context, [rows, memory.values.shape[2]]),
      weights,
      ...(this.score.usesAlignment && { alignment: { last: weights } }),
    };
  }
}
