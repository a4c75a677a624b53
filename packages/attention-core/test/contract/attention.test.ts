import { randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type AttendOptions,
  type AttentionMechanism,
  type AttentionOptions,
  type AttentionState,
  createAttention,
  type Memory,
  scoreKinds,
} from '../../src/index.js';
import { attentionContract } from './attention-contract.js';
import { expectNear, normalTensor } from './numerics.js';
import { SIZES, type Subject } from './subject.js';

beforeAll(async () => void (await useBackend()));

const WIDTHS = { queryWidth: 6, valueWidth: 7, units: 8 };
const LOCATION = { location: { filters: 3, width: 5 } };
type Options = Partial<AttentionOptions> & Pick<AttentionOptions, 'score'>;

/** A mechanism, given weights of the step before and twice them as what has been covered. */
function subject(options: Options): Subject<AttentionMechanism> {
  const equalWidths = options.score === 'dot' || options.score === 'scaledDot';
  const full = { ...WIDTHS, ...(equalWidths && { queryWidth: WIDTHS.valueWidth }), ...options };
  const { queryWidth, valueWidth, units, score, normalizer, temperature, window } = full;
  const parts = [score, window && `${window.kind} window`, normalizer, temperature && `at ${temperature}`];
  return {
    name: `${parts.filter(Boolean).join(', ')} attention`,
    make: (random) => createAttention(full, random),
    inputs: {
      query: ['B', queryWidth],
      values: ['B', 'S', valueWidth],
      last: ['B', 'S'],
      mask: ['B', 'S'],
    },
    outputs: { context: ['B', score === 'multiHead' ? units : valueWidth], weights: ['B', 'S'] },
    sumsBelowOne: normalizer === 'monotonic' || window?.kind === 'local-p',
    run(attention, { query, values, mask, last }) {
      const memory = attention.memory(values as tf.Tensor3D, mask as tf.Tensor2D);
      const shares = tf.mul(tf.sigmoid(last as tf.Tensor2D), mask as tf.Tensor);
      const weights: tf.Tensor2D = tf.div(shares, tf.sum(shares, 1, true));
      const state = {
        weights,
        coverage: tf.mul<tf.Tensor2D>(weights, 2),
        steps: tf.fill<tf.Rank.R2>([weights.shape[0], 1], 2),
      };
      const attended = attention.attend(query as tf.Tensor2D, memory, { state });
      return { context: attended.context, weights: attended.weights };
    },
  };
}

const scores = scoreKinds.map(
  (score): Options => ({
    score,
    ...(score === 'location' && LOCATION),
    ...(score === 'multiHead' && { heads: 2 }),
  }),
);
const others: Options[] = [
  { score: 'additive', normalizer: 'smoothing' },
  { score: 'additive', normalizer: 'sparsemax' },
  { score: 'additive', normalizer: 'hard' },
  { score: 'normalizedAdditive', normalizer: 'monotonic' },
  { score: 'dot', temperature: 0.5 },
  { score: 'location', ...LOCATION, window: { kind: 'previous', reach: 1, center: 'median' } },
  { score: 'general', window: { kind: 'previous', reach: 1.5, center: 'expected' }, normalizer: 'sparsemax' },
  { score: 'concat', window: { kind: 'local-m', reach: 1 } },
  { score: 'general', window: { kind: 'local-p', reach: 2 } },
];
for (const options of [...scores, ...others]) attentionContract(subject(options));

function stateOf(attention: AttentionMechanism, memory: Memory): AttendOptions {
  const state = attention.initialState(memory);
  return state ? { state } : {};
}

describe('attention', () => {
  for (const options of scores) {
    const { score } = options;
    const { valueWidth } = WIDTHS;
    const queryWidth = score === 'dot' || score === 'scaledDot' ? valueWidth : WIDTHS.queryWidth;
    const { B, S } = SIZES;

    it(`by ${score} names the row that has nothing to attend to`, () => {
      const attention = subject(options).make(randomSource(1));
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
      const attention = subject(options).make(randomSource(1));
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
        stateOf(attention, memory),
      );
      for (const row of weights.arraySync()) {
        expect([row[0], row[2], row[3]]).toEqual([0, 0, 0]);
        expect((row[1] as number) + (row[4] as number)).toBeCloseTo(1, 6);
      }
      expect(context.dataSync().every(Number.isFinite)).toBe(true);
      attention.dispose();
    });
  }

  for (const options of [...scores, ...others]) {
    it(`${subject(options).name} gives several queries of a row what each gets alone`, () => {
      const { inputs, make } = subject(options);
      const [B, K, S] = [2, 3, 4];
      const attention = make(randomSource(1));
      const mask = tf.tensor2d([1, 1, 0, 1, 1, 1, 1, 0], [B, S], 'bool');
      const memory = attention.memory(normalTensor([B, S, WIDTHS.valueWidth], 5) as tf.Tensor3D, mask);
      const queries = normalTensor([B * K, inputs.query?.[1] as number], 6) as tf.Tensor2D;
      const shares = tf.mul(
        tf.sigmoid(normalTensor([B * K, S], 7)),
        tf.reshape(tf.tile(mask, [1, K]), [B * K, S]),
      );
      const weights: tf.Tensor2D = tf.div(shares, tf.sum(shares, 1, true));
      const state = {
        weights,
        coverage: tf.mul<tf.Tensor2D>(weights, 3),
        steps: tf.ones<tf.Rank.R2>([B * K, 1]),
      };
      const together = attention.attend(queries, memory, { state });
      for (let row = 0; row < B * K; row++) {
        const pick = <T extends tf.Tensor>(tensor: T, at: number) => tf.gather(tensor, [at]) as T;
        const b = Math.floor(row / K);
        const own = {
          values: pick(memory.values, b),
          keys: pick(memory.keys, b),
          mask: tf.cast(pick(tf.cast(mask, 'int32'), b), 'bool'),
        };
        const alone = attention.attend(pick(queries, row), own, {
          state: {
            weights: pick(state.weights, row),
            coverage: pick(state.coverage, row),
            steps: pick(state.steps, row),
          },
        });
        expectNear({ weights: pick(together.weights, row) }, { weights: alone.weights }, 1e-6);
        expectNear({ context: pick(together.context, row) }, { context: alone.context }, 1e-6);
      }
      attention.dispose();
    });
  }

  it('by location equals equations 8 and 9 of Chorowski et al. 2015, written out', () => {
    const options = { score: 'location', queryWidth: 2, valueWidth: 2, units: 3 } as const;
    const attention = createAttention({ ...options, location: { filters: 2, width: 3 } }, randomSource(3));
    const of = (name: string) => attention.namedParameters().get(`score.${name}`)?.arraySync() as number[][];
    const last = [0.1, 0.2, 0.3, 0.4];
    const memory = attention.memory(tf.zeros([1, 4, 2]), tf.ones([1, 4], 'bool'));
    const even = attention.initialState(memory) as AttentionState;
    const { weights, state } = attention.attend(tf.zeros([1, 2]), memory, {
      state: { ...even, weights: tf.tensor2d([last]) },
    });
    const [filters, location, v] = [of('filters'), of('location'), of('v')];
    // f_j = Σ_w F_w α_{j+w-1}, e_j = v · tanh(L f_j): query and values are zero here.
    const expected = last.map((_, j) => {
      const f = [0, 1].map((c) =>
        [0, 1, 2].reduce((sum, w) => sum + (filters[w]?.[c] as number) * (last[j + w - 1] ?? 0), 0),
      );
      return v.reduce((sum, [weight], u) => {
        const inner = f.reduce((inside, value, c) => inside + value * (location[c]?.[u] as number), 0);
        return sum + (weight as number) * Math.tanh(inner);
      }, 0);
    });
    expectNear({ weights }, { weights: tf.softmax(tf.tensor2d([expected])) }, 1e-6);
    expectNear({ next: state?.weights as tf.Tensor }, { next: weights }, 0);
    attention.dispose();
  });

  it('by location refuses an even width, and to be without its filters or its state', () => {
    const options = { score: 'location', queryWidth: 6, valueWidth: 7, units: 3 } as const;
    expect(() => createAttention(options, randomSource(1))).toThrow('number and the width of its filters');
    const even = { ...options, location: { filters: 1, width: 4 } };
    expect(() => createAttention(even, randomSource(1))).toThrow('odd width, got 4');
    const attention = subject({ score: 'location', ...LOCATION }).make(randomSource(1));
    const memory = attention.memory(tf.zeros([1, 2, 7]), tf.ones([1, 2], 'bool'));
    expect(() => attention.attend(tf.zeros([1, 6]), memory)).toThrow('state of the step before');
    attention.dispose();
  });

  it('refuses names that it does not know, options that do nothing, and queries that no row has', () => {
    const options = { score: 'dot', queryWidth: 4, valueWidth: 4, units: 4 } as const;
    const make = (changes: object) => () => createAttention({ ...options, ...changes }, randomSource(1));
    expect(make({ score: 'dott' })).toThrow('there is no score "dott": expected additive, ');
    expect(make({ window: { kind: 'local', reach: 2 } })).toThrow(
      'no window "local": expected previous, local-m',
    );
    expect(make({ window: { kind: 'local-m', reach: -1 } })).toThrow('a reach of at least 0, got -1');
    expect(make({ score: 'multiHead', heads: 2, temperature: 2 })).toThrow('without a temperature');
    expect(make({ heads: 2 })).toThrow('heads belongs to the score multiHead, not to dot');
    expect(make({ score: 'coverage', ...LOCATION })).toThrow('location belongs to the score location');
    const attention = make({})();
    const memory = attention.memory(tf.zeros([2, 3, 4]), tf.ones([2, 3], 'bool'));
    expect(() => attention.attend(tf.zeros([3, 4]), memory)).toThrow(
      '3 queries for the 2 rows of the memory',
    );
  });

  it('by dot refuses a query of another width than the values', () => {
    const make = () =>
      createAttention({ score: 'dot', queryWidth: 3, valueWidth: 4, units: 5 }, randomSource(1));
    expect(make).toThrow('they are 3 and 4 wide');
  });

  it('gives all of its weight to the one place that there is, and the place as context', () => {
    const attention = subject({ score: 'additive' }).make(randomSource(1));
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
