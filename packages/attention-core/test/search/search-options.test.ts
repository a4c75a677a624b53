import { type BackendName, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createBeamSearch } from '../../src/search/beam-search.js';
import { attending, sourceLength } from './attending-model.js';
import { begin, contains, end, RandomModel } from './random-model.js';
import { expectSame, searchModel } from './search-model.js';

const sentences = Array.from({ length: 9 }, (_, n) => n * 13);
const maximumLengths = sentences.map((_, n) => 5 + (n % 4));
const options = {
  lengthPenalty: 1,
  coveragePenalty: 0.5,
  stepwisePenalty: true,
  noRepeatNgram: 2,
  minimumLength: 2,
};
const inputs = {
  sourceLengths: sentences.map(sourceLength),
  prefixes: sentences.map((n) => (n % 2 === 0 ? [] : [4])),
  allowed: sentences.map((n) => (n % 3 === 0 ? [2, 3, 4, end] : [3, 4, end])),
  constraints: sentences.map((n) => (n % 4 === 0 ? [[3, 4]] : [])),
};
const of = (n: number) => ({
  sourceLengths: [inputs.sourceLengths[n]!],
  prefixes: [inputs.prefixes[n]!],
  allowed: [inputs.allowed[n]!],
  constraints: [inputs.constraints[n]!],
});

describe('all options of a beam search at once', () => {
  it.each([
    [1, 1],
    [3, 1],
    [4, 2],
  ])('give a sentence of a batch what it gets alone, beam %i, groups %i', async (beamSize, groups) => {
    await useBackend('cpu');
    const model = new RandomModel(3, { sharpness: 5, endBonus: 1 });
    const { step } = attending(model);
    const all = { ...options, beamSize, nBest: beamSize, diversity: { groups, strength: 0.5 } };
    const level = tf.memory().numTensors;
    const together = await searchModel(model, sentences, maximumLengths, all, { step, ...inputs });
    expect(tf.memory().numTensors).toBe(level);
    for (const [n, sentence] of sentences.entries()) {
      const [alone] = await searchModel(model, [sentence], maximumLengths[n]!, all, { step, ...of(n) });
      expectSame(together[n]!, alone!);
      const scores = together[n]!.map(({ score }) => score);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
      expect(new Set(together[n]!.map(({ tokens }) => tokens.join())).size).toBe(scores.length);
      for (const { tokens } of together[n]!) {
        expect(tokens.slice(0, inputs.prefixes[n]!.length)).toEqual(inputs.prefixes[n]);
        expect(inputs.constraints[n]!.every((constraint) => contains(tokens, constraint))).toBe(true);
      }
    }
    model.dispose();
  });

  it.for([
    ['node', 3],
    ['node', 12],
    // In halves: 320 rows and more.
    ['node', 40],
    ['wasm', 3],
  ] as const)(
    'give the same on %s, in graphs of open sizes, as on cpu, beam %i',
    async ([other, beamSize], { skip }) => {
      const searchOn = async (backend: BackendName) => {
        await useBackend(backend).catch((error: Error) => skip(error.message));
        const model = new RandomModel(3, { sharpness: 5, endBonus: 1 });
        const tensors = model.inputs(sentences);
        const level = tf.memory().numTensors;
        const sizes = { state: { prefix: ['B'] }, constants: { sentence: [['B', 1]] } };
        const all = { begin, end, beamSize, nBest: 3, sizes, ...options };
        const beams = createBeamSearch(attending(model).step, all);
        const found = await beams.search({ ...tensors, ...inputs, maximumLength: maximumLengths });
        beams.dispose();
        expect(tf.memory().numTensors).toBe(level);
        tf.dispose(tensors);
        model.dispose();
        return found;
      };
      const actual = await searchOn(other);
      const expected = await searchOn('cpu');
      for (const [n, hypotheses] of expected.entries()) expectSame(actual[n]!, hypotheses);
    },
  );
});
