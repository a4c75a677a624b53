import { useBackend } from '@heed/backend';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type EncodedArticle, encodeArticles, epochBatches, toSummarizationBatch } from '../src/index.js';
import { smallConfig, words } from './small-summarizer.js';

beforeAll(async () => void (await useBackend()));

const { size, specials } = words.vocabulary;
const ids = (...tokens: string[]) => tokens.map((token) => words.vocabulary.idOf(token));

describe('articles as ids', () => {
  test('words of the article that the vocabulary lacks are predicted as its own, and read as unknown', () => {
    const config = smallConfig();
    const { articles, leftOut } = encodeArticles(
      [
        { text: 'Profit of Zamo rises', headline: 'Zamo rises' },
        { text: 'of ', headline: '' },
        { text: ' ', headline: 'of' },
        { text: 'of', headline: 'of '.repeat(31) },
      ],
      words,
      config,
    );
    expect(leftOut).toBe(3);
    const [profit, of, rises] = ids('▁profit', '▁of', '▁rises') as [number, number, number];
    expect(articles).toEqual([
      {
        article: Int32Array.of(profit, of, size, rises),
        inputs: Int32Array.of(specials.unknown, rises),
        targets: Int32Array.of(size, rises),
      },
    ]);
  });

  test('only so much of an article is read, and digits as #', () => {
    const config = smallConfig(undefined, { input: { sentences: 2, maximumLength: 5, maskDigits: true } });
    const { articles } = encodeArticles(
      [{ text: '12 of 3. In Quito. It rises', headline: '45' }],
      words,
      config,
    );
    // ▁# # ▁of ▁# . are the first five, and the words that the vocabulary lacks among them are numbered.
    const [of] = ids('▁of') as [number];
    expect([...(articles[0]?.article ?? [])]).toEqual([size, size + 1, of, size, size + 2]);
    expect([...(articles[0]?.targets ?? [])]).toEqual([size, size + 1]);
  });
});

const anyArticles = fc.array(
  fc
    .record({ length: fc.integer({ min: 1, max: 12 }), headline: fc.integer({ min: 1, max: 4 }) })
    .map(({ length, headline }): EncodedArticle => {
      const side = (count: number) => new Int32Array(count).fill(5);
      return { article: side(length), inputs: side(headline), targets: side(headline) };
    }),
  { minLength: 1, maxLength: 40 },
);

test('an epoch has every article once, in batches that are not too large, the same for the same seed and epoch', () => {
  fc.assert(
    fc.property(anyArticles, fc.integer({ min: 1, max: 40 }), fc.integer(), (articles, batchTokens, seed) => {
      const batches = epochBatches(articles, { batchTokens, seed, epoch: 3 });
      expect(new Set(batches.flat())).toEqual(new Set(articles));
      expect(batches.flat()).toHaveLength(articles.length);
      for (const batch of batches) {
        const longest = Math.max(...batch.map(({ article }) => article.length));
        expect(batch.length === 1 || batch.length * longest <= batchTokens).toBe(true);
      }
      expect(epochBatches(articles, { batchTokens, seed, epoch: 3 })).toEqual(batches);
    }),
  );
});

test('a batch is padded with 0, time first, with begin before what is read and end after what is predicted', () => {
  const one = (article: number[], targets: number[]): EncodedArticle => ({
    article: Int32Array.from(article),
    inputs: Int32Array.from(targets),
    targets: Int32Array.from(targets),
  });
  const batch = toSummarizationBatch([one([5, 6, 7], [8]), one([9], [4, 5])], specials);
  const { begin, end } = specials;
  expect(batch.article.arraySync()).toEqual([
    [5, 9],
    [6, 0],
    [7, 0],
  ]);
  expect(batch.inputs.arraySync()).toEqual([
    [begin, begin],
    [8, 4],
    [0, 5],
  ]);
  expect(batch.targets.arraySync()).toEqual([
    [8, 4],
    [end, 5],
    [0, end],
  ]);
});
