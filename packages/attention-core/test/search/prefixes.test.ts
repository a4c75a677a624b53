import { useBackend } from '@heed/backend';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { end, exhaustive, plainBeam, RandomModel } from './random-model.js';
import { expectSame, searchModel } from './search-model.js';

beforeAll(async () => {
  await useBackend('cpu');
});

const prefixes = [[], [3], [2, 2, 4]];
const allowed = [
  [end, 3, 4],
  [2, end],
  [4, 3, 2, end],
];
const sentences = [9, 300, 4];

describe('prefixes and allowed tokens of beam search', () => {
  it('finds the true n-best that begin with the prefix and hold allowed tokens alone', async () => {
    const model = new RandomModel(2, { endBonus: 1 });
    const options = { beamSize: 130, nBest: 20, lengthPenalty: 1 };
    for (const inputs of [{ prefixes }, { allowed }, { prefixes, allowed }]) {
      const found = await searchModel(model, sentences, 4, options, inputs);
      for (const [n, sentence] of sentences.entries()) {
        const given = {
          ...('prefixes' in inputs && { prefix: inputs.prefixes![n]! }),
          ...('allowed' in inputs && { allowed: inputs.allowed![n]! }),
        };
        const all = exhaustive(model, sentence, { maximumLength: 4, lengthPenalty: 1, ...given });
        expectSame(found[n]!, all.slice(0, 20));
      }
    }
    model.dispose();
  });

  it('takes a token that is allowed twice for one', async () => {
    const model = new RandomModel(2, { endBonus: 1 });
    const options = { beamSize: 4, nBest: 4 };
    const twice = allowed.map((tokens) => [...tokens, ...tokens, tokens[0]!]);
    const found = await searchModel(model, sentences, 4, options, { allowed: twice });
    const expected = await searchModel(model, sentences, 4, options, { allowed });
    for (const [n, hypotheses] of expected.entries()) expectSame(found[n]!, hypotheses);
    model.dispose();
  });

  it('equals a plain beam search, of any width', async () => {
    const settings = fc.record({
      seed: fc.integer({ min: 0, max: 1e6 }),
      beamSize: fc.integer({ min: 1, max: 4 }),
      minimumLength: fc.integer({ min: 0, max: 4 }),
      forbidden: fc.constantFrom([], [3]),
    });
    await fc.assert(
      fc.asyncProperty(settings, async ({ seed, ...options }) => {
        const model = new RandomModel(seed, { sharpness: 4 });
        const nBest = options.beamSize;
        const found = await searchModel(model, sentences, 7, { ...options, nBest }, { prefixes, allowed });
        for (const [n, sentence] of sentences.entries()) {
          const given = { prefix: prefixes[n]!, allowed: allowed[n]!, maximumLength: 7 };
          const expected = plainBeam(model, sentence, options.beamSize, { ...options, ...given });
          expectSame(found[n]!, expected.slice(0, nBest));
        }
        model.dispose();
      }),
      { numRuns: 30, seed: 4 },
    );
  });

  it('takes a prefix as long as the maximum, and forbidden tokens in it', async () => {
    const model = new RandomModel(2);
    const [found] = await searchModel(
      model,
      [1],
      2,
      { beamSize: 2, nBest: 2, forbidden: [3] },
      {
        prefixes: [[3, 3]],
      },
    );
    expect(found!.map(({ tokens, finished }) => ({ tokens, finished }))).toEqual([
      { tokens: [3, 3], finished: false },
    ]);
    model.dispose();
  });

  it('refuses what makes no sense', async () => {
    const model = new RandomModel(2);
    const refused = (inputs: Parameters<typeof searchModel>[4]) =>
      expect(searchModel(model, [1], 2, { beamSize: 2 }, inputs)).rejects;
    await refused({ prefixes: [[2, 2, 2]] }).toThrow('has 3 tokens, but its maximumLength is 2');
    await refused({ prefixes: [[end]] }).toThrow('the prefix of sentence 0 holds the end token 1');
    await refused({ prefixes: [] }).toThrow('prefixes has 0 entries for 1 sentences');
    await refused({ prefixes: [[5]] }).toThrow("token 5 is outside the step's vocabulary of 5");
    await refused({ allowed: [] }).toThrow('allowed has 0 entries for 1 sentences');
    await refused({ allowed: [[7]] }).toThrow("token 7 is outside the step's vocabulary of 5");
    await refused({ allowed: [[-1]] }).toThrow(
      'an allowed token must be a whole number of at least 0, got -1',
    );
    model.dispose();
  });
});
