import { useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { maxout } from '../src/decoders/maxout.js';

beforeAll(async () => void (await useBackend()));

it('maxout takes the larger of two units, one of either half', () => {
  const x = tf.tensor2d([
    [1, 5, -3, 2, 4, -7],
    [0.5, -1, 8, -0.5, 1, 9],
  ]);
  expect(maxout(x).arraySync()).toEqual([
    [2, 5, -3],
    [0.5, 1, 9],
  ]);
});

it('maxout sends the gradient to the larger unit alone', () => {
  const x = tf.tensor2d([[1, 5, -3, 2, 4, -7]]);
  const gradient = tf.grad((z) => tf.sum(tf.mul(maxout(z as tf.Tensor2D), tf.tensor2d([[10, 20, 30]]))))(x);
  expect(gradient.arraySync()).toEqual([[0, 20, 30, 10, 0, 0]]);
});
