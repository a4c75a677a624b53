import { compile, RandomStream, randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectGradientOfDifferences } from '../../training/test/model-gradient.js';
import { type EncodedPair, EntailmentModel, entailmentBatchSizes, toEntailmentBatch } from '../src/index.js';
import { expectClose } from './expect-close.js';
import { smallConfig, variants } from './small-classifier.js';

beforeAll(async () => void (await useBackend()));

const [VOCABULARY, END] = [11, 3];
const pair = (
  premise: number[],
  hypothesis: number[],
  label: number,
  relatedness: number | undefined,
): EncodedPair => ({
  premise: Int32Array.from(premise),
  hypothesis: Int32Array.from(hypothesis),
  label,
  relatedness,
});
const pairs = [
  pair([9, 4, 8], [5], 0, 4.6),
  pair([7], [5, 10, 6, 5, 9], 1, undefined),
  pair([8, 8, 6, 1], [9, 4], 2, 1),
];

const scalarOf = (tensor: tf.Tensor) => tensor.dataSync()[0] as number;
const stream = (seed: number) => new RandomStream(tf.tensor1d([seed, 1], 'int32'));

function withModel(changes: Parameters<typeof smallConfig>[0], use: (model: EntailmentModel) => void): void {
  const before = tf.memory().numTensors;
  const model = new EntailmentModel(smallConfig(changes).network, VOCABULARY, randomSource(5));
  tf.tidy(() => use(model));
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
}

describe.each(variants)('$name', (variant) => {
  const batchOf = (some: readonly EncodedPair[]) =>
    toEntailmentBatch(some, {
      end: variant.attention === 'match' ? END : undefined,
      graded: variant.relatedness ?? false,
    });

  test('a padded batch gives what its pairs give alone; weights are where there are words', () => {
    withModel(variant, (model) => {
      const judged = model.apply(batchOf(pairs));
      for (const [i, one] of pairs.entries()) {
        const alone = model.apply(batchOf([one]));
        const [ours, theirs] = [
          judged.logits.arraySync()[i] as number[],
          alone.logits.arraySync()[0] as number[],
        ];
        expectClose(ours, theirs);
        expect(judged.relatedness !== undefined).toBe(variant.relatedness ?? false);
        const [score, same] = [judged.relatedness?.arraySync()[i], alone.relatedness?.arraySync()[0]];
        if (score !== undefined) expectClose([score], [same as number]);
        expect(judged.weights === undefined).toBe(variant.attention === 'none');
        const whole = judged.weights?.arraySync() ?? [];
        for (const [step, [row]] of (alone.weights?.arraySync() ?? []).entries()) {
          const wanted = row as number[];
          const found = [...((whole[step] as number[][])[i] as number[])];
          for (const weight of found.splice(wanted.length)) expect(weight).toBe(0);
          expectClose(found, wanted);
          expect(found.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
        }
      }
    });
  });

  test('the loss is the mean of the pairs, and every parameter has the gradient that differences give', () => {
    withModel(variant, (model) => {
      const batch = batchOf(pairs);
      const loss = () => model.loss(batch, 0.1);
      const alone = pairs.map((one) => scalarOf(model.loss(batchOf([one]), 0.1)));
      expect(scalarOf(loss())).toBeCloseTo(alone.reduce((a, b) => a + b) / pairs.length, 5);
      expectGradientOfDifferences(model, loss);
    });
  });

  test('one graph serves all lengths and gives what is computed op by op, with dropout too', () => {
    const dropout = { embedding: 0.2, encoder: 0.2, classifier: 0.2 };
    withModel({ ...variant, dropout }, (model) => {
      const loss = (batch: ReturnType<typeof toEntailmentBatch>) =>
        tf.tidy(() => model.loss(batch, 0.1, stream(3)));
      const compiled = compile(loss, { sizes: [entailmentBatchSizes] });
      for (const some of [pairs, pairs.slice(1), pairs.slice(0, 1)]) {
        const batch = batchOf(some);
        expect(scalarOf(compiled(batch))).toBeCloseTo(scalarOf(loss(batch)), 5);
      }
      expect(compiled.statistics().graphs).toBe(1);
      compiled.dispose();
    });
  });
});
