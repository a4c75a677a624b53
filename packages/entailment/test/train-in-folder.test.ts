import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { useBackend } from '@heed/backend';
import { MemoryCheckpoints } from '@heed/training';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { expectSameWhenResumed, recordRun } from '../../training/test/recorded-run.js';
import { temporaryFolder } from '../../training/test/temporary-folder.js';
import {
  EntailmentClassifier,
  type EntailmentConfig,
  entailmentPresets,
  evaluateEntailmentClassifier,
  syntheticPairs,
  trainEntailmentClassifier,
  trainEntailmentTokenizer,
} from '../src/index.js';
import { type TrainEntailmentInFolderOptions, trainEntailmentInFolder } from '../src/node/index.js';
import { smallConfig } from './small-classifier.js';

beforeAll(async () => void (await useBackend()));

const { at } = temporaryFolder();

beforeEach(async () => {
  const rows = syntheticPairs({ count: 60, seed: 3 }).map(({ premise, hypothesis, label }, i) =>
    [premise, hypothesis, label, i < 50 ? 'train' : 'dev'].join('\t'),
  );
  await writeFile(at('pairs.tsv'), ['premise\thypothesis\tlabel\tsplit', ...rows].join('\n'));
});

const base = smallConfig({ dropout: { embedding: 0.1, encoder: 0.1, classifier: 0.1 } });
const config: EntailmentConfig = {
  ...base,
  training: { ...base.training, steps: 6, batchSize: 8, stepsPerValidation: 2, validationPairs: 4 },
};

/** Trains, and records every loss. */
async function run(out: string, changes: Partial<TrainEntailmentInFolderOptions> = {}, stopAfter?: number) {
  const { options, ...recorded } = recordRun(stopAfter);
  const { classifier, ...result } = await trainEntailmentInFolder({
    config,
    data: at('pairs.tsv'),
    out: at(out),
    ...options,
    ...changes,
  });
  classifier.dispose();
  return { ...result, ...recorded };
}

test('stopped and resumed, it ends with the files that it has when it is not stopped, and leaves nothing behind', async () => {
  const { lines, training } = await expectSameWhenResumed(run, at);
  expect(lines.join('\n')).toMatch(/\d+ training pairs.*\n10 validation pairs/);
  expect(training).toMatchObject({
    task: 'entailment',
    validation: { metrics: { accuracy: expect.any(Number) } },
  });
});

test('word vectors are part of the model, which goes on without their file, and knows words that no pair has', async () => {
  const words = ['box', 'red', 'things', 'zebra'];
  await writeFile(at('vectors.txt'), words.map((word, i) => `${word} ${i} 0.5 -0.25 1\n`).join(''));
  const embedding = { width: 300, fixed: true, unknown: 'learned' } as const;
  const known = { ...config, network: { ...config.network, embedding } };
  const { lines } = await run('known', { config: known, embeddings: at('vectors.txt') }, 3);
  expect(lines).toContainEqual('4 words with vectors of 4');
  const stored = JSON.parse(await readFile(at('known', 'config.json'), 'utf8')) as EntailmentConfig;
  expect(stored.network.embedding).toMatchObject({ width: 4, known: 4 });
  const { progress } = await run('known', { config: stored, resume: true });
  expect(progress.step).toBe(6);
  const classifier = await EntailmentClassifier.load(at('known'));
  const { vocabulary } = classifier.tokenizer;
  expect(vocabulary.has('▁zebra')).toBe(true);
  classifier.dispose();
  await expect(run('new', { config: stored })).rejects.toThrow(/give the file of them/);
  await expect(run('new', { from: at('known'), embeddings: at('vectors.txt') })).rejects.toThrow(
    /one or the other/,
  );
});

test('it goes on with the word vectors that it began with, which training.json keeps, and with no others', async () => {
  await writeFile(at('vectors.txt'), ['box 0 1 2', 'red 3 4 5', ''].join('\n'));
  await writeFile(at('others.txt'), ['box 0 1 2', 'red 3 4 6', ''].join('\n'));
  const embedding = { width: 300, fixed: true, unknown: 'learned' } as const;
  const known = { ...config, network: { ...config.network, embedding } };
  await run('known', { config: known, embeddings: at('vectors.txt') }, 3);
  await run('none', {}, 1);
  const told = async () => JSON.parse(await readFile(at('known', 'training.json'), 'utf8')).data;
  const before = await told();
  expect(before.embeddings).toBe('vectors.txt');
  for (const [out, digest] of Object.entries({ known: `"${before.embeddingsSha256}"`, none: 'null' })) {
    const others = { config: known, embeddings: at('others.txt'), resume: true };
    await expect(run(out, others)).rejects.toThrow(`word vectors: ${digest}, and not "`);
  }
  await rename(at('vectors.txt'), at('moved.txt'));
  await run('known', { config: known, embeddings: at('moved.txt'), resume: true }, 4);
  const stored = JSON.parse(await readFile(at('known', 'config.json'), 'utf8')) as EntailmentConfig;
  await run('known', { config: stored, resume: true });
  expect(await told()).toEqual(before);
});

test('how related sentences are is not answered by a model that no pair told', async () => {
  const asking = { ...config, network: { ...config.network, relatedness: true } };
  await run('untold', { config: asking }, 3);
  const { progress } = await run('untold', { config: asking, resume: true });
  expect(progress.step).toBe(6);
  const classifier = await EntailmentClassifier.load(at('untold'));
  expect(classifier.config.network.relatedness).toBe(false);
  expect(await classifier.classify('one ball', 'two balls')).not.toHaveProperty('relatedness');
  classifier.dispose();
});

test('what cannot be classified is left out of the validation, and counted', async () => {
  const endless = ['red '.repeat(1001), 'a box', 'neutral', 'dev'].join('\t');
  await writeFile(at('pairs.tsv'), `${await readFile(at('pairs.tsv'), 'utf8')}\n${endless}`);
  const { lines, progress } = await run('model');
  expect(lines).toContainEqual('1 validation pairs left out (no token on a side, or more than 1000)');
  expect(progress.step).toBe(6);
});

test('another model can be started from, and a folder that holds one is refused', async () => {
  const first = await run('first');
  const tuned = await run('tuned', { from: at('first') });
  expect(tuned.losses[0]).not.toBe(first.losses[0]);
  await expect(run('first')).rejects.toThrow(/already holds a model/);
  const other = { ...config, training: { ...config.training, clip: 3 } };
  await expect(run('first', { resume: true, config: other })).rejects.toThrow(
    /config\.training\.clip: 5, and not 3/,
  );
  expect(await readdir(at())).not.toContain('new');
});

test('the networks of an ensemble are trained one by one', async () => {
  const ensemble = { ...config, ensemble: [config.network] };
  await expect(run('ensemble', { config: ensemble })).rejects.toThrow('an ensemble are trained one by one');
});

test('pairs made by code: word-by-word attention learns in a few hundred steps', async () => {
  const { small } = entailmentPresets;
  const [train, held] = [syntheticPairs({ count: 4000, seed: 1 }), syntheticPairs({ count: 200, seed: 2 })];
  const steps = 200;
  const { classifier } = await trainEntailmentClassifier({
    config: { ...small, training: { ...small.training, steps, stepsPerValidation: steps } },
    train,
    validation: held,
    tokenizer: trainEntailmentTokenizer(train, small.tokenizer),
    seed: 1,
    store: new MemoryCheckpoints(),
    dataDigest: 'synthetic',
  });
  const { accuracy } = await evaluateEntailmentClassifier(classifier, held);
  console.log(`synthetic pairs: ${accuracy.score} % after ${steps} steps`);
  expect(accuracy.score).toBeGreaterThan(55);
  classifier.dispose();
});
