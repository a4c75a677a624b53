import { useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { guidedAlignmentLoss } from '../src/index.js';
import { disturbed, someScores, TARGET_MASK, targetMask, weightsOf } from './attention-weights.js';
import { expectGradient } from './numeric-gradient.js';

beforeAll(async () => void (await useBackend()));

/** Of three words, two sentences, four places: one link, two links, none. */
const ALIGNMENTS = [
  [
    [0, 1, 0, 0],
    [0.5, 0, 0.5, 0],
  ],
  [
    [0, 0, 0, 0],
    [0, 0, 1, 0],
  ],
  [
    [0, 0, 0.5, 0.5],
    [1, 0, 0, 0],
  ],
];

const loss = (weights: tf.Tensor3D) => guidedAlignmentLoss(weights, tf.tensor3d(ALIGNMENTS), targetMask());

describe('guidedAlignmentLoss', () => {
  it('is the cross-entropy of the weights with the alignments', () => {
    const weights = weightsOf(someScores());
    const values = weights.arraySync();
    let [sum, count] = [0, 0];
    ALIGNMENTS.forEach((sentences, t) => {
      sentences.forEach((links, n) => {
        if (!TARGET_MASK[t]?.[n]) return;
        count++;
        links.forEach((link, i) => {
          if (link > 0) sum -= link * Math.log(values[t]?.[n]?.[i] ?? Number.NaN);
        });
      });
    });
    expect(loss(weights).dataSync()[0]).toBeCloseTo(sum / count, 5);
    expect(loss(disturbed(weights)).dataSync()[0]).toBeCloseTo(sum / count, 5);
  });

  it('is finite where a link has no weight at all', () => {
    const weights = tf.tensor3d([0, 1], [1, 1, 2]);
    const value = (alignments: number[]) =>
      guidedAlignmentLoss(weights, tf.tensor3d(alignments, [1, 1, 2]), tf.ones([1, 1])).dataSync()[0];
    expect(value([1, 0])).toBeCloseTo(-Math.log(1e-9), 3);
    expect(value([0, 1])).toBeCloseTo(0, 6);
  });

  it('has the gradient of its differences', () => {
    expectGradient((scores) => loss(weightsOf(scores)), someScores());
  });
});
