import type { Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** Makes weights of scores [B, N/B, S]: they sum to 1 over S and are exactly 0 where masked. The mask is [B, 1, S] bool. */
export type Normalizer = (scores: Tensor3D, mask: Tensor3D) => Tensor3D;

/** So low that its exponential is exactly 0 beside any score, and still finite. */
const MASKED_SCORE = -1e30;

/** Softmax over the places that the mask leaves. */
export const softmaxNormalizer: Normalizer = (scores, mask) =>
  tf.softmax(tf.where(mask, scores, tf.fill(scores.shape, MASKED_SCORE)) as Tensor3D);
