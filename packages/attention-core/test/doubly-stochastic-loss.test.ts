import { useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { doublyStochasticLoss } from '../src/index.js';
import {
  disturbed,
  SENTENCES,
  SOURCE_MASK,
  someScores,
  sourceMask,
  TARGET_MASK,
  targetMask,
  weightsOf,
} from './attention-weights.js';
import { expectGradient } from './numeric-gradient.js';

beforeAll(async () => void (await useBackend()));

const loss = (weights: tf.Tensor3D) => doublyStochasticLoss(weights, targetMask(), sourceMask());

describe('doublyStochasticLoss', () => {
  it('is the squared distance of the sums over the words from 1', () => {
    const weights = weightsOf(someScores());
    const values = weights.arraySync();
    let expected = 0;
    SOURCE_MASK.forEach((places, n) => {
      places.forEach((isPlace, i) => {
        const sum = values.reduce(
          (total, word, t) => total + (word[n]?.[i] ?? Number.NaN) * (TARGET_MASK[t]?.[n] ?? Number.NaN),
          0,
        );
        if (isPlace) expected += (1 - sum) ** 2 / SENTENCES;
      });
    });
    expect(loss(weights).dataSync()[0]).toBeCloseTo(expected, 5);
    expect(loss(disturbed(weights)).dataSync()[0]).toBeCloseTo(expected, 5);
  });

  it('is 0 where each place was looked at once', () => {
    const weights = tf.tensor3d([1, 0, 0, 0, 1, 0, 0, 0, 1], [3, 1, 3]);
    const ones = tf.ones<tf.Rank.R2>([3, 1]);
    expect(doublyStochasticLoss(weights, ones, tf.ones([1, 3])).dataSync()[0]).toBe(0);
  });

  it('has the gradient of its differences', () => {
    expectGradient((scores) => loss(weightsOf(scores)), someScores());
  });
});
