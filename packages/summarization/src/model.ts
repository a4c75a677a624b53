import { type DecoderState, type Memory, Module, type StepOutput } from '@heed/attention-core';
import type { RandomStream, SizeTree } from '@heed/backend';
import { PADDING } from '@heed/training';
import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** Time first; padded with 0. */
export type SummarizationBatch = {
  /** [S, B] int32; words that the vocabulary lacks have ids after it in networks that copy */
  readonly article: Tensor2D;
  /** [T, B] int32: begin, y₁, …, yₙ, all of the vocabulary */
  readonly inputs: Tensor2D;
  /** [T, B] int32: y₁, …, yₙ, end; copied words may be the article's */
  readonly targets: Tensor2D;
};

export const summarizationBatchSizes: SizeTree = {
  article: ['S', 'B'],
  inputs: ['T', 'B'],
  targets: ['T', 'B'],
};

/** What is read of an article at every step; its words, [B, S] int32, where the step compares with them. */
export type ArticleMemory = Memory & { readonly article?: Tensor2D };

/** The last words of each headline so far, [N, C] int32; begin where there are fewer. */
export type WindowState = { readonly window: Tensor2D };

/** What a network carries from word to word. */
export type HeadlineState = DecoderState | WindowState;

export type EncodedArticle<State = HeadlineState> = { readonly memory: ArticleMemory; readonly state: State };

export interface LossOptions {
  readonly smoothing: number;
  /** λ of the coverage loss at this step; absent without it. */
  readonly coverage?: Scalar;
}

/** A headline word by word, each from those before it and from the article. */
export abstract class SummarizationModel<State extends HeadlineState = HeadlineState> extends Module {
  /** Whether a step says where it looked. */
  abstract readonly attends: boolean;
  /** How many words of the headline a step sees; all if absent. */
  readonly window: number | undefined;

  /** @param article [S, B] int32 @param random absent outside of training */
  abstract encode(article: Tensor2D, random?: RandomStream): EncodedArticle<State>;

  /** Mean cross-entropy of the headlines' words, in nats, and the coverage loss. */
  abstract loss(batch: SummarizationBatch, options: LossOptions, random?: RandomStream): Scalar;

  /**
   * One word on, for search.
   *
   * @param tokens [N] int32, in the vocabulary and, where words are copied, beyond it
   * @returns weights [N, S]: zeros where nothing attends
   */
  abstract step(tokens: Tensor1D, state: State, memory: ArticleMemory): StepOutput<State>;
}

export const isWord = (ids: Tensor): Tensor => tf.notEqual(ids, tf.scalar(PADDING, 'int32'));
