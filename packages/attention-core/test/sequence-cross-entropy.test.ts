import { useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { sequenceCrossEntropy } from '../src/index.js';

beforeAll(async () => void (await useBackend()));

const LOGITS = [
  [1, 2, 0.5],
  [-1, 0, 3],
  [9, -9, 9],
  [0, 0, 0],
];
const TARGETS = [1, 0, 2, 2];
const MASK = [1, 1, 0, 1];

function reference(smoothing: number): number {
  const losses = LOGITS.map((row, i) => {
    const sum = Math.log(row.reduce((total, z) => total + Math.exp(z), 0));
    return -row.reduce(
      (total, z, k) => total + (z - sum) * ((k === TARGETS[i] ? 1 - smoothing : 0) + smoothing / row.length),
      0,
    );
  });
  return losses.reduce((total, loss, i) => total + loss * (MASK[i] as number), 0) / 3;
}

describe('sequenceCrossEntropy', () => {
  const loss = (logits: tf.Tensor, smoothing?: number) =>
    sequenceCrossEntropy(logits as tf.Tensor2D, tf.tensor1d(TARGETS, 'int32'), tf.tensor1d(MASK), smoothing);

  for (const smoothing of [0, 0.1]) {
    it(`is the mean over the tokens that are not padding, smoothing ${smoothing}`, () => {
      expect(loss(tf.tensor2d(LOGITS), smoothing).dataSync()[0]).toBeCloseTo(reference(smoothing), 5);
    });
  }

  it('is the logarithm of the number of classes where all are alike', () => {
    expect(loss(tf.zeros([4, 3])).dataSync()[0]).toBeCloseTo(Math.log(3), 6);
  });

  it('gives no gradient to padding', () => {
    const rows = tf
      .grad((logits) => loss(logits, 0.1))(tf.tensor2d(LOGITS))
      .arraySync() as number[][];
    expect(rows[2]?.map(Math.abs)).toEqual([0, 0, 0]);
    expect(rows[0]?.reduce((a, b) => a + b)).toBeCloseTo(0, 6);
    expect(rows[0]?.[1]).toBeLessThan(-0.05);
  });
});
