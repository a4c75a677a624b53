import { useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { concatenateSteps } from '../src/index.js';

beforeAll(async () => void (await useBackend()));

it('concatenateSteps puts steps side by side, and rounds lengths up', () => {
  // Five steps of three rows; the second has three of them, the third none at the end and a hole.
  const inputs = tf.reshape(tf.range(1, 31), [5, 3, 2]) as tf.Tensor3D;
  const mask = tf.tensor3d(
    [
      [1, 1, 1],
      [1, 1, 0],
      [1, 1, 0],
      [1, 0, 0],
      [1, 0, 1],
    ].map((row) => row.map((valid) => [valid])),
    [5, 3, 1],
    'bool',
  );
  const { outputs, mask: fewer } = concatenateSteps(inputs, mask, 2);
  expect(outputs.arraySync()).toEqual([
    [
      [1, 2, 7, 8],
      [3, 4, 9, 10],
      [5, 6, 0, 0],
    ],
    [
      [13, 14, 19, 20],
      [15, 16, 0, 0],
      [0, 0, 0, 0],
    ],
    [
      [25, 26, 0, 0],
      [0, 0, 0, 0],
      [29, 30, 0, 0],
    ],
  ]);
  expect(fewer.dtype).toBe('bool');
  expect(fewer.arraySync()).toEqual([
    [[1], [1], [1]],
    [[1], [1], [0]],
    [[1], [0], [1]],
  ]);
});
