import { Linear } from '@heed/attention-core';
import { randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { adam, createTrainingStep, type TrainingStepOptions } from '../src/index.js';

beforeAll(async () => void (await useBackend()));

const LIMIT = 0.8;
const options: TrainingStepOptions = {
  optimizer: { kind: 'sgd', momentum: 0 },
  clip: 100,
  columnNorm: LIMIT,
  eager: false,
};

/** The kernel after a few steps towards outputs that are large. */
function trained(changes: Partial<TrainingStepOptions>): { kernel: number[][]; bias: number[] } {
  return tf.tidy(() => {
    const model = new Linear(3, 2, randomSource(1));
    const objective = {
      model,
      sizes: { x: ['N', 3] },
      loss: ({ x }: { x: tf.Tensor2D }) =>
        tf.mean(tf.square(tf.sub(model.apply(x), tf.tensor1d([9, 0])))) as tf.Scalar,
    };
    const step = createTrainingStep(objective, { ...options, ...changes });
    const x = tf.tensor2d([1, 2, 0, 0, 1, 1], [2, 3]);
    for (let n = 1; n <= 4; n++) step({ x }, { learningRate: 0.1, step: n, seed: 1 });
    step.pull();
    const [kernel, bias] = model.parameters();
    const result = { kernel: kernel?.arraySync() as number[][], bias: bias?.arraySync() as number[] };
    step.dispose();
    model.dispose();
    return result;
  });
}

const norms = ({ kernel }: { kernel: number[][] }) =>
  [0, 1].map((column) => Math.hypot(...kernel.map((row) => row[column] as number)));

test('what goes into a unit stays as large as it may be, in one graph as op by op; biases are free', () => {
  const [free, bound, eager] = [trained({ columnNorm: 100 }), trained({}), trained({ eager: true })];
  expect(norms(free)[0]).toBeGreaterThan(2 * LIMIT);
  expect(norms(bound)[0]).toBeCloseTo(LIMIT, 5);
  expect(norms(bound)[1]).toBeLessThanOrEqual(LIMIT + 1e-6);
  expect(bound.bias[0]).toBeGreaterThan(LIMIT);
  bound.kernel
    .flat()
    .forEach((value, i) => void expect(value).toBeCloseTo(eager.kernel.flat()[i] as number, 5));
});

test('a column that is small enough is left as it is', () => {
  const [loose, none] = [trained({ columnNorm: 50 }), trained({ columnNorm: 100 })];
  expect(loose.kernel).toEqual(none.kernel);
});

test('Adam, which works in place, is refused', () => {
  expect(() => trained({ optimizer: adam })).toThrow(/columnNorm: Adam does not keep to it/);
});
