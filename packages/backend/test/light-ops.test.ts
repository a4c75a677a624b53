import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { compile, randomSource, useBackend } from '../src/index.js';

beforeAll(async () => void (await useBackend('node')));

describe('a softmax of many heads', () => {
  // As many numbers as the light one is for, one row less, and one more.
  const random = randomSource(7);
  const softmax = (x: tf.Tensor4D) => tf.softmax(x);
  const open = { sizes: [['B', 'H', 'K', 'S']] };

  for (const [name, options, halves] of [
    ['whole', open, false],
    ['in halves', { ...open, halves: { rows: 'B', atLeast: 2 } }, true],
  ] as const) {
    test(`is the same on both sides of the size at which its op changes, ${name}`, () => {
      const compiled = compile(softmax, options);
      for (const rows of [1, 64, 127, 128, 129, 256]) {
        tf.tidy(() => {
          const shape: [number, number, number, number] = [halves ? 2 * rows : rows, 4, 1, 16];
          const values = Float32Array.from(
            { length: tf.util.sizeFromShape(shape) },
            () => 40 * random() - 20,
          );
          values[3] = Number.NEGATIVE_INFINITY;
          const x = tf.tensor4d(values, shape);
          const [actual, expected] = [compiled(x), softmax(x)];
          expect(tf.max(tf.abs(tf.sub(actual, expected))).dataSync()[0]).toBeLessThan(1e-6);
          expect(tf.max(tf.abs(tf.sub(tf.sum(actual, 3), 1))).dataSync()[0]).toBeLessThan(1e-5);
        });
      }
      compiled.dispose();
    });
  }
});
