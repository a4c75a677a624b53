import { randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { ElmanCell } from '../src/index.js';
import { normalTensor } from './contract/numerics.js';

beforeAll(async () => void (await useBackend()));

it('ElmanCell is a logistic layer over the input and the state', () => {
  const [batch, inputs, units] = [2, 3, 4];
  const cell = new ElmanCell(inputs, units, randomSource(1));
  const values = Object.fromEntries(
    [...cell.namedParameters()].map(([name, variable]) => [name, variable.arraySync()]),
  ) as { 'input.kernel': number[][]; 'input.bias': number[]; recurrent_kernel: number[][] };
  const x = normalTensor([batch, inputs], 1) as tf.Tensor2D;
  const state = cell.stateFrom(normalTensor([batch, units], 2) as tf.Tensor2D);
  const { hidden } = cell.step(cell.project(x), state);
  const [given, before] = [x.arraySync(), state.hidden.arraySync()];
  const product = (row: number[], matrix: number[][], unit: number) =>
    row.reduce((sum, value, i) => sum + value * (matrix[i]?.[unit] as number), 0);
  hidden.arraySync().forEach((row, b) => {
    row.forEach((value, unit) => {
      const sum =
        product(given[b] as number[], values['input.kernel'], unit) +
        product(before[b] as number[], values.recurrent_kernel, unit) +
        (values['input.bias'][unit] as number);
      expect(value).toBeCloseTo(1 / (1 + Math.exp(-sum)), 5);
    });
  });
  expect(tf.max(tf.abs(cell.zeroState(3).hidden)).arraySync()).toBe(0);
  cell.dispose();
});
