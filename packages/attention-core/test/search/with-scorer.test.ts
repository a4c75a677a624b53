import { useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { beamSearch } from '../../src/search/beam-search.js';
import type { SearchStep } from '../../src/search/search-step.js';
import { type Scorer, withScorer } from '../../src/search/with-scorer.js';
import { begin, end, exhaustive, plainBeam, RandomModel, type ReferenceModel } from './random-model.js';
import { expectSame } from './search-model.js';

const none: Record<string, never> = {};

describe('withScorer', () => {
  it('finds the true n-best of the sum, whether wide enough or stopping early', async () => {
    await useBackend();
    const model = new RandomModel(1, { endBonus: 1, sharpness: 3 });
    const language = new RandomModel(2, { endBonus: 2 });
    const sentences = [5, 77];
    const inputs = [model.inputs(sentences), language.inputs(sentences)] as const;
    const step = withScorer(model.step, language.step, 0.4);
    const together: ReferenceModel = {
      logProbabilities(sentence, prefix) {
        const scores = language.logProbabilities(sentence, prefix);
        return model.logProbabilities(sentence, prefix).map((value, token) => value + 0.4 * scores[token]!);
      },
    };
    for (const beamSize of [130, 3]) {
      const found = await beamSearch(
        step,
        {
          state: { step: inputs[0].state, scorer: inputs[1].state },
          constants: { step: inputs[0].constants, scorer: inputs[1].constants },
          maximumLength: 4,
          prefixes: [[], [3]],
        },
        { begin, end, beamSize, nBest: 3, lengthPenalty: 1, noRepeatNgram: 2 },
      );
      for (const [n, sentence] of sentences.entries()) {
        const options = { maximumLength: 4, lengthPenalty: 1, noRepeatNgram: 2, prefix: n === 0 ? [] : [3] };
        const expected =
          beamSize === 130
            ? exhaustive(together, sentence, options)
            : plainBeam(together, sentence, beamSize, options);
        expectSame(found[n]!, expected.slice(0, 3));
      }
    }
    tf.dispose([...inputs]);
    model.dispose();
    language.dispose();
  });

  it('uses the scores of a scorer without a state as they are', async () => {
    await useBackend('cpu');
    const model = new RandomModel(1);
    const shorter: Scorer<Record<string, never>, Record<string, never>> = (tokens, state) => ({
      scores: tf.tile(tf.tensor2d([[0, 0, -1, -1, -1]]), [tokens.shape[0], 1]),
      state,
    });
    const inputs = model.inputs([5]);
    const { state, constants } = inputs;
    const [found] = await beamSearch(
      withScorer(model.step, shorter, 2),
      {
        state: { step: state, scorer: none },
        constants: { step: constants, scorer: none },
        maximumLength: 4,
      },
      { begin, end, beamSize: 130, nBest: 9 },
    );
    const all = exhaustive(model, 5, { maximumLength: 4 }).map((hypothesis) => {
      const score = hypothesis.score - 2 * hypothesis.tokens.length;
      return { ...hypothesis, score, logProbability: score };
    });
    expectSame(found!, all.sort((a, b) => b.score - a.score).slice(0, 9));
    tf.dispose(inputs);
    model.dispose();
  });

  it('leaves a scorer of weight 0 out, whatever it scores', async () => {
    await useBackend();
    const model = new RandomModel(1, { endBonus: 1 });
    const { state, constants } = model.inputs([5]);
    const never: Scorer<Record<string, never>, Record<string, never>> = (tokens, none) => ({
      scores: tf.fill([tokens.shape[0], 5], Number.NEGATIVE_INFINITY),
      state: none,
    });
    const none = {};
    const [found] = await beamSearch(
      withScorer(model.step, never, 0),
      {
        state: { step: state, scorer: none },
        constants: { step: constants, scorer: none },
        maximumLength: 4,
      },
      { begin, end, beamSize: 130, nBest: 9 },
    );
    expectSame(found!, exhaustive(model, 5, { maximumLength: 4 }).slice(0, 9));
    tf.dispose([state, constants] as unknown as tf.TensorContainer);
    model.dispose();
  });

  it('refuses weights below 0 and scores above it', async () => {
    await useBackend('cpu');
    const model = new RandomModel(1);
    expect(() => withScorer(model.step, model.step, -1)).toThrow(
      'weight must be a number of at least 0, got -1',
    );
    const rising: SearchStep<Record<string, never>, tf.Tensor2D> = (_, state, constants) => ({
      scores: tf.add(constants, 5),
      state,
      weights: constants,
    });
    const constants = tf.zeros<tf.Rank.R2>([1, 4]);
    await expect(
      beamSearch(rising, { state: {}, constants, maximumLength: 2 }, { begin, end, beamSize: 1 }),
    ).rejects.toThrow('the score 5 at step 1 for sentence 0; scores must be at most 0');
    constants.dispose();
    model.dispose();
  });
});
