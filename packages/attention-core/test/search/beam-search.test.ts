import { useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type BeamSearchOptions, beamSearch, createBeamSearch } from '../../src/search/beam-search.js';
import type { Hypothesis } from '../../src/search/hypothesis.js';
import type { SearchStep } from '../../src/search/search-step.js';
import { begin, end, exhaustive, plainBeam, RandomModel } from './random-model.js';
import { expectSame, searchModel } from './search-model.js';

beforeAll(async () => {
  await useBackend();
});

describe('beamSearch', () => {
  it.each([0, 0.6, 1, 2])(
    'finds the true n-best if wide enough, length penalty %d',
    async (lengthPenalty) => {
      for (const seed of [1, 2, 3]) {
        const model = new RandomModel(seed, { endBonus: 1 });
        const found = await searchModel(model, [5, 77], 4, { beamSize: 130, nBest: 20, lengthPenalty });
        for (const [n, sentence] of [5, 77].entries()) {
          const all = exhaustive(model, sentence, { maximumLength: 4, lengthPenalty });
          expectSame(found[n]!, all.slice(0, 20));
        }
        model.dispose();
      }
    },
  );

  it('equals a plain beam search that never stops early, and is sorted and without doubles', async () => {
    const settings = fc.record({
      seed: fc.integer({ min: 0, max: 1e6 }),
      beamSize: fc.integer({ min: 1, max: 4 }),
      nBestOfBeam: fc.double({ min: 0.01, max: 1, noNaN: true }),
      lengthPenalty: fc.constantFrom(0, 0.6, 1, 2),
      minimumLength: fc.integer({ min: 0, max: 3 }),
      forbidden: fc.constantFrom([], [3]),
      maximumLength: fc.integer({ min: 1, max: 9 }),
      endBonus: fc.constantFrom(-1, 0, 1),
    });
    await fc.assert(
      fc.asyncProperty(settings, async ({ seed, nBestOfBeam, maximumLength, endBonus, ...options }) => {
        const model = new RandomModel(seed, { endBonus, sharpness: 4 });
        const nBest = Math.ceil(nBestOfBeam * options.beamSize);
        const found = await searchModel(model, [9, 300, 4], maximumLength, { ...options, nBest });
        for (const [n, sentence] of [9, 300, 4].entries()) {
          const expected = plainBeam(model, sentence, options.beamSize, { ...options, maximumLength });
          expectSame(found[n]!, expected.slice(0, nBest));
          const scores = found[n]!.map(({ score }) => score);
          expect(scores).toEqual([...scores].sort((a, b) => b - a));
          expect(new Set(found[n]!.map(({ tokens }) => tokens.join())).size).toBe(found[n]!.length);
        }
        model.dispose();
      }),
      { numRuns: 40, seed: 11 },
    );
  });

  it('gives each sentence of a batch what it gets alone, while others leave the batch', async () => {
    const model = new RandomModel(3, { sharpness: 5 });
    const sentences = Array.from({ length: 23 }, (_, n) => n * 13);
    const maximumLengths = sentences.map((_, n) => (n % 7 === 0 ? 25 : 2 + (n % 5)));
    const options = { beamSize: 3, nBest: 3, lengthPenalty: 1 };
    const together = await searchModel(model, sentences, maximumLengths, options);
    expect([...model.rowsSeen]).toEqual(expect.arrayContaining([23 * 3, 4 * 3]));
    for (const rows of model.rowsSeen) expect([23, 16, 8, 4]).toContain(rows / 3);
    for (const [n, sentence] of sentences.entries()) {
      const [alone] = await searchModel(model, [sentence], maximumLengths[n]!, options);
      expectSame(together[n]!, alone!);
      expect(together[n]!.map(({ weights }) => weights)).toEqual(alone!.map(({ weights }) => weights));
    }
    model.dispose();
  });

  it('keeps the weights of each hypothesis own history, one row a token', async () => {
    const model = new RandomModel(8);
    const sentences = [40, 2, 999];
    const found = await searchModel(model, sentences, 6, { beamSize: 4, nBest: 4 });
    for (const [n, sentence] of sentences.entries()) {
      expect(found[n]!.length).toBe(4);
      for (const { tokens, weights } of found[n]!) {
        const expected = tokens.map((_, at) => [model.row(sentence, tokens.slice(0, at)), sentence]);
        expect(weights.map((row) => [...row])).toEqual(expected);
      }
    }
    model.dispose();
  });

  it('returns what the maximum length cuts off, as unfinished', async () => {
    const model = new RandomModel(4, { endBonus: -30 });
    const [found] = await searchModel(model, [1], 5, { beamSize: 2, nBest: 2 });
    expect(found!.map(({ tokens, finished }) => [tokens.length, finished])).toEqual([
      [5, false],
      [5, false],
    ]);
    model.dispose();
  });

  it('never generates begin, forbidden tokens, or an end before the minimum length', async () => {
    const model = new RandomModel(6, { endBonus: 8 });
    for (const beamSize of [1, 3]) {
      const options = { beamSize, nBest: beamSize, forbidden: [2, 4], minimumLength: 3 };
      const [found] = await searchModel(model, [1], 6, options);
      for (const { tokens } of found!) {
        expect(tokens.length).toBeGreaterThanOrEqual(3);
        expect(new Set(tokens)).toEqual(new Set([3]));
      }
    }
    model.dispose();
  });

  it('gives what there is where no token may follow', async () => {
    const model = new RandomModel(6);
    const [found] = await searchModel(model, [1], 6, { beamSize: 2, forbidden: [2, 3, 4], minimumLength: 2 });
    expect(found).toEqual([{ tokens: [], score: 0, logProbability: 0, weights: [], finished: false }]);
    model.dispose();
  });

  it('searches wide vocabularies', async () => {
    const width = 1003;
    const table = tf.variable(
      tf.logSoftmax(tf.randomNormal<tf.Rank.R2>([width, width], 0, 3, 'float32', 5)),
      false,
    );
    const step: SearchStep<Record<string, never>, tf.Tensor> = (tokens, state, constants) => ({
      logits: tf.gather(table, tokens),
      state,
      weights: tf.tile(constants as tf.Tensor2D, [tokens.shape[0], 1]),
    });
    const rows = table.arraySync() as number[][];
    const constants = tf.zeros([1, 2]);
    const options = { begin, end, beamSize: 20, nBest: 5 };
    const [found] = await beamSearch(step, { state: {}, constants, maximumLength: 2 }, options);
    const sorted = (row: number[]) =>
      row
        .map((value, token) => ({ value, token }))
        .filter(({ token }) => token !== begin)
        .sort((x, y) => y.value - x.value);
    const firsts = sorted(rows[begin]!);
    const ended = firsts.slice(0, 20).filter(({ token }) => token === end);
    const growing = firsts.filter(({ token }) => token !== end).slice(0, 20);
    const expected = growing
      .flatMap(({ value, token }) =>
        sorted(rows[token]!).map((second) => ({
          tokens: second.token === end ? [token] : [token, second.token],
          score: value + second.value,
        })),
      )
      .concat(ended.map(({ value }) => ({ tokens: [], score: value })))
      .sort((x, y) => y.score - x.score);
    expect(found!.map(({ tokens }) => tokens)).toEqual(expected.slice(0, 5).map(({ tokens }) => tokens));
    tf.dispose([table, constants]);
  });
});

describe('createBeamSearch', () => {
  it('does not trace again, and leaves no tensor behind', async () => {
    const { name } = await useBackend();
    const model = new RandomModel(3, { sharpness: 5 });
    const sentences = Array.from({ length: 12 }, (_, n) => n * 13);
    const inputs = { ...model.inputs(sentences), maximumLength: sentences.map((n) => 2 + (n % 8)) };
    const level = tf.memory().numTensors;
    const beams = createBeamSearch(model.step, { begin, end, beamSize: 3, nBest: 2 });
    const first = await beams.search(inputs);
    const warm = tf.memory().numTensors;
    const calls = model.calls;
    const again = await Promise.all([beams.search(inputs), beams.search(inputs)]);
    expect(again).toEqual([first, first]);
    expect(tf.memory().numTensors).toBe(warm);
    if (name === 'node') expect(model.calls).toBe(calls);
    beams.dispose();
    expect(tf.memory().numTensors).toBe(level);
    tf.dispose(inputs as unknown as tf.TensorContainer);
    model.dispose();
  });

  it.each([0, 3, 4])('finds a NaN among scores, in whatever column: %i', async (column) => {
    const row = Array.from({ length: 5 }, (_, i) => (i === column ? Number.NaN : -2));
    const faulty: SearchStep<Record<string, never>, tf.Tensor2D> = (tokens, state) => {
      const rows = tf.zeros<tf.Rank.R2>([tokens.shape[0], 1]);
      return { scores: tf.add<tf.Tensor2D>(rows, tf.tensor1d(row)), state, weights: rows };
    };
    const constants = tf.zeros<tf.Rank.R2>([1, 5]);
    await expect(
      beamSearch(faulty, { state: {}, constants, maximumLength: 2 }, { begin, end, beamSize: 2 }),
    ).rejects.toThrow(/NaN.* at step 1 for sentence 0/);
    constants.dispose();
  });

  it('names step and sentence of a NaN, even where the token is not among the best, and leaves no tensor', async () => {
    const model = new RandomModel(3, { endBonus: -9 });
    const options = { begin, end, beamSize: 2, forbidden: [3] };
    const [[best]] = (await searchModel(model, [70], 6, { beamSize: 2, forbidden: [3] })) as [[Hypothesis]];
    model.set(70, best.tokens.slice(0, 2), 3, Number.NaN);
    const inputs = model.inputs([5, 70, 6]);
    const beams = createBeamSearch(model.step, options);
    await beams.search({ ...inputs, maximumLength: 2 });
    const level = tf.memory().numTensors;
    await expect(beams.search({ ...inputs, maximumLength: 6 })).rejects.toThrow(
      /NaN.* at step 3 for sentence 1/,
    );
    expect(tf.memory().numTensors).toBe(level);
    beams.dispose();
    tf.dispose(inputs);
    model.dispose();
  });

  it('normalises logits, however large they are', async () => {
    const model = new RandomModel(3);
    const options = { begin, end, beamSize: 3, nBest: 3, forbidden: [3], maximumLength: 5 };
    const inputs = { ...model.inputs([5, 8]), ...options };
    const expected = await beamSearch(model.step, inputs, options);
    const shifted: typeof model.step = (...given) => {
      const output = model.step(...given);
      return { ...output, logits: tf.add(output.logits, 300) };
    };
    const actual = await beamSearch(shifted, inputs, options);
    for (const [n, sentence] of expected.entries()) {
      expect(actual[n]!.map(({ tokens }) => tokens)).toEqual(sentence.map(({ tokens }) => tokens));
      sentence.forEach(({ score }, i) => void expect(actual[n]![i]!.score).toBeCloseTo(score, 3));
    }
    tf.dispose([inputs.state, inputs.constants]);
    model.dispose();
  });

  it('refuses options and inputs that make no sense', async () => {
    const model = new RandomModel(3);
    const create = (options: Partial<BeamSearchOptions>) => () =>
      createBeamSearch(model.step, { begin, end, beamSize: 2, ...options });
    expect(create({ beamSize: 0 })).toThrow('beamSize must be a whole number of at least 1, got 0');
    expect(create({ nBest: 3 })).toThrow('nBest (3) must be at most beamSize (2)');
    expect(create({ lengthPenalty: Number.NaN })).toThrow(
      'lengthPenalty must be a number of at least 0, got NaN',
    );
    expect(create({ lengthPenalty: -1 })).toThrow('got -1');
    expect(create({ forbidden: [end] })).toThrow('the end token 1 is forbidden');
    expect(create({ end: -1 })).toThrow('a token must be a whole number of at least 0, got -1');
    await expect(searchModel(model, [1, 2], 0, { beamSize: 1 })).rejects.toThrow('maximumLength must be');
    await expect(searchModel(model, [1, 2], [3], { beamSize: 1 })).rejects.toThrow(
      '1 entries for 2 sentences',
    );
    await expect(searchModel(model, [1], 3, { beamSize: 1, forbidden: [5] })).rejects.toThrow(
      "token 5 is outside the step's vocabulary of 5",
    );
    const { state } = model.inputs([1, 2]);
    const { constants } = model.inputs([1]);
    const mixed = beamSearch(model.step, { state, constants, maximumLength: 3 }, { begin, end, beamSize: 1 });
    await expect(mixed).rejects.toThrow('first axes of 2, 1');
    tf.dispose([state, constants]);
    model.dispose();
  });
});
