import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

const STEP = 1e-2;

/** Compares the gradient of `loss` at `x` with differences, value by value. */
export function expectGradient(loss: (x: tf.Tensor) => tf.Scalar, x: tf.Tensor, tolerance = 2e-3): void {
  const values = [...x.dataSync()];
  const at = (i: number, by: number) => {
    const shifted = values.map((value, k) => (k === i ? value + by : value));
    return loss(tf.tensor(shifted, x.shape)).dataSync()[0] as number;
  };
  const exact = tf.grad(loss)(x).dataSync();
  values.forEach((_, i) => {
    const numeric = (at(i, STEP) - at(i, -STEP)) / (2 * STEP);
    expect(Math.abs((exact[i] as number) - numeric), `${i}: ${exact[i]} and ${numeric}`).toBeLessThan(
      tolerance,
    );
  });
  expect(Math.max(...exact.map(Math.abs))).toBeGreaterThan(10 * tolerance);
}
