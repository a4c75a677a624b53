import { compile, RandomStream, randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectGradientOfDifferences } from '../../training/test/model-gradient.js';
import { embeddable } from '../src/copy-words.js';
import {
  createSummarizationModel,
  type EncodedArticle,
  type SummarizationBatch,
  type SummarizationConfig,
  type SummarizationModel,
  summarizationBatchSizes,
  toSummarizationBatch,
} from '../src/index.js';
import { networks, smallConfig, words } from './small-summarizer.js';

beforeAll(async () => void (await useBackend()));

const { size, specials } = words.vocabulary;
const article = (ids: number[], headline: number[]): EncodedArticle => {
  const targets = Int32Array.from(headline);
  return { article: Int32Array.from(ids), inputs: embeddable(targets, words.vocabulary), targets };
};
/** In two of them a word is copied that the vocabulary lacks. */
const copied = [
  article([5, size, 6, 7, 8, size + 1, 9], [9, size + 1, 4]),
  article([9], [5, 5, 6, 10]),
  article([6, 6, size], [size]),
];
const known = copied.map(({ article: ids, targets, ...rest }) => ({
  ...rest,
  article: embeddable(ids, words.vocabulary),
  targets: embeddable(targets, words.vocabulary),
}));

const scalarOf = (tensor: tf.Tensor) => tensor.dataSync()[0] as number;
const stream = (seed: number) => new RandomStream(tf.tensor1d([seed, 1], 'int32'));
const batchOf = (articles: readonly EncodedArticle[]) => toSummarizationBatch(articles, specials);

function withModel(network: SummarizationConfig['network'], use: (model: SummarizationModel) => void): void {
  const before = tf.memory().numTensors;
  const model = createSummarizationModel(smallConfig(network), words.vocabulary, randomSource(5));
  tf.tidy(() => use(model));
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
}

/** Three more steps of nothing but padding on either side. */
function morePadding(batch: SummarizationBatch): SummarizationBatch {
  const pad = (tensor: tf.Tensor2D) =>
    tf.pad(tensor, [
      [0, 3],
      [0, 0],
    ]);
  return { article: pad(batch.article), inputs: pad(batch.inputs), targets: pad(batch.targets) };
}

describe.each(Object.entries(networks))('%s', (_, network) => {
  const copies = network.kind === 'recurrent' && network.copy;
  const articles = copies ? copied : known;
  const smoothing = copies ? 0 : 0.1;

  test('the loss of a batch is that of its articles, each word counted once; padding changes nothing', () => {
    withModel(network, (model) => {
      const loss = (batch: SummarizationBatch) => scalarOf(model.loss(batch, { smoothing }));
      const sums = articles.map((one) => loss(batchOf([one])) * (one.targets.length + 1));
      const tokens = articles.reduce((sum, { targets }) => sum + targets.length + 1, 0);
      const expected = sums.reduce((a, b) => a + b) / tokens;
      expect(loss(batchOf(articles))).toBeCloseTo(expected, 5);
      expect(loss(morePadding(batchOf(articles)))).toBeCloseTo(expected, 5);
    });
  });

  test('the loss is minus the log-probabilities of the steps, word by word', () => {
    withModel(network, (model) => {
      for (const one of articles) {
        const batch = batchOf([one]);
        const encoded = model.encode(batch.article);
        let { state } = encoded;
        const steps = [specials.begin, ...one.targets].map((token, i) => {
          const step = model.step(tf.tensor1d([token], 'int32'), state, encoded.memory);
          state = step.state;
          const sum = scalarOf(tf.sum(step.weights));
          if (model.attends) expect(step.weights.shape).toEqual([1, one.article.length]);
          expect(sum).toBeCloseTo(model.attends ? 1 : 0, 5);
          const scores = 'scores' in step ? step.scores : tf.logSoftmax(step.logits);
          return scores.dataSync()[batch.targets.dataSync()[i] as number] as number;
        });
        const mean = -steps.reduce((a, b) => a + b) / steps.length;
        expect(scalarOf(model.loss(batch, { smoothing: 0 }))).toBeCloseTo(mean, 4);
      }
    });
  });

  test('every parameter has the gradient that differences give', () => {
    withModel(network, (model) => {
      const batch = batchOf(articles);
      const options = {
        smoothing,
        ...(model.attends && network.kind === 'recurrent' && { coverage: tf.scalar(0.5) }),
      };
      const loss = () => model.loss(batch, options);
      expectGradientOfDifferences(model, loss);
    });
  });

  test('one graph serves all lengths and gives what is computed op by op, with dropout too', () => {
    const dropout = Object.fromEntries(Object.keys(network.dropout).map((name) => [name, 0.2]));
    withModel({ ...network, dropout } as SummarizationConfig['network'], (model) => {
      const loss = (batch: SummarizationBatch) => tf.tidy(() => model.loss(batch, { smoothing }, stream(3)));
      const compiled = compile(loss, { sizes: [summarizationBatchSizes] });
      const drawn = [articles, articles.slice(1), articles.slice(0, 1)].map((some) => {
        const batch = batchOf(some);
        const found = scalarOf(compiled(batch));
        expect(found).toBeCloseTo(scalarOf(loss(batch)), 5);
        expect(found).not.toBeCloseTo(scalarOf(model.loss(batch, { smoothing })), 5);
        return found;
      });
      expect(new Set(drawn).size).toBe(3);
      expect(compiled.statistics().graphs).toBe(1);
      compiled.dispose();
    });
  });
});

test('coverage adds what is looked at twice, from attention alone', () => {
  withModel(networks['pointer-generator'] as SummarizationConfig['network'], (model) => {
    const batch = batchOf(copied);
    const plain = scalarOf(model.loss(batch, { smoothing: 0 }));
    const [once, twice] = [1, 2].map((weight) =>
      scalarOf(model.loss(batch, { smoothing: 0, coverage: tf.scalar(weight) })),
    ) as [number, number];
    expect(once).toBeGreaterThan(plain);
    expect(twice - plain).toBeCloseTo(2 * (once - plain), 5);
  });
});
