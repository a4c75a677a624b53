import { randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { AbsModel } from '../src/abs-model.js';
import type { AbsConfig } from '../src/config.js';
import { networks, words } from './small-summarizer.js';

beforeAll(async () => void (await useBackend()));

type Vector = readonly number[];
const plus = (...vectors: Vector[]): number[] =>
  (vectors[0] as Vector).map((_, i) => vectors.reduce((sum, vector) => sum + (vector[i] as number), 0));
const times = (x: Vector, factor: number) => x.map((value) => value * factor);
const dot = (a: Vector, b: Vector) => a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
const apply = (x: Vector, kernel: readonly Vector[]) =>
  (kernel[0] as Vector).map((_, column) =>
    dot(
      x,
      kernel.map((row) => row[column] as number),
    ),
  );
const softmax = (x: Vector) => {
  const sum = x.reduce((total, value) => total + Math.exp(value), 0);
  return x.map((value) => Math.exp(value) / sum);
};
const maximum = (rows: readonly Vector[]) =>
  (rows[0] as Vector).map((_, i) => Math.max(...rows.map((row) => row[i] as number)));

type Values = Readonly<Record<string, number[][]>>;

/** A row of an embedding, which is scaled to unit variance. */
const embed = (matrix: number[][], id: number) =>
  times(matrix[id] as number[], Math.sqrt(matrix[0]?.length ?? 0));

/** The three encoders as the equations of Rush et al. 2015, section 3.2, have them, one article and one word. */
const encoders: Readonly<
  Record<
    AbsConfig['encoder'],
    (article: Vector[], window: Vector, values: Values, config: AbsConfig) => number[]
  >
> = {
  'bag-of-words': (article) => times(plus(...article), 1 / article.length),
  convolutional(article, _, values, { layers, reach, units }) {
    let x: Vector[] = article;
    for (let layer = 0; layer < layers; layer++) {
      const kernel = values[`encoder.convolution_${layer}.kernel`] as number[][];
      const bias = (values[`encoder.convolution_${layer}.bias`] as unknown as number[]) ?? [];
      const convolved = x.map((__, i) => {
        const around = Array.from(
          { length: 2 * reach + 1 },
          (___, q) => x[i + q - reach] ?? Array(units).fill(0),
        );
        return plus(apply(times(around.flat(), kernel.length ** -0.5), kernel), bias);
      });
      x = Array.from({ length: Math.ceil(x.length / 2) }, (__, i) =>
        maximum(convolved.slice(2 * i, 2 * i + 2)).map(Math.tanh),
      );
    }
    return maximum(x);
  },
  attention(article, window, values, { reach, units }) {
    const query = window.flatMap((id) => embed(values['encoder.words.matrix'] as number[][], id));
    const scaled = times(query, query.length ** -0.5);
    const keys = article.map((x) => apply(x, values['encoder.attention.score.keys.kernel'] as number[][]));
    const weights = softmax(keys.map((key) => dot(key, scaled)));
    const smoothed = article.map((_, i) => {
      const around = article.slice(Math.max(0, i - reach), i + reach + 1);
      return times(plus(Array(units).fill(0), ...around), 1 / reach);
    });
    return plus(...smoothed.map((x, i) => times(x, weights[i] as number)));
  },
};

test.each(['bag-of-words', 'convolutional', 'attention'] as const)(
  'ABS with the encoder %s scores words as the equations say',
  (encoder) => {
    const config = { ...(networks['abs, attention'] as AbsConfig), encoder };
    const model = new AbsModel(config, words.vocabulary, randomSource(9));
    const values = Object.fromEntries(
      [...model.namedParameters()].map(([name, variable]) => {
        tf.tidy(() =>
          variable.assign(tf.add(variable, tf.randomUniform(variable.shape, -0.3, 0.3, 'float32', 11))),
        );
        return [name, variable.arraySync()];
      }),
    ) as Values;
    const begin = words.vocabulary.specials.begin;
    const [article, headline] = [
      [5, 9, 4, 7, 12, 6, 5],
      [begin, 8, 4, 11, 6],
    ];
    tf.tidy(() => {
      const { memory, state: first } = model.encode(tf.tensor2d(article, [article.length, 1], 'int32'));
      let state = first;
      headline.forEach((token, i) => {
        const step = model.step(tf.tensor1d([token], 'int32'), state, memory);
        state = step.state;
        const window = Array.from(
          { length: config.window },
          (_, c) => headline[i - config.window + 1 + c] ?? begin,
        );
        const hidden = plus(
          apply(
            window.flatMap((id) => embed(values['headline_embedding.matrix'] as number[][], id)),
            values['hidden.kernel'] as number[][],
          ),
          values['hidden.bias'] as unknown as number[],
        ).map(Math.tanh);
        const embedded = article.map((id) => embed(values['embedding.matrix'] as number[][], id));
        const encoded = encoders[encoder](embedded, window, values, config);
        const logits = plus(
          apply([...hidden, ...encoded], values['output.kernel'] as number[][]),
          values['output.bias'] as unknown as number[],
        );
        const found = 'logits' in step ? step.logits.dataSync() : [];
        expect(found).toHaveLength(logits.length);
        logits.forEach((logit, word) => void expect(found[word]).toBeCloseTo(logit, 3));
      });
    });
    model.dispose();
  },
);

test('the convolutional encoder tells articles apart before it has learnt anything', () => {
  const config = {
    ...(networks['abs, attention'] as AbsConfig),
    encoder: 'convolutional',
    units: 100,
  } as const;
  const random = randomSource(2);
  const model = new AbsModel({ ...config, layers: 3 }, words.vocabulary, random);
  const deviation = tf.tidy(() => {
    const ids = Float32Array.from(
      { length: 60 * 40 },
      () => 4 + Math.floor(random() * (words.vocabulary.size - 4)),
    );
    const { memory } = model.encode(tf.tensor2d(ids, [60, 40], 'int32'));
    return tf.mean(tf.sqrt(tf.moments(memory.values, 0).variance)).dataSync()[0];
  });
  model.dispose();
  expect(deviation).toBeGreaterThan(0.2);
});
