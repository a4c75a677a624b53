import { useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { copyTask } from '../src/learning/copy-task.js';
import { type LearningBudget, learn } from '../src/learning/learn.js';
import { learningMechanisms } from '../src/learning/mechanisms.js';
import { needleTask } from '../src/learning/needle-task.js';

beforeAll(async () => void (await useBackend()));

const mechanism = (name: string) => learningMechanisms.find((known) => known.name === name)!;
const tiny: LearningBudget = { steps: 4, batch: 8, learningRate: 3e-3, width: 8, heldOut: 6 };
const copy = copyTask({ symbols: 5, lengths: [2, 4] });

test('attention finds needles that a fixed vector loses, by the same training', async () => {
  const task = needleTask({ symbols: 16, lengths: [14, 18], needles: 6 });
  const budget: LearningBudget = { steps: 300, batch: 32, learningRate: 4e-3, width: 32, heldOut: 128 };
  const attending = await learn(task, mechanism('general'), { budget, seed: 1 });
  const fixed = await learn(task, mechanism('fixed-vector'), { budget, seed: 1 });
  expect(attending.heldOut).toBeGreaterThan(0.95);
  expect(fixed.heldOut).toBeLessThan(0.6);
});

test('what a mechanism learns depends on the seed alone, and nothing is left behind', async () => {
  const before = tf.memory().numTensors;
  const losses: number[] = [];
  const run = (seed: number) =>
    learn(copy, mechanism('monotonic'), {
      budget: tiny,
      seed,
      onStep: (_, loss) => void losses.push(loss),
    });
  const first = await run(1);
  expect(losses).toHaveLength(tiny.steps);
  expect(losses[0]).toBeLessThan(3);
  expect(losses.at(-1)).toBe(first.loss);
  for (const share of [first.heldOut, first.longer]) {
    expect([0, 1, 2, 3, 4, 5, 6]).toContain(Math.round((share as number) * 6e6) / 1e6);
  }
  expect(await run(1)).toEqual(first);
  expect((await run(2)).loss).not.toBe(first.loss);
  expect(tf.memory().numTensors).toBe(before);
});
