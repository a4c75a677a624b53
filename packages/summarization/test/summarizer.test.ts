import { ModelFileError, memorySource } from '@heed/attention-core';
import { useBackend } from '@heed/backend';
import { modelFiles } from '@heed/training';
import { parseTrace } from '@heed/visualization';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type SummarizationConfig, Summarizer, type Summary } from '../src/index.js';
import { networks, smallSummarizer } from './small-summarizer.js';

beforeAll(async () => void (await useBackend()));

const open: Summarizer[] = [];
const keep = (summarizer: Summarizer) => {
  open.push(summarizer);
  return summarizer;
};
afterEach(() => {
  for (const summarizer of open.splice(0)) summarizer.dispose();
});

const articles = [
  'Profit of Zamo rises in Quito.',
  'sales',
  'A year ago it was more. Sales fall',
  'Lipu of Zamo',
];
const pointer = networks['pointer-generator'] as SummarizationConfig['network'];

function expectSame(ours: readonly Summary[], theirs: readonly Summary[]): void {
  expect(ours.map(({ text, tokens }) => ({ text, tokens }))).toEqual(
    theirs.map(({ text, tokens }) => ({ text, tokens })),
  );
  ours.forEach((summary, i) => {
    expect(summary.score).toBeCloseTo(theirs[i]?.score as number, 4);
    const [rows, others] = [summary.attention?.weights ?? [], theirs[i]?.attention?.weights ?? []];
    expect(rows).toHaveLength(others.length);
    rows.forEach((row, t) => {
      row.forEach((weight, s) => void expect(weight).toBeCloseTo(others[t]?.[s] as number, 4));
    });
  });
}

describe.each(Object.entries(networks))('%s', (_, network) => {
  test('articles together get the headlines of each alone, in the order given', async () => {
    const summarizer = keep(smallSummarizer(network));
    const together = await summarizer.summarizeAll(articles, { nBest: 3 });
    expect(together).toHaveLength(articles.length);
    for (const [i, article] of articles.entries()) {
      const [alone] = await summarizer.summarizeAll([article], { nBest: 3 });
      expectSame(together[i] as Summary[], alone as Summary[]);
    }
  });

  test('attention is a valid trace over the words of the article, and only models that attend have one', async () => {
    const summarizer = keep(smallSummarizer(network));
    const { attention, text, score } = await summarizer.summarize('Profit of Zamo rises');
    expect(attention !== undefined).toBe(summarizer.model.attends);
    if (!attention) return;
    const trace = parseTrace(JSON.parse(JSON.stringify(attention)), 'trace');
    expect(trace).toMatchObject({
      task: 'summarization',
      input: { tokens: ['profit', 'of', 'zamo', 'rises'], text: 'profit of zamo rises' },
      output: { text },
      score,
    });
  });

  test('loaded again, a model gives the same headlines, scores and attention', async () => {
    const summarizer = keep(smallSummarizer(network));
    const loaded = keep(await Summarizer.load(memorySource(modelFiles(summarizer))));
    expect(loaded.config).toEqual(summarizer.config);
    const [ours, theirs] = [await summarizer.summarizeAll(articles), await loaded.summarizeAll(articles)];
    expectSame(theirs.flat(), ours.flat());
  });
});

test('a pointer-generator can write words that it has never seen', async () => {
  const summarizer = keep(smallSummarizer(pointer));
  const found = await summarizer.summarizeAll(['zamo zamo zamo lipu zamo'], { beamSize: 3, nBest: 3 });
  expect(found.flat().some(({ text }) => /zamo|lipu/.test(text))).toBe(true);
  const plain = keep(
    smallSummarizer(networks['attention without copying'] as SummarizationConfig['network']),
  );
  const others = await plain.summarizeAll(['zamo zamo zamo lipu zamo'], { beamSize: 3, nBest: 3 });
  expect(others.flat().every(({ text }) => !/zamo|lipu/.test(text))).toBe(true);
});

test('headlines have the lengths of the configuration, and those of one length are cut there', async () => {
  const decoding = { beamSize: 2, lengthPenalty: 0, minimumLength: 3, maximumLength: 5 };
  const free = keep(smallSummarizer(pointer, { decoding }));
  for (const [best] of await free.summarizeAll(articles)) {
    expect(best?.tokens.length).toBeGreaterThanOrEqual(3);
    expect(best?.tokens.length).toBeLessThanOrEqual(5);
  }
  const plus = keep(smallSummarizer(networks['abs plus']));
  for (const [best] of await plus.summarizeAll(articles)) expect(best?.tokens).toHaveLength(4);
});

test('what is not read is of no account: beyond the length, beyond the sentences, digits', async () => {
  const input = { sentences: 1, maximumLength: 4, maskDigits: true };
  const summarizer = keep(smallSummarizer(pointer, { input }));
  const pairs = [
    ['Profit of Zamo. It rises', 'Profit of Zamo. It falls'],
    ['profit of the company rises', 'profit of the company falls'],
    ['sales 12', 'sales 34'],
  ] as const;
  for (const [a, b] of pairs) {
    const [[ours], [theirs]] = (await summarizer.summarizeAll([a, b])) as [[Summary], [Summary]];
    expectSame([ours], [theirs]);
  }
});

test('empty articles have empty headlines, beside others that have words', async () => {
  const summarizer = keep(smallSummarizer());
  const found = await summarizer.summarizeAll(['', 'sales fall', ' \t ']);
  expect(found.map(([best]) => best?.text === '')).toEqual([true, false, true]);
  expect(await summarizer.summarize('')).toEqual({ text: '', tokens: [], score: 0 });
  expect(await summarizer.summarizeAll([])).toEqual([]);
});

test('nothing is left behind by a prediction', async () => {
  const summarizer = keep(smallSummarizer());
  await summarizer.summarizeAll(articles);
  const before = tf.memory().numTensors;
  await summarizer.summarizeAll(articles);
  expect(tf.memory().numTensors).toBe(before);
});

describe('files of a model that are wrong are one error that names the file', () => {
  type Files = Record<string, Uint8Array | string>;
  const network = (files: Files, changes: Record<string, unknown>): Files => {
    const config = JSON.parse(files['config.json'] as string);
    return {
      ...files,
      'config.json': JSON.stringify({ ...config, network: { ...config.network, ...changes } }),
    };
  };

  test.each<[string, (files: Files) => Files, RegExp]>([
    [
      'weights cut short',
      (files) => ({
        ...files,
        'model.safetensors': (files['model.safetensors'] as Uint8Array).slice(0, 500),
      }),
      /model\.safetensors/,
    ],
    ['a tokenizer that is none', (files) => ({ ...files, 'tokenizer.json': '{}' }), /tokenizer\.json/],
    [
      'a network far larger than its weights',
      (files) => network(files, { embedding: 1e9 }),
      /config\.json: network\.embedding makes a model of more than/,
    ],
    [
      'widths that the weights do not have',
      (files) => network(files, { attention: 5 }),
      /model\.safetensors/,
    ],
    ['a switch that is none', (files) => network(files, { copy: 'yes' }), /config\.json: network\.copy/],
    [
      'a network that is none',
      (files) => network(files, { kind: 'transformer' }),
      /config\.json: network\.kind/,
    ],
  ])('%s', async (_, change, message) => {
    const files = modelFiles(keep(smallSummarizer()));
    const before = tf.memory().numTensors;
    const failure = await Summarizer.load(memorySource(change(files))).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect((failure as Error).message).toMatch(message);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('places that the weights of RAS do not have', async () => {
    const files = modelFiles(keep(smallSummarizer(networks['ras, lstm'])));
    const config = JSON.parse(files['config.json'] as string);
    config.input.maximumLength = 1e9;
    const changed = memorySource({ ...files, 'config.json': JSON.stringify(config) });
    await expect(Summarizer.load(changed)).rejects.toThrow(ModelFileError);
  });
});
