import { type BackendName, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Hypothesis } from '../../src/search/hypothesis.js';
import { createSampling, type SamplingOptions } from '../../src/search/sampling.js';
import type { SearchInputs } from '../../src/search/search-options.js';
import {
  begin,
  type Constants,
  continuations,
  end,
  RandomModel,
  type ReferenceOptions,
  type State,
} from './random-model.js';

beforeAll(async () => {
  await useBackend('cpu');
});

type Options = Omit<SamplingOptions, 'begin' | 'end'>;
type Inputs = Partial<SearchInputs<State, Constants>>;

async function sample(
  model: RandomModel,
  sentences: number[],
  seeds: number[],
  maximumLength: number,
  options: Options,
  inputs: Inputs = {},
): Promise<Hypothesis[][]> {
  const tensors = model.inputs(sentences);
  const sampling = createSampling(model.step, { begin, end, ...options });
  try {
    return await sampling.search({ ...tensors, ...inputs, maximumLength, seeds });
  } finally {
    sampling.dispose();
    tf.dispose(tensors);
  }
}

/** The probability of each sequence, worked out from the definitions. */
function distribution(
  model: RandomModel,
  sentence: number,
  { temperature = 1, topK = 99, topP = 1 }: Options,
  options: ReferenceOptions,
): Map<string, number> {
  const all = new Map<string, number>();
  const visit = (tokens: number[], probability: number) => {
    if (tokens.at(-1) === end || tokens.length === options.maximumLength) {
      all.set(tokens.join(), probability);
      return;
    }
    const best = continuations(model, sentence, tokens, options)
      .sort((a, b) => b.value - a.value)
      .slice(0, topK)
      .map(({ token, value }) => ({ token, share: Math.exp(value) ** (1 / temperature) }));
    const sum = (shares: { share: number }[]) => shares.reduce((total, { share }) => total + share, 0);
    const sizes = best.map((_, n) => n + 1);
    const size = sizes.find((n) => sum(best.slice(0, n)) >= topP * sum(best)) ?? best.length;
    const nucleus = best.slice(0, size);
    for (const { token, share } of nucleus) visit([...tokens, token], (probability * share) / sum(nucleus));
  };
  visit([], 1);
  return all;
}

const text = ({ tokens, finished }: Hypothesis) => [...tokens, ...(finished ? [end] : [])].join();

describe('createSampling', () => {
  it.each<[string, Options, ReferenceOptions]>([
    ['as it is', {}, { maximumLength: 3 }],
    ['with a low temperature', { temperature: 0.5 }, { maximumLength: 3 }],
    ['with a high temperature', { temperature: 3 }, { maximumLength: 2 }],
    ['of the two best', { topK: 2 }, { maximumLength: 3 }],
    ['of the nucleus', { topP: 0.7 }, { maximumLength: 3 }],
    ['of all together', { temperature: 1.5, topK: 3, topP: 0.8 }, { maximumLength: 3 }],
    ['without what is forbidden', { topK: 2 }, { maximumLength: 3, forbidden: [3] }],
    ['not too short', { topK: 2 }, { maximumLength: 3, minimumLength: 1 }],
    ['without repetition', {}, { maximumLength: 3, noRepeatNgram: 1 }],
    ['of allowed tokens', { topP: 0.8 }, { maximumLength: 3, allowed: [2, 4, end] }],
    ['after a prefix', {}, { maximumLength: 3, prefix: [4] }],
  ])('draws from the distribution %s', async (_, options, reference) => {
    const model = new RandomModel(3);
    const { maximumLength, allowed, prefix, ...others } = reference;
    const seeds = Array.from({ length: 40 }, (_, n) => n);
    const inputs = {
      ...(allowed && { allowed: seeds.map(() => allowed) }),
      ...(prefix && { prefixes: seeds.map(() => prefix) }),
    };
    const all = { ...options, ...others, samples: 50 };
    const sentences = seeds.map(() => 77);
    const found = (await sample(model, sentences, seeds, maximumLength, all, inputs)).flat();
    const expected = distribution(model, 77, options, reference);
    const counts = new Map([...expected.keys()].map((key) => [key, 0]));
    for (const hypothesis of found) {
      expect(counts.has(text(hypothesis)), text(hypothesis)).toBe(true);
      counts.set(text(hypothesis), counts.get(text(hypothesis))! + 1);
    }
    // Pearson's statistic has the mean `degrees` and the variance 2 `degrees`.
    const degrees = expected.size - 1;
    let statistic = 0;
    for (const [key, probability] of expected) {
      const mean = probability * found.length;
      statistic += (counts.get(key)! - mean) ** 2 / mean;
    }
    expect(statistic).toBeLessThan(degrees + 4 * Math.sqrt(2 * degrees));
    model.dispose();
  });

  it('gives each sample its log-probability under the model, and its own weights', async () => {
    const model = new RandomModel(5);
    const options = { temperature: 2, samples: 6, forbidden: [3] };
    const [, found] = await sample(model, [4, 40], [1, 2], 4, options);
    expect(found!.length).toBe(6);
    for (const { tokens, finished, logProbability, score, weights } of found!) {
      const whole = finished ? [...tokens, end] : tokens;
      const values = whole.map((token, at) => model.logProbabilities(40, whole.slice(0, at))[token]!);
      expect(logProbability).toBeCloseTo(
        values.reduce((sum, value) => sum + value, 0),
        4,
      );
      expect(score).toBe(logProbability);
      const rows = tokens.map((_, at) => [model.row(40, tokens.slice(0, at)), 40]);
      expect(weights.map((row) => [...row])).toEqual(rows);
    }
    model.dispose();
  });

  it('gives a sentence of a batch what it gets alone with the same seed, and with another one others', async () => {
    const model = new RandomModel(7, { endBonus: 1 });
    const sentences = Array.from({ length: 13 }, (_, n) => n * 31);
    const seeds = sentences.map((n) => n % 5);
    const together = await sample(model, sentences, seeds, 8, { samples: 2 });
    for (const n of [0, 5, 12]) {
      const alone = await sample(model, [sentences[n]!], [seeds[n]!], 8, { samples: 2 });
      expect(together[n]).toEqual(alone[0]);
    }
    const [one, other] = await sample(model, [1, 1], [1, 2], 8, { samples: 20 });
    expect(one!.map(text)).not.toEqual(other!.map(text));
    model.dispose();
  });

  it.for(['node', 'wasm'] as const)(
    'draws the same on %s, in graphs of open sizes, as on cpu',
    async (other, { skip }) => {
      const sizes = { state: { prefix: ['B'] }, constants: { sentence: [['B', 1]] } };
      const drawOn = async (backend: BackendName, options: Options) => {
        await useBackend(backend).catch((error: Error) => skip(error.message));
        const model = new RandomModel(9);
        const found = await sample(model, [5, 6, 7], [1, 2, 3], 6, { samples: 4, sizes, ...options });
        model.dispose();
        return found.map((samples) => samples.map(text));
      };
      for (const options of [{ forbidden: [3] }, { temperature: 1.5, topK: 4, topP: 0.9, noRepeatNgram: 2 }])
        expect(await drawOn(other, options)).toEqual(await drawOn('cpu', options));
    },
  );

  it('leaves no tensor behind', async () => {
    const model = new RandomModel(5);
    const inputs = { ...model.inputs([1, 2, 3]), maximumLength: 5, seeds: [1, 2, 3] };
    const level = tf.memory().numTensors;
    const sampling = createSampling(model.step, { begin, end, samples: 2, noRepeatNgram: 2 });
    await sampling.search(inputs);
    sampling.dispose();
    expect(tf.memory().numTensors).toBe(level);
    tf.dispose([inputs.state, inputs.constants] as unknown as tf.TensorContainer);
    model.dispose();
  });

  it('refuses options that make no sense', async () => {
    const model = new RandomModel(5);
    const create = (options: Options) => () => createSampling(model.step, { begin, end, ...options });
    expect(create({ temperature: 0 })).toThrow('temperature must be a number above 0, got 0');
    expect(create({ topK: 0 })).toThrow('topK must be a whole number of at least 1, got 0');
    expect(create({ topP: 1.1 })).toThrow('topP must be a number above 0 and at most 1, got 1.1');
    expect(create({ samples: 0 })).toThrow('samples must be a whole number of at least 1, got 0');
    await expect(sample(model, [1, 2], [1], 3, {})).rejects.toThrow('seeds has 1 entries for 2 sentences');
    model.dispose();
  });
});
