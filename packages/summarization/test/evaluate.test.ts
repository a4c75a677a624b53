import { useBackend } from '@heed/backend';
import { corpusRouge, measureCopying } from '@heed/evaluation';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  baselines,
  evaluateSummarizer,
  measurePerplexity,
  scoreHeadlines,
  syntheticArticles,
} from '../src/index.js';
import { smallSummarizer } from './small-summarizer.js';

beforeAll(async () => void (await useBackend()));

const articles = syntheticArticles({ count: 30, seed: 6 });

describe('the baselines', () => {
  const { PREFIX, 'first sentence': first } = baselines as Record<string, (text: string) => string>;

  test('PREFIX is 75 bytes, less what would be half a character', () => {
    const text = `${'x'.repeat(74)}é and so on`;
    expect(PREFIX?.(text)).toBe('x'.repeat(74));
    expect(PREFIX?.(`${'x'.repeat(73)}é and so on`)).toBe(`${'x'.repeat(73)}é`);
    expect(PREFIX?.('short')).toBe('short');
  });

  test('the first sentence is one', () => {
    expect(first?.('Mr. A. Smith came. He left.')).toBe('Mr. A. Smith came.');
    expect(first?.('')).toBe('');
  });
});

test('scores are those of the metrics, in their intervals', () => {
  const headlines = articles.map(({ headline }, i) =>
    i % 3 === 0 ? headline : `${headline} and more of it`,
  );
  const { f1, recall, copying } = scoreHeadlines(headlines, articles);
  const references = [articles.map(({ headline }) => headline)];
  const whole = corpusRouge(headlines, references, { stemmer: true });
  const cut = corpusRouge(headlines, references, { stemmer: true, byteLimit: 75 });
  for (const type of ['rouge1', 'rouge2', 'rougeL'] as const) {
    expect(f1[type].score).toBeCloseTo(whole[type].f1, 9);
    expect(recall[type].score).toBeCloseTo(cut[type].recall, 9);
    expect(f1[type].low).toBeLessThan(f1[type].score);
    expect(f1[type].high).toBeGreaterThan(f1[type].score);
  }
  expect(copying).toEqual(
    measureCopying(
      headlines,
      articles.map(({ text }) => text),
    ),
  );
});

test('a model is scored beside the baselines, on the same articles', async () => {
  const summarizer = smallSummarizer();
  const done: number[] = [];
  const result = await evaluateSummarizer(summarizer, articles, { beamSize: 1 }, (count) => done.push(count));
  const alone = await summarizer.summarize(articles[7]?.text as string, { beamSize: 1 });
  expect(result.headlines[7]).toBe(alone.text);
  expect(done).toEqual([30]);
  expect(Object.keys(result.baselines)).toEqual(['PREFIX', 'first sentence']);
  const prefixes = articles.map(({ text }) =>
    new TextDecoder().decode(new TextEncoder().encode(text).slice(0, 75)),
  );
  expect(result.perplexity).toBe(measurePerplexity(summarizer, articles));
  expect(result.baselines.PREFIX).toEqual(scoreHeadlines(prefixes, articles));
  await expect(evaluateSummarizer(summarizer, [])).rejects.toThrow('there are no articles');
  summarizer.dispose();
});
