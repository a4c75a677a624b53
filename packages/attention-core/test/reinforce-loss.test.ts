import { useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { reinforceLoss } from '../src/index.js';
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

/** Which of four places each of three words of two sentences looks at. */
const DRAWN = [
  [2, 0],
  [0, 1],
  [3, 2],
];
const REWARDS = [-3, -1.5];
const BASELINE = -2;
const ENTROPY = 0.3;

const loss = (distribution: tf.Tensor3D) =>
  reinforceLoss({
    weights: tf.cast(tf.oneHot(tf.tensor2d(DRAWN, undefined, 'int32'), PLACES), 'float32') as tf.Tensor3D,
    distribution,
    targetMask: targetMask(),
    rewards: tf.tensor1d(REWARDS),
    baseline: tf.scalar(BASELINE),
    entropy: ENTROPY,
  });

describe('reinforceLoss', () => {
  it('weighs what was drawn by how much better than expected it was, less the entropy', () => {
    const distribution = weightsOf(someScores());
    const values = distribution.arraySync();
    let expected = 0;
    DRAWN.forEach((places, t) => {
      places.forEach((place, n) => {
        if (!TARGET_MASK[t]?.[n]) return;
        const row = values[t]?.[n] ?? [];
        const entropy = row.reduce((sum, p) => sum - (p > 0 ? p * Math.log(p) : 0), 0);
        const advantage = (REWARDS[n] as number) - BASELINE;
        expected -= (advantage * Math.log(row[place] as number) + ENTROPY * entropy) / SENTENCES;
      });
    });
    expect(loss(distribution).dataSync()[0]).toBeCloseTo(expected, 5);
    expect(loss(disturbed(distribution)).dataSync()[0]).toBeCloseTo(expected, 5);
  });

  it('has the gradient of its differences', () => {
    expectGradient((scores) => loss(weightsOf(scores)), someScores());
  });

  it('gives no gradient to the rewards', () => {
    const distribution = weightsOf(someScores());
    const rewards = tf.tensor1d(REWARDS);
    const inputs = { weights: distribution, distribution, targetMask: targetMask(), rewards };
    const loss = () => reinforceLoss({ ...inputs, baseline: tf.scalar(0), entropy: 0 });
    const { grads } = tf.engine().gradients(loss, [rewards, distribution], undefined, true);
    expect(grads[0] ?? null).toBeNull();
    expect(tf.max(tf.abs(grads[1] as tf.Tensor)).dataSync()[0]).toBeGreaterThan(0);
  });

  it('estimates the gradient of the expected reward', () => {
    // One word, three places, a reward for each; the expectation over draws is taken exactly.
    const scores = tf.tensor3d([0.3, -0.5, 0.8], [1, 1, 3]);
    const rewards = [1, 4, -2];
    const probabilities = [...tf.softmax(scores).dataSync()];
    const gradients = rewards.map((reward, place) =>
      tf.grad((x) =>
        reinforceLoss({
          weights: tf.reshape(tf.cast(tf.oneHot(tf.tensor1d([place], 'int32'), 3), 'float32'), [1, 1, 3]),
          distribution: tf.softmax(x as tf.Tensor3D),
          targetMask: tf.ones([1, 1]),
          rewards: tf.tensor1d([reward]),
          baseline: tf.scalar(0.7),
          entropy: 0,
        }),
      )(scores),
    );
    const estimate = gradients.reduce(
      (sum, gradient, i) => tf.add(sum, tf.mul(gradient, probabilities[i] as number)),
      tf.zeros([1, 1, 3]),
    );
    const exact = tf.grad((x) => tf.sum(tf.mul(tf.softmax(x as tf.Tensor3D), rewards)))(scores);
    estimate.dataSync().forEach((value, i) => {
      expect(value).toBeCloseTo(-(exact.dataSync()[i] as number), 5);
    });
  });
});
