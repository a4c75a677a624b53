import { randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { beamSearch } from '../../src/index.js';

beforeAll(async () => void (await useBackend('cpu')));

const [BEGIN, END] = [0, 1];

/** A model that sees the last token alone: log-probabilities [V, V] of a token after another. */
function bigramModel(vocabulary: number, seed: number): { table: number[][]; tensor: tf.Tensor2D } {
  const random = randomSource(seed);
  const logits = Array.from({ length: vocabulary }, () =>
    Array.from({ length: vocabulary }, () => 6 * (random() - 0.5)),
  );
  const tensor = tf.tidy(() => tf.logSoftmax(tf.tensor2d(logits)) as tf.Tensor2D);
  return { table: tensor.arraySync(), tensor };
}

/** The score of the best sequence of so many tokens none of which ends, by dynamic programming (Viterbi 1967). */
function viterbi(table: readonly number[][], length: number): number {
  const words = table.map((_, token) => token).filter((token) => token !== BEGIN && token !== END);
  let best = new Map([[BEGIN, 0]]);
  for (let step = 0; step < length; step++) {
    best = new Map(
      words.map((word) => [
        word,
        Math.max(...[...best].map(([last, score]) => score + (table[last]?.[word] as number))),
      ]),
    );
  }
  return Math.max(...best.values());
}

async function search(
  tensor: tf.Tensor2D,
  length: number,
  options: { beamSize: number; recombineNgram?: number },
) {
  const step = (tokens: tf.Tensor1D, state: { seen: tf.Tensor2D }) => ({
    scores: tf.gather(tensor, tokens) as tf.Tensor2D,
    state,
    weights: tf.zeros([tokens.shape[0], 1]) as tf.Tensor2D,
  });
  const state = { seen: tf.zeros([1, 1]) as tf.Tensor2D };
  const inputs = { state, constants: {}, maximumLength: length };
  const all = { begin: BEGIN, end: END, minimumLength: length, ...options, nBest: options.beamSize };
  const [found] = await beamSearch(step, inputs, all);
  state.seen.dispose();
  return found ?? [];
}

describe('recombineNgram of beam search', () => {
  it('makes it exact for a model that sees no more than the tokens that are compared', async () => {
    const settings = fc.record({ seed: fc.integer(), vocabulary: fc.integer({ min: 4, max: 9 }) });
    await fc.assert(
      fc.asyncProperty(settings, async ({ seed, vocabulary }) => {
        const { table, tensor } = bigramModel(vocabulary, seed);
        const [best] = await search(tensor, 6, { beamSize: vocabulary - 2, recombineNgram: 1 });
        expect(best?.logProbability).toBeCloseTo(viterbi(table, 6), 4);
        const steps = best?.tokens.map((token, i) => table[best.tokens[i - 1] ?? BEGIN]?.[token] as number);
        expect(steps?.reduce((sum, value) => sum + value, 0)).toBeCloseTo(viterbi(table, 6), 4);
        tensor.dispose();
      }),
      { numRuns: 30, seed: 5 },
    );
  });

  it('leaves hypotheses that end differently, and as many as there are such ends', async () => {
    const { tensor } = bigramModel(8, 3);
    const endings = async (n: number) =>
      (await search(tensor, 5, { beamSize: 6, recombineNgram: n })).map(({ tokens }) =>
        tokens.slice(-n).join(' '),
      );
    expect(new Set(await endings(1)).size).toBe(6);
    expect(new Set(await endings(2)).size).toBe(6);
    const free = await search(tensor, 5, { beamSize: 6 });
    expect(new Set(free.map(({ tokens }) => tokens.at(-1))).size).toBeLessThan(6);
    tensor.dispose();
  });

  it('refuses what is no length', async () => {
    const { tensor } = bigramModel(4, 1);
    await expect(search(tensor, 3, { beamSize: 2, recombineNgram: 0 })).rejects.toThrow(
      'recombineNgram must be a whole number of at least 1, got 0',
    );
    tensor.dispose();
  });
});
