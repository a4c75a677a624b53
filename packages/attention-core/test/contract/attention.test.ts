import { randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Attention, createAttention, type ScoreKind } from '../../src/index.js';
import { attentionContract } from './attention-contract.js';
import { expectNear, normalTensor } from './numerics.js';
import { SIZES, type Subject } from './subject.js';

beforeAll(async () => void (await useBackend()));

const WIDTHS = {
  additive: { queryWidth: 6, valueWidth: 7, units: 8 },
  dot: { queryWidth: 7, valueWidth: 7, units: 8 },
  location: { queryWidth: 6, valueWidth: 7, units: 8, location: { filters: 3, width: 5 } },
} as const;

function subject(score: ScoreKind): Subject<Attention> {
  const { queryWidth, valueWidth } = WIDTHS[score];
  return {
    name: `${score} attention`,
    make: (random) => createAttention({ score, ...WIDTHS[score] }, random),
    inputs: {
      query: ['B', queryWidth],
      values: ['B', 'S', valueWidth],
      ...(score === 'location' && { last: ['B', 'S'] as const }),
      mask: ['B', 'S'],
    },
    outputs: { context: ['B', valueWidth], weights: ['B', 'S'] },
    run(attention, { query, values, mask, last }) {
      const memory = attention.memory(values as tf.Tensor3D, mask as tf.Tensor2D);
      const alignment = last && { last: tf.mul(last, mask as tf.Tensor) as tf.Tensor2D };
      const { context, weights } = attention.attend(query as tf.Tensor2D, memory, alignment);
      return { context, weights };
    },
  };
}

const scores = ['additive', 'dot', 'location'] as const;
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
      const memory = attention.memory(values, mask);
      const { weights, context } = attention.attend(
        normalTensor([B, queryWidth], 2) as tf.Tensor2D,
        memory,
        attention.initialAlignment(memory),
      );
      for (const row of weights.arraySync()) {
        expect([row[0], row[2], row[3]]).toEqual([0, 0, 0]);
        expect((row[1] as number) + (row[4] as number)).toBeCloseTo(1, 6);
      }
      expect(context.dataSync().every(Number.isFinite)).toBe(true);
      attention.dispose();
    });
  }

  for (const score of scores) {
    it(`by ${score} gives several queries of a row what each gets alone`, () => {
      const { queryWidth, valueWidth } = WIDTHS[score];
      const [B, K, S] = [2, 3, 4];
      const attention = subject(score).make(randomSource(1));
      const mask = tf.tensor2d([1, 1, 0, 1, 1, 1, 1, 0], [B, S], 'bool');
      const memory = attention.memory(normalTensor([B, S, valueWidth], 5) as tf.Tensor3D, mask);
      const queries = normalTensor([B * K, queryWidth], 6) as tf.Tensor2D;
      const last = tf.softmax(normalTensor([B * K, S], 7)) as tf.Tensor2D;
      const together = attention.attend(queries, memory, { last });
      for (let row = 0; row < B * K; row++) {
        const pick = <T extends tf.Tensor>(tensor: T, at: number) => tf.gather(tensor, [at]) as T;
        const b = Math.floor(row / K);
        const own = {
          values: pick(memory.values, b),
          keys: pick(memory.keys, b),
          mask: tf.cast(pick(tf.cast(mask, 'int32'), b), 'bool'),
        };
        const alone = attention.attend(pick(queries, row), own, { last: pick(last, row) });
        expectNear({ weights: pick(together.weights, row) }, { weights: alone.weights }, 1e-6);
        expectNear({ context: pick(together.context, row) }, { context: alone.context }, 1e-6);
      }
      attention.dispose();
    });
  }

  it('by location equals equations 8 and 9 of Chorowski et al. 2015, written out', () => {
    const options = { score: 'location', queryWidth: 2, valueWidth: 2, units: 3 } as const;
    const attention = createAttention({ ...options, location: { filters: 2, width: 3 } }, randomSource(3));
    const parameters = attention.namedParameters();
    const of = (name: string) => parameters.get(`score.${name}`) as tf.Variable;
    const last = [0.1, 0.2, 0.3, 0.4];
    const memory = attention.memory(tf.zeros([1, 4, 2]), tf.ones([1, 4], 'bool'));
    const { weights } = attention.attend(tf.zeros([1, 2]), memory, { last: tf.tensor2d([last]) });
    const [filters, location, v] = ['filters', 'location', 'v'].map((name) => of(name).arraySync()) as [
      number[][],
      number[][],
      number[][],
    ];
    // f_j = Σ_w F_w α_{j+w-1}, e_j = v · tanh(L f_j): query and values are zero here.
    const scores = last.map((_, j) => {
      const f = [0, 1].map((c) =>
        [0, 1, 2].reduce((sum, w) => sum + (filters[w]?.[c] as number) * (last[j + w - 1] ?? 0), 0),
      );
      return v.reduce((sum, [weight], u) => {
        const inner = f.reduce((inside, value, c) => inside + value * (location[c]?.[u] as number), 0);
        return sum + (weight as number) * Math.tanh(inner);
      }, 0);
    });
    expectNear({ weights }, { weights: tf.softmax(tf.tensor2d([scores])) }, 1e-6);
    attention.dispose();
  });

  it('by location refuses an even width, and to be without its filters or its alignment', () => {
    const options = { score: 'location', queryWidth: 2, valueWidth: 2, units: 3 } as const;
    expect(() => createAttention(options, randomSource(1))).toThrow('number and the width of its filters');
    const even = { ...options, location: { filters: 1, width: 4 } };
    expect(() => createAttention(even, randomSource(1))).toThrow('odd width, got 4');
    const attention = subject('location').make(randomSource(1));
    const memory = attention.memory(tf.zeros([1, 2, 7]), tf.ones([1, 2], 'bool'));
    expect(() => attention.attend(tf.zeros([1, 6]), memory)).toThrow('alignment of the step before');
    attention.dispose();
  });

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
