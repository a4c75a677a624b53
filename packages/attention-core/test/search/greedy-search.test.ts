import { useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { beamSearch } from '../../src/search/beam-search.js';
import { createGreedySearch, greedySearch } from '../../src/search/greedy-search.js';
import { begin, end, RandomModel } from './random-model.js';

beforeAll(async () => {
  await useBackend();
});

/** The most probable token at every step, in plain JavaScript. */
function plainGreedy(model: RandomModel, sentence: number, maximumLength: number) {
  const tokens: number[] = [];
  let logProbability = 0;
  for (let step = 0; step < maximumLength; step++) {
    const values = model.logProbabilities(sentence, tokens);
    values[begin] = Number.NEGATIVE_INFINITY;
    const token = values.indexOf(Math.max(...values));
    logProbability += values[token]!;
    if (token === end) return { tokens, logProbability, finished: true };
    tokens.push(token);
  }
  return { tokens, logProbability, finished: false };
}

describe('greedySearch', () => {
  it('takes the most probable token at every step, as a beam of one does', async () => {
    for (const seed of [1, 2, 3, 4]) {
      const model = new RandomModel(seed, { sharpness: 3 });
      const sentences = [3, 14, 159, 26, 535, 8, 97];
      const maximumLength = [9, 1, 7, 5, 9, 12, 3];
      const inputs = { ...model.inputs(sentences), maximumLength };
      const found = await greedySearch(model.step, inputs, { begin, end });
      const options = { begin, end, beamSize: 1, lengthPenalty: 0 };
      expect(await beamSearch(model.step, inputs, options)).toEqual(found.map((hypothesis) => [hypothesis]));
      for (const [n, sentence] of sentences.entries()) {
        const { logProbability, ...rest } = plainGreedy(model, sentence, maximumLength[n]!);
        expect(found[n]).toMatchObject(rest);
        expect(found[n]!.logProbability).toBeCloseTo(logProbability, 5);
        expect(found[n]!.score).toBe(found[n]!.logProbability);
      }
      tf.dispose([inputs.state, inputs.constants]);
      model.dispose();
    }
  });

  it('finds what is left beside a forbidden token that is far more probable, and forced ones that are impossible', async () => {
    const logits = (row: number[]) => (tokens: tf.Tensor1D, state: tf.Tensor2D) => ({
      state: tf.clone(state),
      weights: tf.ones<tf.Rank.R2>([tokens.shape[0], 1]),
      logits: tf.tile(tf.tensor2d([row]), [tokens.shape[0], 1]),
    });
    const inputs = { state: tf.zeros<tf.Rank.R2>([1, 1]), constants: undefined, maximumLength: 2 };
    for (const far of [88, 90, 200]) {
      const [found] = await greedySearch(logits([0, far, 1, 2]), inputs, {
        begin: 0,
        end: 2,
        forbidden: [1],
      });
      expect(found!.tokens).toEqual([3, 3]);
      expect(found!.logProbability).toBeCloseTo(2 * (2 - far), 3);
    }
    const impossible = logits([0, Number.NEGATIVE_INFINITY, 1, 2]);
    const forced = { ...inputs, prefixes: [[1]] };
    for (const beamSize of [1, 2]) {
      const [[best] = []] = await beamSearch(impossible, forced, { begin: 0, end: 2, beamSize });
      expect(best).toMatchObject({ score: Number.NEGATIVE_INFINITY });
      expect(best!.tokens[0]).toBe(1);
    }
    tf.dispose(inputs.state);
  });

  it('leaves no tensor behind', async () => {
    const model = new RandomModel(5);
    const inputs = model.inputs([1, 2, 3]);
    const level = tf.memory().numTensors;
    const greedy = createGreedySearch(model.step, { begin, end });
    await greedy.search({ ...inputs, maximumLength: 7 });
    await greedy.search({ ...inputs, maximumLength: 3 });
    greedy.dispose();
    expect(tf.memory().numTensors).toBe(level);
    tf.dispose(inputs);
    model.dispose();
  });
});
