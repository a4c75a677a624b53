import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** Makes weights of scores: they sum to 1 in each row and are exactly 0 where masked. */
export type Normalizer = (scores: Tensor2D, mask: Tensor2D) => Tensor2D;

/** So low that its exponential is exactly 0 beside any score, and still finite. */
const MASKED_SCORE = -1e30;

/** Softmax over the places that the mask leaves. @param scores [B, S] @param mask [B, S] bool */
export const softmaxNormalizer: Normalizer = (scores, mask) =>
  tf.softmax(tf.where(mask, scores, tf.fill(scores.shape, MASKED_SCORE)) as Tensor2D);
