import { randomSource } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { gaussian } from '../../src/gaussian.js';

/** Standard normal values that depend on the seed alone. */
export function normalTensor(shape: readonly number[], seed: number): tf.Tensor {
  const random = randomSource(seed);
  const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => gaussian(random));
  return tf.tensor(values, [...shape]);
}

/** The largest difference between two tensors, relative to the largest magnitude or 1. */
function difference(actual: tf.Tensor, expected: tf.Tensor): number {
  expect(actual.shape).toEqual(expected.shape);
  const [a, b] = [actual.dataSync(), expected.dataSync()];
  let [largest, scale] = [0, 1];
  for (let i = 0; i < b.length; i++) {
    const [x, y] = [a[i] as number, b[i] as number];
    if (!Number.isFinite(x) || !Number.isFinite(y)) return Number.POSITIVE_INFINITY;
    largest = Math.max(largest, Math.abs(x - y));
    scale = Math.max(scale, Math.abs(y));
  }
  return largest / scale;
}

export function expectNear(
  actual: Readonly<Record<string, tf.Tensor>>,
  expected: Readonly<Record<string, tf.Tensor>>,
  tolerance: number,
): void {
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const [name, tensor] of Object.entries(actual)) {
    expect(difference(tensor, expected[name] as tf.Tensor), name).toBeLessThanOrEqual(tolerance);
  }
}
