import { compile, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { MovingBaseline } from '../src/index.js';

beforeAll(async () => void (await useBackend()));

it('MovingBaseline moves by a tenth of the way to the mean reward', () => {
  const level = tf.memory().numTensors;
  const baseline = new MovingBaseline();
  expect(baseline.value.dataSync()[0]).toBe(0);
  const rewards = tf.tensor1d([-1, -3]);
  baseline.update(rewards);
  expect(baseline.value.dataSync()[0]).toBeCloseTo(-0.2, 6);
  baseline.update(rewards);
  expect(baseline.value.dataSync()[0]).toBeCloseTo(-0.38, 6);
  rewards.dispose();
  baseline.dispose();
  expect(tf.memory().numTensors).toBe(level);
});

it('MovingBaseline moves inside of a compiled function too', () => {
  const baseline = new MovingBaseline(0.5);
  const advantage = compile((rewards: tf.Tensor1D) => {
    const result = tf.sub(rewards, baseline.value);
    baseline.update(rewards);
    return result;
  });
  const values = [2, 2, 2].map((reward) => advantage(tf.tensor1d([reward])).dataSync()[0]);
  expect(values).toEqual([2, 1, 0.5]);
  advantage.dispose();
  baseline.dispose();
});
