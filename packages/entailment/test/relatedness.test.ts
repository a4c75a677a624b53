import { randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { gradesOf, Relatedness } from '../src/relatedness.js';

beforeAll(async () => void (await useBackend()));

test('a score is a distribution over the two grades beside it, whose expectation it is', () => {
  expect(gradesOf(3)).toEqual([0, 0, 1, 0, 0]);
  expect(gradesOf(undefined)).toEqual([0, 0, 0, 0, 0]);
  fc.assert(
    fc.property(fc.double({ min: 1, max: 5, noNaN: true }), (score) => {
      const grades = gradesOf(score);
      expect(grades.filter((share) => share > 0).length).toBeLessThanOrEqual(2);
      expect(grades.reduce((sum, share) => sum + share)).toBeCloseTo(1, 9);
      expect(grades.reduce((sum, share, i) => sum + share * (i + 1), 0)).toBeCloseTo(score, 9);
    }),
  );
});

test('it learns scores, and pairs without one do not count', () => {
  const before = tf.memory().numTensors;
  const head = new Relatedness(2, randomSource(1));
  tf.tidy(() => {
    const features = tf.tensor2d([
      [1, 0],
      [0, 1],
      [1, 1],
    ]);
    const grades = tf.tensor2d([1.4, 4.8, undefined].map(gradesOf));
    const optimizer = tf.train.adam(0.1);
    const loss = () => head.loss(features, grades);
    for (let step = 0; step < 300; step++) optimizer.minimize(loss);
    const [low, high] = head.apply(features).arraySync() as [number, number, number];
    expect(low).toBeCloseTo(1.4, 1);
    expect(high).toBeCloseTo(4.8, 1);
    const two = head.loss(features.slice([0, 0], [2, 2]), grades.slice([0, 0], [2, 5]) as tf.Tensor2D);
    expect((loss().dataSync()[0] as number) * 3).toBeCloseTo((two.dataSync()[0] as number) * 2, 5);
    optimizer.dispose();
  });
  head.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
