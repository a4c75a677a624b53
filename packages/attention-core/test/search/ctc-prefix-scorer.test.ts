import { randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createBeamSearch, ctcPrefixScorer, ctcPrefixStart, withScorer } from '../../src/index.js';
import type { Scorer } from '../../src/search/with-scorer.js';

beforeAll(async () => void (await useBackend()));

/** Blank, begin, end, and three tokens. */
const [BLANK, BEGIN, END, VOCABULARY] = [0, 1, 2, 6];
const TOKENS = [3, 4, 5];
const FRAMES = [5, 3];
const STEPS = Math.max(...FRAMES);

const random = randomSource(3);
const values = Array.from({ length: STEPS * FRAMES.length * VOCABULARY }, () => 4 * random() - 2);
/** The same where some tokens cannot be. */
const withImpossible = values.map((value, i) => (i % 5 === 0 ? Number.NEGATIVE_INFINITY : value));
const logits = (of = values) => tf.tensor3d(of, [STEPS, FRAMES.length, VOCABULARY]);
const mask = () =>
  tf.tensor3d(
    Array.from({ length: STEPS }, (_, t) => FRAMES.map((frames) => [t < frames ? 1 : 0])),
    [STEPS, FRAMES.length, 1],
    'bool',
  );
const collapse = (path: readonly number[]) =>
  path.filter((token, t) => token !== BLANK && token !== path[t - 1]);

/** How probable each sequence of tokens is, by all paths of a row. */
function sequences(row: number, of = values): Map<string, number> {
  const found = new Map<string, number>();
  const table = tf.logSoftmax(logits(of)).arraySync();
  const frames = FRAMES[row] as number;
  for (let code = 0; code < VOCABULARY ** frames; code++) {
    const path = Array.from({ length: frames }, (_, t) => Math.floor(code / VOCABULARY ** t) % VOCABULARY);
    const total = path.reduce((sum, token, t) => sum + (table[t]?.[row]?.[token] as number), 0);
    const key = collapse(path).join();
    found.set(key, (found.get(key) ?? 0) + Math.exp(total));
  }
  return found;
}

/** Of all sequences that begin so. */
const prefixProbability = (all: ReadonlyMap<string, number>, prefix: readonly number[]): number =>
  [...all].reduce(
    (sum, [key, p]) => sum + (`${key},`.startsWith(prefix.length === 0 ? '' : `${prefix.join()},`) ? p : 0),
    0,
  );

const scorer = ctcPrefixScorer({ begin: BEGIN, end: END, blank: BLANK });

describe('ctcPrefixScorer', () => {
  it.each([
    ['', values],
    [', where tokens cannot be', withImpossible],
  ])(
    'gives of every prefix the shares of all sequences that begin with it, rows with fewer frames as well%s',
    (_, of) => {
      const { state, constants } = ctcPrefixStart(logits(of), mask(), BLANK);
      const prefixes = [[], [3], [3, 3], [5, 4], [4, 5, 4], [4, 4, 4]];
      const all = FRAMES.map((_, row) => sequences(row, of));
      for (const prefix of prefixes) {
        // Two beams a row, which go together.
        let now = Object.fromEntries(
          Object.entries(state).map(([name, part]) => [
            name,
            tf.reshape(tf.tile(tf.expandDims(part, 1), [1, 2, 1]), [4, -1]),
          ]),
        ) as unknown as typeof state;
        let scores = tf.zeros<tf.Rank.R2>([4, VOCABULARY]);
        for (const token of [BEGIN, ...prefix]) {
          const step = scorer(tf.fill([4], token, 'int32'), now, constants);
          now = step.state;
          scores = (step as unknown as { scores: tf.Tensor2D }).scores;
        }
        const table = scores.arraySync();
        FRAMES.forEach((frames, row) => {
          const found = all[row] as Map<string, number>;
          const whole = prefixProbability(found, prefix);
          if (whole === 0) return;
          expect(table[2 * row]).toEqual(table[2 * row + 1]);
          const expected = (probability: number) => Math.log(probability / whole);
          for (const token of TOKENS) {
            const probability = prefixProbability(found, [...prefix, token]);
            const score = table[2 * row]?.[token] as number;
            if (probability === 0) expect(score, `${prefix} ${token} of ${frames}`).toBeLessThan(-60);
            else expect(score).toBeCloseTo(expected(probability), 3);
          }
          const ended = found.get(prefix.join()) ?? 0;
          if (ended > 0) expect(table[2 * row]?.[END]).toBeCloseTo(expected(ended), 3);
          else expect(table[2 * row]?.[END]).toBeLessThan(-60);
          expect(table[2 * row]?.[BLANK]).toBeLessThan(-1e20);
        });
      }
    },
  );

  it('finds the best sequence where nothing else is asked, in one graph for all sizes', async () => {
    const alone: Scorer<Record<string, never>, Record<string, never>> = (tokens, state) => ({
      scores: tf.zeros([tokens.shape[0], VOCABULARY]),
      state,
    });
    const step = withScorer(
      (tokens, state: Record<string, never>, constants: Record<string, never>) => ({
        ...(alone(tokens, state, constants) as { scores: tf.Tensor2D; state: Record<string, never> }),
        weights: tf.zeros<tf.Rank.R2>([tokens.shape[0], 1]),
      }),
      scorer,
      1,
    );
    const wide = ['B', 'S'];
    const narrow = ['B', 1];
    const search = createBeamSearch(step, {
      begin: BEGIN,
      end: END,
      forbidden: [BLANK],
      beamSize: 40,
      sizes: {
        state: {
          step: {},
          scorer: { endsInToken: wide, endsInBlank: wide, whole: narrow, prefix: narrow, last: narrow },
        },
        constants: { step: {}, scorer: { logProbabilities: ['B', 'S', VOCABULARY] } },
      },
    });
    for (const rows of [[0, 1], [1]]) {
      const start = ctcPrefixStart(
        tf.gather(logits(), tf.tensor1d(rows, 'int32'), 1),
        tf.gather(mask(), tf.tensor1d(rows, 'int32'), 1),
        BLANK,
      );
      const found = await search.search({
        state: { step: {}, scorer: start.state },
        constants: { step: {}, scorer: start.constants },
        maximumLength: 6,
      });
      rows.forEach((row, i) => {
        const possible = [...sequences(row)].filter(([key]) => !/[12]/.test(key));
        const [best] = possible.sort(([, a], [, b]) => b - a) as [[string, number]];
        expect(found[i]?.[0]?.tokens.join()).toBe(best[0]);
        expect(found[i]?.[0]?.logProbability).toBeCloseTo(Math.log(best[1]), 3);
      });
    }
    search.dispose();
  });
});
