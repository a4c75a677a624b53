import { useBackend } from '@heed/backend';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { repeatingTokens } from '../../src/search/ngram-blocking.js';
import { contains, exhaustive, plainBeam, RandomModel } from './random-model.js';
import { expectSame, searchModel } from './search-model.js';

beforeAll(async () => {
  await useBackend('cpu');
});

describe('repeatingTokens', () => {
  it('is every token after which the last n have been there before', () => {
    const token = fc.integer({ min: 0, max: 2 });
    fc.assert(
      fc.property(fc.array(token, { maxLength: 12 }), fc.integer({ min: 1, max: 4 }), (tokens, n) => {
        const expected = [0, 1, 2].filter((next) => {
          const longer = [...tokens, next];
          return longer.length >= n && contains(longer, longer.slice(-n), 2);
        });
        expect([...new Set(repeatingTokens(tokens, n))].sort()).toEqual(expected);
      }),
    );
  });
});

describe('noRepeatNgram of beam search', () => {
  it.each([1, 2, 3])('finds the true n-best without repeated %i-grams if wide enough', async (n) => {
    const model = new RandomModel(n, { sharpness: 3 });
    const options = { noRepeatNgram: n, lengthPenalty: 1 };
    const found = await searchModel(model, [5, 77], 4, { beamSize: 130, nBest: 20, ...options });
    for (const [at, sentence] of [5, 77].entries()) {
      const all = exhaustive(model, sentence, { maximumLength: 4, ...options });
      expectSame(found[at]!, all.slice(0, 20));
    }
    model.dispose();
  });

  it('equals a plain beam search, of any width', async () => {
    const settings = fc.record({
      seed: fc.integer({ min: 0, max: 1e6 }),
      beamSize: fc.integer({ min: 1, max: 4 }),
      noRepeatNgram: fc.integer({ min: 1, max: 3 }),
      minimumLength: fc.integer({ min: 0, max: 2 }),
      endBonus: fc.constantFrom(-2, 0, 1),
    });
    await fc.assert(
      fc.asyncProperty(settings, async ({ seed, endBonus, ...options }) => {
        const model = new RandomModel(seed, { endBonus, sharpness: 4 });
        const nBest = options.beamSize;
        const found = await searchModel(model, [9, 300, 4], 9, { ...options, nBest });
        for (const [n, sentence] of [9, 300, 4].entries()) {
          const expected = plainBeam(model, sentence, options.beamSize, { ...options, maximumLength: 9 });
          // Where nothing may follow, the search gives what there is, and the reference nothing.
          if (expected.length > 0) expectSame(found[n]!, expected.slice(0, nBest));
        }
        model.dispose();
      }),
      { numRuns: 40, seed: 3 },
    );
  });

  it('goes on where all that is left is more improbable than a softmax can hold', async () => {
    const model = new RandomModel(1, { sharpness: 300 });
    const [found] = await searchModel(model, [9], 4, { beamSize: 130, nBest: 5, noRepeatNgram: 1 });
    const expected = exhaustive(model, 9, { maximumLength: 4, noRepeatNgram: 1 }).slice(0, 5);
    expect(found!.map(({ tokens }) => tokens)).toEqual(expected.map(({ tokens }) => tokens));
    expect(found![4]!.score / expected[4]!.score).toBeCloseTo(1, 4);
    model.dispose();
  });

  it('refuses what is no length', async () => {
    const model = new RandomModel(1);
    await expect(searchModel(model, [1], 3, { beamSize: 2, noRepeatNgram: 0 })).rejects.toThrow(
      'noRepeatNgram must be a whole number of at least 1, got 0',
    );
    model.dispose();
  });
});
