import { writeFile } from 'node:fs/promises';
import { useBackend } from '@heed/backend';
import { MemoryCheckpoints } from '@heed/training';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { expectSameWhenResumed, recordRun } from '../../training/test/recorded-run.js';
import { temporaryFolder } from '../../training/test/temporary-folder.js';
import type { AbsModel } from '../src/abs-model.js';
import {
  type SummarizationConfig,
  Summarizer,
  summarizationPresets,
  syntheticArticles,
  trainSummarizationTokenizer,
  trainSummarizer,
} from '../src/index.js';
import { type TrainSummarizerInFolderOptions, trainSummarizerInFolder } from '../src/node/index.js';
import { networks, smallConfig } from './small-summarizer.js';

beforeAll(async () => void (await useBackend()));

const { at } = temporaryFolder();

beforeEach(async () => {
  const rows = syntheticArticles({ count: 60, seed: 3 }).map(({ text, headline }, i) =>
    [text, headline, i < 50 ? 'train' : 'dev'].join('\t'),
  );
  await writeFile(at('articles.tsv'), ['article\theadline\tsplit', ...rows].join('\n'));
});

function tiny(name: string): SummarizationConfig {
  const base = smallConfig(networks[name]);
  return {
    ...base,
    input: { ...base.input, maximumLength: 40 },
    training: { ...base.training, steps: 6, batchTokens: 200, stepsPerValidation: 2, validationArticles: 4 },
  };
}
const config = tiny('pointer-generator');

/** Trains, and records every loss. */
async function run(out: string, changes: Partial<TrainSummarizerInFolderOptions> = {}, stopAfter?: number) {
  const { options, ...recorded } = recordRun(stopAfter);
  const { summarizer, ...result } = await trainSummarizerInFolder({
    config,
    data: at('articles.tsv'),
    out: at(out),
    ...options,
    ...changes,
  });
  summarizer.dispose();
  return { ...result, ...recorded };
}

test('stopped and resumed, it ends with the files that it has when it is not stopped, and leaves nothing behind', async () => {
  const { lines, training } = await expectSameWhenResumed(run, at);
  expect(lines.join('\n')).toMatch(/\d+ training articles.*\n10 validation articles/);
  expect(training).toMatchObject({
    task: 'summarization',
    validation: { metrics: { rougeL: expect.any(Number) } },
  });
});

test('ABS+ weighs its features after the last step, and the folder has the weights', async () => {
  const rows = Array.from({ length: 60 }, (_, i) => {
    const words = Array.from({ length: 5 }, (__, k) => `word${(i * 7 + k * k * 3) % 29}`);
    return [words.join(' '), words.slice(0, 4).join(' '), i < 45 ? 'train' : 'dev'].join('\t');
  });
  await writeFile(at('copies.tsv'), ['article\theadline\tsplit', ...rows].join('\n'));
  const plus = tiny('abs plus');
  const wide = { ...plus, decoding: { ...plus.decoding, beamSize: 10 } };
  const { lines } = await run('plus', { config: wide, data: at('copies.tsv') });
  expect(lines.filter((line) => line.startsWith('extraction, round'))).not.toEqual([]);
  const summarizer = await Summarizer.load(at('plus'));
  const weights = (summarizer.model as AbsModel).extractionWeights as readonly number[];
  expect(weights.some((weight) => weight !== 0)).toBe(true);
  summarizer.dispose();
});

test('another model can be started from, and a folder that holds one is refused', async () => {
  const first = await run('first');
  const tuned = await run('tuned', { from: at('first') });
  expect(tuned.losses[0]).not.toBe(first.losses[0]);
  await expect(run('first')).rejects.toThrow(/already holds a model/);
  const other = { ...config, training: { ...config.training, clip: 3 } };
  await expect(run('first', { resume: true, config: other })).rejects.toThrow(
    /config\.training\.clip: 2, and not 3/,
  );
  await expect(
    run('none', { config: { ...config, training: { ...config.training, maximumLength: 1 } } }),
  ).rejects.toThrow(/none of \d+ articles has a headline of 1 to 1 tokens/);
});

test('articles made by code: a pointer-generator learns whom they are about in a few hundred steps', async () => {
  const { small } = summarizationPresets;
  const [train, held] = [
    syntheticArticles({ count: 4000, seed: 1 }),
    syntheticArticles({ count: 200, seed: 2 }),
  ];
  const steps = 200;
  const { summarizer } = await trainSummarizer({
    config: { ...small, training: { ...small.training, steps, stepsPerValidation: steps } },
    train,
    validation: held,
    tokenizer: trainSummarizationTokenizer(train, small),
    seed: 1,
    store: new MemoryCheckpoints(),
    dataDigest: 'synthetic',
  });
  const found = (await summarizer.summarizeAll(held.map(({ text }) => text))).map(([best]) => best);
  const share = (isRight: (i: number, words: readonly string[]) => boolean) =>
    held.filter((_, i) => isRight(i, found[i]?.text.split(' ') ?? [])).length / held.length;
  const companies = share((i, [company]) => company === held[i]?.company.toLowerCase());
  const cities = share((i, words) => words.at(-1) === held[i]?.city.toLowerCase());
  // It looks at a name, which it has never seen, when it writes it.
  const looks = share((i) => {
    const [row, tokens] = [found[i]?.attention?.weights[0] ?? [], found[i]?.attention?.input.tokens ?? []];
    return tokens[row.indexOf(Math.max(...row))] === held[i]?.company.toLowerCase();
  });
  console.log(
    `synthetic articles: companies ${companies}, cities ${cities}, looks ${looks} after ${steps} steps`,
  );
  expect(Math.min(companies, cities, looks)).toBeGreaterThan(0.9);
  summarizer.dispose();
});
