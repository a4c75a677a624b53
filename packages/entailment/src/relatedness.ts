import { Linear, Module } from '@heed/attention-core';
import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** From "not at all" to "very much". */
const GRADES = [1, 2, 3, 4, 5] as const;

/**
 * The score of a pair as a distribution over the two grades that it lies between (Tai et al. 2015, equation 16); all zeros
 * where there is none.
 *
 * @param relatedness 1 to 5
 */
export function gradesOf(relatedness: number | undefined): number[] {
  return GRADES.map((grade) =>
    relatedness === undefined ? 0 : Math.max(0, 1 - Math.abs(relatedness - grade)),
  );
}

/** How related two sentences are, as the expectation over grades (Tai et al. 2015, section 4.2). */
export class Relatedness extends Module {
  private readonly output: Linear;

  /** @param width of the features that it is read from */
  constructor(width: number, random: () => number) {
    super(random);
    this.output = this.child('output', new Linear(width, GRADES.length, random));
  }

  /** @param features [B, width] @returns [B], each 1 to 5 */
  apply(features: Tensor2D): Tensor1D {
    return tf.sum(tf.mul(tf.softmax(this.output.apply(features)), tf.tensor1d([...GRADES])), 1);
  }

  /** Cross-entropy, summed over the pairs that have a score, over the number of all, in nats. @param grades [B, 5], see `gradesOf` */
  loss(features: Tensor2D, grades: Tensor2D): Scalar {
    const [batch] = features.shape;
    return tf.div(tf.neg(tf.sum(tf.mul(grades, tf.logSoftmax(this.output.apply(features))))), batch);
  }
}
