import { randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { Attention, DotScore, PreviousWindow } from '../src/index.js';

beforeAll(async () => void (await useBackend()));

test.each(['median', 'expected'] as const)(
  'a window around the %s begins at the first place, and then moves from where it looked',
  async (center) => {
    const random = randomSource(1);
    const attention = new Attention(
      {
        score: new DotScore({ queryWidth: 3, valueWidth: 3 }, random),
        window: new PreviousWindow({ reach: 2, center }, random),
      },
      random,
    );
    const values = tf.randomNormal<tf.Rank.R3>([1, 12, 3], 0, 1, 'float32', 1);
    const memory = attention.memory(values, tf.ones([1, 12], 'bool'));
    const query = tf.zeros<tf.Rank.R2>([1, 3]);
    const seen: number[][] = [];
    let state = attention.initialState(memory)!;
    for (let step = 0; step < 2; step++) {
      const attended = attention.attend(query, memory, { state });
      const weights = Array.from(await attended.weights.data());
      seen.push(weights.flatMap((weight, place) => (weight > 0 ? [place] : [])));
      state = attended.state!;
    }
    // All places in a window score alike: it looks at 0, 1 and 2, of which 1 is the middle.
    expect(seen).toEqual([
      [0, 1, 2],
      [0, 1, 2, 3],
    ]);
  },
);

test.each(['median', 'expected'] as const)(
  'the %s of weights that sum to less than 1 is their own',
  (center) => {
    const window = new PreviousWindow({ reach: 1, center }, randomSource(1));
    const values = tf.zeros<tf.Rank.R3>([1, 6, 2]);
    const memory = { values, keys: values, mask: tf.ones<tf.Rank.R2>([1, 6], 'bool') };
    const weights = tf.tensor2d([[0, 0, 0, 0.3, 0, 0]]);
    const state = { weights, coverage: weights, steps: tf.ones<tf.Rank.R2>([1, 1]) };
    const { mask } = window.apply(tf.zeros<tf.Rank.R2>([1, 2]), memory, state);
    expect([...mask.dataSync()]).toEqual([0, 0, 1, 1, 1, 0]);
  },
);
