import { randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Attention, createAttention, type ScoreKind } from '../../src/index.js';
import { attentionContract } from './attention-contract.js';
import { normalTensor } from './numerics.js';
import { SIZES, type Subject } from './subject.js';

beforeAll(async () => void (await useBackend()));

const WIDTHS = {
  additive: { queryWidth: 6, valueWidth: 7, units: 8 },
  dot: { queryWidth: 7, valueWidth: 7, units: 8 },
} as const;

function subject(score: ScoreKind): Subject<Attention> {
  const { queryWidth, valueWidth } = WIDTHS[score];
  return {
    name: `${score} attention`,
    make: (random) => createAttention({ score, ...WIDTHS[score] }, random),
    inputs: { query: ['B', queryWidth], values: ['B', 'S', valueWidth], mask: ['B', 'S'] },
    outputs: { context: ['B', valueWidth], weights: ['B', 'S'] },
    run: (attention, { query, values, mask }) => ({
      ...attention.attend(query as tf.Tensor2D, attention.memory(values as tf.Tensor3D, mask as tf.Tensor2D)),
    }),
  };
}

const scores = ['additive', 'dot'] as const;
for (const score of scores) attentionContract(subject(score));

describe('attention', () => {
  for (const score of scores) {
    const { queryWidth, valueWidth } = WIDTHS[score];
    const { B, S } = SIZES;

    it(`by ${score} names the row that has nothing to attend to`, () => {
      const attention = subject(score).make(randomSource(1));
      const mask = tf.tensor2d(
        [
          [1, 1, 1, 1, 1],
          [0, 0, 0, 0, 1],
          [0, 0, 0, 0, 0],
          [0, 0, 0, 0, 0],
        ],
        [B, S],
        'bool',
      );
      expect(() => attention.memory(tf.zeros([B, S, valueWidth]), mask)).toThrow(
        'row 2 of the memory has nothing to attend to',
      );
      attention.dispose();
    });

    it(`by ${score} keeps to the mask where the scores are extreme`, () => {
      const attention = subject(score).make(randomSource(1));
      const values = tf.mul(normalTensor([B, S, valueWidth], 1), 1e6) as tf.Tensor3D;
      const mask = tf.tensor2d(
        Array.from({ length: B * S }, (_, i) => (i % S === 1 || i % S === 4 ? 1 : 0)),
        [B, S],
        'bool',
      );
      const { weights, context } = attention.attend(
        normalTensor([B, queryWidth], 2) as tf.Tensor2D,
        attention.memory(values, mask),
      );
      for (const row of weights.arraySync()) {
        expect([row[0], row[2], row[3]]).toEqual([0, 0, 0]);
        expect((row[1] as number) + (row[4] as number)).toBeCloseTo(1, 6);
      }
      expect(context.dataSync().every(Number.isFinite)).toBe(true);
      attention.dispose();
    });
  }

  it('by dot refuses a query of another width than the values', () => {
    const make = () =>
      createAttention({ score: 'dot', queryWidth: 3, valueWidth: 4, units: 5 }, randomSource(1));
    expect(make).toThrow('they are 3 and 4 wide');
  });

  it('gives all of its weight to the one place that there is, and the place as context', () => {
    const attention = subject('additive').make(randomSource(1));
    const values = normalTensor([2, 3, 7], 3) as tf.Tensor3D;
    const mask = tf.tensor2d(
      [
        [0, 1, 0],
        [0, 0, 1],
      ],
      [2, 3],
      'bool',
    );
    const { weights, context } = attention.attend(
      normalTensor([2, 6], 4) as tf.Tensor2D,
      attention.memory(values, mask),
    );
    expect(weights.arraySync()).toEqual([
      [0, 1, 0],
      [0, 0, 1],
    ]);
    const [first, second] = values.arraySync();
    expect(context.arraySync()).toEqual([first?.[1], second?.[2]]);
    attention.dispose();
  });
});
