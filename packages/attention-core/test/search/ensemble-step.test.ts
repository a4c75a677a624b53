import { useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { beamSearch } from '../../src/search/beam-search.js';
import { ensembleStep } from '../../src/search/ensemble-step.js';
import type { Hypothesis } from '../../src/search/hypothesis.js';
import { begin, end, exhaustive, RandomModel, type ReferenceModel } from './random-model.js';
import { expectSame } from './search-model.js';

const normalised = (values: number[]) => {
  const total = Math.log(values.reduce((sum, value) => sum + Math.exp(value), 0));
  return values.map((value) => value - total);
};

const means = {
  probabilities: (values: number[]) =>
    Math.log(values.reduce((sum, value) => sum + Math.exp(value), 0) / values.length),
  logProbabilities: (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length,
};

describe('ensembleStep', () => {
  it.each(['probabilities', 'logProbabilities'] as const)(
    'finds the true n-best of the mean of %s',
    async (mean) => {
      await useBackend();
      const models = [1, 2, 3].map((seed) => new RandomModel(seed, { endBonus: 1, sharpness: 3 }));
      const sentences = [5, 77];
      const inputs = models.map((model) => model.inputs(sentences));
      const step = ensembleStep(
        models.map((model) => model.step),
        { mean },
      );
      const found = await beamSearch(
        step,
        {
          state: inputs.map(({ state }) => state),
          constants: inputs.map(({ constants }) => constants),
          maximumLength: 4,
        },
        { begin, end, beamSize: 130, nBest: 20 },
      );
      const together: ReferenceModel = {
        logProbabilities(sentence, prefix) {
          const each = models.map((model) => model.logProbabilities(sentence, prefix));
          return normalised(each[0]!.map((_, token) => means[mean](each.map((values) => values[token]!))));
        },
      };
      for (const [n, sentence] of sentences.entries()) {
        expectSame(found[n]!, exhaustive(together, sentence, { maximumLength: 4 }).slice(0, 20));
      }
      tf.dispose(inputs);
      for (const model of models) model.dispose();
    },
  );

  it('of equal steps whose scores are no log-probabilities is that step', async () => {
    await useBackend();
    const model = new RandomModel(3);
    const scored: typeof model.step = (tokens, state, constants) => {
      const output = model.step(tokens, state, constants) as { logits: tf.Tensor2D };
      return { ...output, logits: undefined, scores: tf.mul(tf.logSoftmax(output.logits), 3) } as never;
    };
    const inputs = [model.inputs([4]), model.inputs([4])] as const;
    const wanted = { begin, end, beamSize: 5, nBest: 5 };
    const [alone] = await beamSearch(scored, { ...inputs[0], maximumLength: 4 }, wanted);
    for (const mean of ['probabilities', 'logProbabilities'] as const) {
      const [together] = await beamSearch(
        ensembleStep([scored, scored], { mean }),
        {
          state: inputs.map(({ state }) => state),
          constants: inputs.map(({ constants }) => constants),
          maximumLength: 4,
        },
        wanted,
      );
      expect(together!.map(({ tokens }) => tokens)).toEqual(alone!.map(({ tokens }) => tokens));
      together!.forEach(({ score }, n) => void expect(score).toBeCloseTo(alone![n]!.score, 4));
    }
    tf.dispose([...inputs]);
    model.dispose();
  });

  it('keeps what is less probable than float32 can hold', async () => {
    await useBackend();
    const model = new RandomModel(1);
    model.set(4, [], 3, -200);
    const inputs = [model.inputs([4]), model.inputs([4])];
    const wanted = { maximumLength: 4, prefixes: [[3]] };
    const options = { begin, end, beamSize: 2 };
    const [[alone]] = (await beamSearch(model.step, { ...inputs[0]!, ...wanted }, options)) as [[Hypothesis]];
    const [found] = await beamSearch(
      ensembleStep([model.step, model.step]),
      {
        state: inputs.map(({ state }) => state),
        constants: inputs.map(({ constants }) => constants),
        ...wanted,
      },
      options,
    );
    expectSame(found!, [alone]);
    expect(alone.score).toBeLessThan(-150);
    tf.dispose(inputs);
    model.dispose();
  });

  it('gives the mean of the attention weights, and refuses to be empty', async () => {
    await useBackend('cpu');
    const model = new RandomModel(1);
    const first = model.inputs([4]);
    const other = model.inputs([8]);
    const step = ensembleStep([model.step, model.step]);
    const tokens = tf.tensor1d([begin], 'int32');
    const output = step(tokens, [first.state, other.state], [first.constants, other.constants]);
    expect(await output.weights.array()).toEqual([[(model.row(4, []) + model.row(8, [])) / 2, 6]]);
    expect(() => ensembleStep([])).toThrow('at least one step');
    tf.dispose([tokens, first, other, output] as unknown as tf.TensorContainer);
    model.dispose();
  });
});
