import { randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { Linear } from '../src/index.js';

beforeAll(async () => void (await useBackend()));

function make(bias: boolean): Linear {
  const linear = new Linear(3, 2, randomSource(1), { bias });
  const parameters = linear.namedParameters();
  parameters.get('kernel')?.assign(
    tf.tensor2d([
      [1, 2],
      [10, 20],
      [100, 200],
    ]),
  );
  parameters.get('bias')?.assign(tf.tensor1d([0.5, -0.5]));
  return linear;
}

it('Linear maps the last axis, at any rank', () => {
  const linear = make(true);
  expect(linear.apply(tf.tensor1d([1, 2, 3])).arraySync()).toEqual([321.5, 641.5]);
  expect(
    linear
      .apply(
        tf.tensor2d([
          [1, 2, 3],
          [0, 0, 1],
        ]),
      )
      .arraySync(),
  ).toEqual([
    [321.5, 641.5],
    [100.5, 199.5],
  ]);
  const deep = linear.apply(tf.tensor4d([1, 2, 3, 0, 0, 1, 0, 1, 0, 1, 0, 0], [2, 1, 2, 3]));
  expect(deep.arraySync()).toEqual([
    [
      [
        [321.5, 641.5],
        [100.5, 199.5],
      ],
    ],
    [
      [
        [10.5, 19.5],
        [1.5, 1.5],
      ],
    ],
  ]);
  linear.dispose();
});

it('Linear has no bias where none is asked for', () => {
  const linear = make(false);
  expect([...linear.namedParameters().keys()]).toEqual(['kernel']);
  expect(linear.apply(tf.tensor2d([[1, 2, 3]])).arraySync()).toEqual([[321, 642]]);
  linear.dispose();
});
