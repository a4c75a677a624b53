import { Module } from '@heed/attention-core';
import type { RandomStream } from '@heed/backend';
import type { Rank, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { ReadPair } from './pair-encoder.js';

/** What a pair is judged by. */
export type Compared = {
  /** [B, R] */
  readonly features: Tensor2D;
  /**
   * Where the hypothesis looked in the premise, [T, B, S], or [1, B, S] where all of it looks at once; absent where
   * nothing attends.
   */
  readonly weights?: Tensor3D;
};

/** Brings the two sentences of a pair together. */
export abstract class Comparison extends Module {
  /** Of the features, R. */
  abstract readonly width: number;
  /** @param random absent outside of training */
  abstract apply(pair: ReadPair, random?: RandomStream): Compared;
}

/** Time first to batch first. @param x [T, B, k] @returns [B, T, k] */
export const batchFirst = (x: Tensor3D): Tensor3D => tf.transpose<Tensor3D>(x, [1, 0, 2]);

/** @param mask [T, B, 1] @returns [B, T] */
export const rowsOf = (mask: Tensor3D): Tensor2D => {
  const [steps, batch] = mask.shape;
  return tf.transpose(tf.reshape<Rank.R2>(mask, [steps, batch]));
};
