import { useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { coverageLoss } from '../src/index.js';
import {
  disturbed,
  PLACES,
  SENTENCES,
  someScores,
  TARGET_MASK,
  targetMask,
  weightsOf,
} from './attention-weights.js';
import { expectGradient } from './numeric-gradient.js';

beforeAll(async () => void (await useBackend()));

const loss = (weights: tf.Tensor3D) => coverageLoss(weights, targetMask());

describe('coverageLoss', () => {
  it('is the overlap of a word with all words before it', () => {
    const weights = weightsOf(someScores());
    const values = weights.arraySync();
    let [sum, count] = [0, 0];
    for (let n = 0; n < SENTENCES; n++) {
      const coverage = new Array<number>(PLACES).fill(0);
      for (const [t, word] of values.entries()) {
        if (!TARGET_MASK[t]?.[n]) continue;
        count++;
        word[n]?.forEach((weight, i) => {
          sum += Math.min(weight, coverage[i] as number);
          coverage[i] = (coverage[i] as number) + weight;
        });
      }
    }
    expect(loss(weights).dataSync()[0]).toBeCloseTo(sum / count, 6);
    expect(loss(disturbed(weights)).dataSync()[0]).toBeCloseTo(sum / count, 6);
  });

  it('is 0 where no place is looked at twice, and counts a place that is looked at again', () => {
    const ones = tf.ones<tf.Rank.R2>([2, 1]);
    expect(coverageLoss(tf.tensor3d([1, 0, 0, 1], [2, 1, 2]), ones).dataSync()[0]).toBe(0);
    expect(coverageLoss(tf.tensor3d([1, 0, 1, 0], [2, 1, 2]), ones).dataSync()[0]).toBe(0.5);
  });

  it('has the gradient of its differences', () => {
    expectGradient((scores) => loss(weightsOf(scores)), someScores());
  });
});
