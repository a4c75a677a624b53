import { useBackend } from '@heed/backend';
import { beforeAll, expect, test } from 'vitest';
import type { AbsModel } from '../src/abs-model.js';
import { tuneExtraction } from '../src/index.js';
import { networks, smallSummarizer } from './small-summarizer.js';

beforeAll(async () => void (await useBackend()));

const articles = [
  { text: 'profit of the company rises in quito', headline: 'profit of the company' },
  { text: 'a year ago it was more', headline: 'a year ago it' },
  { text: 'sales fall in quito. it was the year', headline: 'sales fall in quito' },
];

test('a model that has learnt nothing learns to copy, and the weights are part of it', async () => {
  const summarizer = smallSummarizer(networks['abs plus']);
  const model = summarizer.model as AbsModel;
  expect(model.extractionWeights).toEqual([0, 0, 0, 0]);
  const lines: string[] = [];
  const { weights, rouge } = await tuneExtraction(summarizer, articles, (line) => lines.push(line));
  const before = Number(/ROUGE ([\d.]+)/.exec(lines[0] as string)?.[1]);
  expect(lines[0]).toMatch(
    /round 1: ROUGE .* with unigram 0\.00, bigram 0\.00, trigram 0\.00, reordering 0\.00/,
  );
  expect(rouge).toBeGreaterThan(before + 10);
  expect(model.extractionWeights).toEqual([...weights]);
  expect(Math.max(...weights)).toBeGreaterThan(0);
  const buffer = [...model.namedParameters()].find(([name]) => name === 'extraction')?.[1];
  expect(buffer?.trainable).toBe(false);
  summarizer.dispose();
});

test('only ABS+ has features of extraction', async () => {
  const summarizer = smallSummarizer(networks['abs, attention']);
  await expect(tuneExtraction(summarizer, articles)).rejects.toThrow(/network\.extraction/);
  expect((summarizer.model as AbsModel).extractionWeights).toBeUndefined();
  expect(() => (summarizer.model as AbsModel).setExtractionWeights([1, 1, 1, 1])).toThrow(
    /network\.extraction/,
  );
  summarizer.dispose();
});
