import { collectWeights, ModelFileError, memorySource } from '@heed/attention-core';
import { useBackend } from '@heed/backend';
import { ensembleWeights, modelFiles } from '@heed/training';
import { parseTrace } from '@heed/visualization';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Classification, EntailmentClassifier, evaluateEntailmentClassifier } from '../src/index.js';
import { expectClose } from './expect-close.js';
import { smallClassifier, smallConfig, variants, words } from './small-classifier.js';

beforeAll(async () => void (await useBackend()));

const open: EntailmentClassifier[] = [];
const keep = (classifier: EntailmentClassifier) => {
  open.push(classifier);
  return classifier;
};
afterEach(() => {
  for (const classifier of open.splice(0)) classifier.dispose();
});

const pairs = [
  { premise: 'no cubes', hypothesis: 'at least two red balls are in the box' },
  { premise: 'three red balls are in the box', hypothesis: 'zebras' },
  { premise: 'one thing is in the box', hypothesis: 'no things are in the box' },
];

describe.each(variants)('$name', (variant) => {
  test('pairs together are classified as each alone, with the trace of each, and nothing is left behind', async () => {
    const classifier = keep(smallClassifier(variant));
    const before = tf.memory().numTensors;
    const together = await classifier.classifyAll(pairs);
    for (const [i, { premise, hypothesis }] of pairs.entries()) {
      const alone = await classifier.classify(premise, hypothesis);
      const found = together[i] as typeof alone;
      expect(found.label).toBe(alone.label);
      const values = Object.values(found.probabilities);
      expect(values.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
      expect(found.probabilities[found.label]).toBe(Math.max(...values));
      expect(found.relatedness !== undefined).toBe(variant.relatedness ?? false);
      if (found.relatedness !== undefined) {
        expect(found.relatedness).toBeCloseTo(alone.relatedness as number, 4);
        expect(found.relatedness >= 1 && found.relatedness <= 5).toBe(true);
      }
      if (variant.attention === 'none') {
        expect(found.trace).toBeUndefined();
        continue;
      }
      const trace = parseTrace(JSON.parse(JSON.stringify(found.trace)), 'trace');
      const seen = variant.attention === 'match' ? [...premise.split(' '), '∅'] : premise.split(' ');
      expect(trace).toMatchObject({
        task: 'entailment',
        input: { text: premise, tokens: seen },
        label: { name: found.label },
      });
      // Words that the tokenizer does not know stand there themselves.
      const rows = variant.attention === 'last' ? [hypothesis] : hypothesis.split(' ');
      expect(trace.output.tokens).toEqual(rows);
      expectClose(trace.weights.flat(), alone.trace?.weights.flat() ?? [], 4);
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('a model that was saved is the same when it is loaded; files that do not fit are refused', async () => {
  const classifier = keep(smallClassifier({ attention: 'word-by-word' }));
  const load = (files: Record<string, string | Uint8Array>) => EntailmentClassifier.load(memorySource(files));
  const loaded = keep(await load(modelFiles(classifier)));
  expect((await loaded.classifyAll(pairs)).map(({ probabilities }) => probabilities)).toEqual(
    (await classifier.classifyAll(pairs)).map(({ probabilities }) => probabilities),
  );
  const weights = collectWeights(classifier.model.namedParameters(), 'F32');
  weights.delete('output.kernel');
  await expect(load(modelFiles(classifier, weights))).rejects.toThrow(
    /"output\.kernel" \[7, 3\] is not in the file/,
  );
  const large = { ...classifier.config, network: { ...classifier.config.network, units: 100_000 } };
  const files = { ...modelFiles(classifier), 'config.json': JSON.stringify(large) };
  await expect(load(files)).rejects.toThrow(ModelFileError);
  await expect(load(files)).rejects.toThrow(/network\.units makes a model of more than/);
  const { embedding } = classifier.config.network;
  const knowing = {
    ...classifier.config,
    network: { ...classifier.config.network, embedding: { ...embedding, width: 1, known: 9999 } },
  };
  await expect(load({ ...modelFiles(classifier), 'config.json': JSON.stringify(knowing) })).rejects.toThrow(
    /config\.json: .*network\.embedding\.known: 9999 words with vectors, in a vocabulary of/,
  );
});

describe('an ensemble', () => {
  /** Files of the networks of classifiers together. */
  const filesOf = (first: EntailmentClassifier, ...others: readonly EntailmentClassifier[]) => {
    const config = { ...first.config, ensemble: others.map(({ config: { network } }) => network) };
    const weights = [first, ...others].map(({ model }) => collectWeights(model.namedParameters(), 'F32'));
    return modelFiles({ ...first, config }, ensembleWeights(weights));
  };
  const load = async (files: Record<string, string | Uint8Array>) =>
    keep(await EntailmentClassifier.load(memorySource(files)));

  test.each(['word-by-word', 'none'] as const)(
    'is as sure as its networks on average, looks where they do, and is freed: %s',
    async (attention) => {
      const first = keep(smallClassifier({ attention }));
      const second = keep(
        EntailmentClassifier.create(smallConfig({ attention, units: 8, twoWay: true }), words, 7),
      );
      const both = await load(filesOf(first, second));
      expect(both.attends).toBe(attention !== 'none');
      await both.classifyAll(pairs);
      const before = tf.memory().numTensors;
      const found = await both.classifyAll(pairs);
      expect(tf.memory().numTensors).toBe(before);
      const ofEach = [await first.classifyAll(pairs), await second.classifyAll(pairs)] as const;
      const valuesOf = ({ probabilities, trace }: Classification) => [
        ...Object.values(probabilities),
        ...(trace?.weights.flat() ?? []),
      ];
      for (const [i, classification] of found.entries()) {
        const [one = [], other = []] = ofEach.map((all) => valuesOf(all[i] as Classification));
        const means = one.map((value, place) => (value + (other[place] as number)) / 2);
        expectClose(valuesOf(classification), means, 5);
        expect(one).not.toEqual(other);
      }
    },
  );

  test('whose networks do not go together, or are larger than the weights, is refused', async () => {
    const first = keep(smallClassifier({ attention: 'word-by-word' }));
    const { network } = first.config;
    const load = (changes: object) => {
      const ensemble = [{ ...network, ...changes }];
      const config = JSON.stringify({ ...first.config, ensemble });
      return EntailmentClassifier.load(memorySource({ ...filesOf(first, first), 'config.json': config }));
    };
    await expect(load({ attention: 'last' })).rejects.toThrow(
      /ensemble\.0\.attention: must have the attention of `network`: "word-by-word"/,
    );
    await expect(load({ units: 100_000 })).rejects.toThrow(/ensemble\.0\.units makes a model of more than/);
    const knowing = { embedding: { ...network.embedding, width: 1, known: 9999 } };
    await expect(load(knowing)).rejects.toThrow(/ensemble\.0\.embedding\.known: 9999 words with vectors/);
  });
});

test('sentences without words, and endless ones, are named', async () => {
  const classifier = keep(smallClassifier());
  const [fine] = pairs as [(typeof pairs)[number]];
  await expect(classifier.classifyAll([fine, { ...fine, premise: '  ' }])).rejects.toThrow(
    /pair 2: the premise has no words/,
  );
  await expect(classifier.classify('a', 'red '.repeat(1001))).rejects.toThrow(
    /pair 1: the hypothesis has 1001 tokens, and 1000 are the most/,
  );
  expect(await classifier.classifyAll([])).toEqual([]);
});

test('an evaluation names the pair that cannot be classified, by its number among all', async () => {
  const classifier = keep(smallClassifier());
  const [fine] = pairs as [(typeof pairs)[number]];
  const labelled = Array.from({ length: 560 }, () => ({ ...fine, label: 'neutral' as const }));
  const done: number[] = [];
  const some = labelled.with(559, { ...fine, premise: 'red '.repeat(1001), label: 'neutral' });
  await expect(evaluateEntailmentClassifier(classifier, some, (n) => done.push(n))).rejects.toThrow(
    'pair 560: the premise has 1001 tokens',
  );
  expect(done).toEqual([]);
});

test('an evaluation has accuracy, macro F1, the confusion of labels and calibration', async () => {
  const classifier = keep(smallClassifier());
  const gold = (await classifier.classifyAll(pairs)).map(({ label }) => label);
  const labelled = pairs.map((pair, i) => ({ ...pair, label: gold[i] as (typeof gold)[number] }));
  const done: number[] = [];
  const {
    accuracy,
    calibration,
    pairs: count,
  } = await evaluateEntailmentClassifier(classifier, labelled, (n) => done.push(n));
  expect([count, accuracy.score, done]).toEqual([3, 100, [3]]);
  expect(accuracy.labels).toEqual(['entailment', 'neutral', 'contradiction']);
  expect(accuracy.low).toBeLessThan(100);
  expect(calibration.score).toBeGreaterThan(0);
  await expect(evaluateEntailmentClassifier(classifier, [])).rejects.toThrow(/no pairs/);
});
