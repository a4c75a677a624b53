import { useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { countExtraction, extractionScores } from '../src/extraction.js';

beforeAll(async () => void (await useBackend()));

describe('what ABS+ sees of a headline', () => {
  const article = [4, 5, 6, 7, 5];

  test.each([
    ['a word of the article', [6], [1, 0, 0, 0]],
    ['one that is not', [9], [0, 0, 0, 0]],
    ['two in their order', [5, 6], [2, 1, 0, 1]],
    ['three in their order', [4, 5, 6], [3, 2, 1, 1]],
    ['two that stand the other way round', [7, 6], [2, 0, 0, 1]],
    ['the same word twice, as the article has it', [5, 5], [2, 0, 0, 1]],
    ['a word twice that the article has once', [4, 4], [2, 0, 0, 0]],
  ])('%s', (_, headline, counts) => {
    expect(countExtraction(headline, article)).toEqual(counts);
  });

  test('the scores of a search add up to the counts, for beams of several articles side by side', () => {
    const [vocabulary, window] = [9, 3];
    const word = fc.integer({ min: 4, max: vocabulary - 1 });
    const weight = fc.integer({ min: -3, max: 3 });
    const settings = fc.record({
      articles: fc.array(fc.array(word, { minLength: 5, maxLength: 5 }), { minLength: 2, maxLength: 2 }),
      headlines: fc.array(fc.array(word, { minLength: 4, maxLength: 4 }), { minLength: 4, maxLength: 4 }),
      weights: fc.array(weight, { minLength: 4, maxLength: 4 }),
    });
    fc.assert(
      fc.property(settings, ({ articles, headlines, weights }) => {
        const sums = headlines.map(() => 0);
        const most = weights.reduce((sum, value) => sum + Math.max(0, value), 0);
        tf.tidy(() => {
          for (let step = 0; step < 4; step++) {
            const windows = headlines.map((headline) => [2, 2, 2, ...headline.slice(0, step)].slice(-window));
            const scores = extractionScores(
              tf.tensor1d(weights),
              tf.tensor2d(windows, [4, window], 'int32'),
              tf.tensor2d(articles, [2, 5], 'int32'),
              vocabulary,
            ).arraySync();
            headlines.forEach((headline, row) => {
              const score = scores[row]?.[headline[step] as number] as number;
              expect(score).toBeLessThanOrEqual(1e-6);
              sums[row] = (sums[row] as number) + score + most;
            });
          }
        });
        headlines.forEach((headline, row) => {
          const counts = countExtraction(headline, articles[Math.floor(row / 2)] as number[]);
          const expected = counts.reduce((sum, count, i) => sum + count * (weights[i] as number), 0);
          expect(sums[row]).toBeCloseTo(expected, 4);
        });
      }),
      { numRuns: 25, seed: 1 },
    );
  });
});
