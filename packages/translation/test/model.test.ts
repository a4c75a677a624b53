import { RandomStream, randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectGradientOfDifferences } from '../../training/test/model-gradient.js';
import { toTranslationBatch } from '../src/batches.js';
import { type EncodedPair, type TranslationBatch, TranslationModel } from '../src/index.js';
import { decoders, smallConfig } from './small-translator.js';

beforeAll(async () => void (await useBackend()));

const VOCABULARY = 11;
const BEGIN_END = { begin: 2, end: 3 };
const pair = (source: number[], target: number[]): EncodedPair => ({
  text: '',
  source: Int32Array.from(source),
  target: Int32Array.from(target),
});
const pairs = [pair([4, 5, 6, 7, 8], [9, 4]), pair([9], [5, 5, 6, 10]), pair([6, 6, 7], [8])];

const wirings = decoders.flatMap((decoder) => [
  { decoder, cell: 'gru' as const },
  { decoder, cell: 'lstm' as const, sharedEmbedding: false, encoderLayers: 2, decoderLayers: 2 },
]);

function withModel<T>(changes: Parameters<typeof smallConfig>[0], use: (model: TranslationModel) => T): T {
  const dropout = { embedding: 0, encoder: 0, readout: 0 };
  const model = new TranslationModel(
    smallConfig({ dropout, ...changes }).network,
    VOCABULARY,
    randomSource(5),
  );
  const result = tf.tidy(() => use(model) as tf.TensorContainer) as T;
  model.dispose();
  return result;
}

const value = (tensor: tf.Tensor) => tensor.dataSync()[0] as number;
const lossOf = (model: TranslationModel, batch: TranslationBatch, smoothing = 0) =>
  value(model.loss(batch, smoothing));

/** Two more steps of nothing but padding on either side. */
function morePadding({ source, inputs, targets }: TranslationBatch): TranslationBatch {
  const pad = (tensor: tf.Tensor2D) =>
    tf.pad(tensor, [
      [0, 2],
      [0, 0],
    ]);
  return { source: pad(source), inputs: pad(inputs), targets: pad(targets) };
}

describe.each(wirings)('$decoder, $cell', (changes) => {
  test('the loss of a batch is that of its sentences, each token counted once; padding changes nothing', () => {
    withModel(changes, (model) => {
      for (const smoothing of [0, 0.1]) {
        const batch = toTranslationBatch(pairs, BEGIN_END);
        const sums = pairs.map(
          (pair) =>
            lossOf(model, toTranslationBatch([pair], BEGIN_END), smoothing) * (pair.target.length + 1),
        );
        const tokens = pairs.reduce((sum, { target }) => sum + target.length + 1, 0);
        const expected = sums.reduce((a, b) => a + b) / tokens;
        expect(lossOf(model, batch, smoothing)).toBeCloseTo(expected, 5);
        expect(lossOf(model, morePadding(batch), smoothing)).toBeCloseTo(expected, 5);
      }
    });
  });

  test('the loss is minus the log-probabilities of the steps, word by word', () => {
    withModel(changes, (model) => {
      for (const pair of pairs) {
        const { source, inputs, targets } = toTranslationBatch([pair], BEGIN_END);
        const encoded = model.encode(source);
        let { state } = encoded;
        const steps = [...targets.dataSync()].map((target, i) => {
          const step = model.step(
            tf.tensor1d([inputs.dataSync()[i] as number], 'int32'),
            state,
            encoded.memory,
          );
          state = step.state;
          if (model.attends) {
            expect(step.weights.shape).toEqual([1, pair.source.length + 1]);
            expect(value(tf.sum(step.weights))).toBeCloseTo(1, 5);
          } else expect(value(tf.sum(step.weights))).toBe(0);
          return tf.logSoftmax(step.logits).dataSync()[target] as number;
        });
        const mean = -steps.reduce((a, b) => a + b) / steps.length;
        expect(lossOf(model, { source, inputs, targets })).toBeCloseTo(mean, 5);
      }
    });
  });

  test('every parameter has the gradient that differences give', () => {
    withModel(changes, (model) => {
      const batch = toTranslationBatch(pairs, BEGIN_END);
      expectGradientOfDifferences(model, () => model.loss(batch, 0.1));
    });
  });
});

test('dropout draws from its stream: the same seed is the same loss, another seed another, none is without', () => {
  const dropout = { embedding: 0.3, encoder: 0.3, readout: 0.3 };
  withModel({ decoder: 'conditional', dropout }, (model) => {
    const batch = toTranslationBatch(pairs, BEGIN_END);
    const drawn = (seed: number) =>
      value(model.loss(batch, 0, new RandomStream(tf.tensor1d([seed, 1], 'int32'))));
    expect(drawn(1)).toBe(drawn(1));
    expect(drawn(1)).not.toBe(drawn(2));
    expect(lossOf(model, batch)).toBe(lossOf(model, batch));
    expect(lossOf(model, batch)).not.toBe(drawn(1));
  });
});

test('a shared embedding is one matrix for source, target and scores; else there are three', () => {
  const names = (sharedEmbedding: boolean) =>
    withModel({ sharedEmbedding }, (model) =>
      [...model.namedParameters().keys()].filter((n) => /^(emb|target|out)/.test(n)),
    );
  expect(names(true)).toEqual(['embedding.matrix']);
  expect(names(false)).toEqual([
    'embedding.matrix',
    'target_embedding.matrix',
    'output.kernel',
    'output.bias',
  ]);
});

test('the same seed is the same model', () => {
  const first = (seed: number) => {
    const model = new TranslationModel(smallConfig().network, VOCABULARY, randomSource(seed));
    const values = model.parameters().map((parameter) => Array.from(parameter.dataSync()));
    model.dispose();
    return values;
  };
  expect(first(3)).toEqual(first(3));
  expect(first(3)).not.toEqual(first(4));
});
