import { useBackend } from '@heed/backend';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { gnmtCoveragePenalty } from '../../src/search/coverage-penalty.js';
import { attending, sourceLength } from './attending-model.js';
import { exhaustive, plainBeam, RandomModel } from './random-model.js';
import { expectSame, searchModel } from './search-model.js';

beforeAll(async () => {
  await useBackend('cpu');
});

describe('gnmtCoveragePenalty', () => {
  it('is the logarithm of what is not covered, up to the source length', () => {
    expect(gnmtCoveragePenalty([1.7, 0.5, 0.25, 0], 3, 2)).toBeCloseTo(2 * Math.log(0.125), 12);
    expect(gnmtCoveragePenalty([1, 3], 2, 2)).toBeCloseTo(0, 12);
    expect(gnmtCoveragePenalty([0], 1, 1)).toBeGreaterThan(-100);
    expect(() => gnmtCoveragePenalty([1, 1], 3, 1)).toThrow('a source length is 3, but there are 2 weights');
  });
});

describe('the coverage penalty of beam search', () => {
  const sentences = [5, 76, 9, 4];
  const sourceLengths = sentences.map(sourceLength);

  it.each([true, false])('finds the true n-best if wide enough, stepwise %s', async (stepwisePenalty) => {
    for (const seed of [1, 2]) {
      const model = new RandomModel(seed, { endBonus: 1 });
      const attentive = attending(model);
      const options = { lengthPenalty: 0.6, coveragePenalty: 0.8, stepwisePenalty };
      const wide = { beamSize: 130, nBest: 20, ...options };
      const inputs = { step: attentive.step, sourceLengths };
      const found = await searchModel(model, sentences, 4, wide, inputs);
      for (const [n, sentence] of sentences.entries()) {
        const all = exhaustive(attentive, sentence, { maximumLength: 4, ...options });
        expectSame(found[n]!, all.slice(0, 20));
      }
      model.dispose();
    }
  });

  it('equals a plain beam search that never stops early', async () => {
    const settings = fc.record({
      seed: fc.integer({ min: 0, max: 1e6 }),
      beamSize: fc.integer({ min: 1, max: 4 }),
      lengthPenalty: fc.constantFrom(0, 1),
      coveragePenalty: fc.constantFrom(0, 0.2, 1, 5),
      stepwisePenalty: fc.boolean(),
      maximumLength: fc.integer({ min: 1, max: 8 }),
      endBonus: fc.constantFrom(0, 2),
    });
    await fc.assert(
      fc.asyncProperty(settings, async ({ seed, endBonus, maximumLength, ...options }) => {
        const model = new RandomModel(seed, { endBonus, sharpness: 4 });
        const attentive = attending(model);
        const nBest = Math.ceil(options.beamSize / 2);
        const inputs = { step: attentive.step, sourceLengths };
        const found = await searchModel(model, sentences, maximumLength, { ...options, nBest }, inputs);
        for (const [n, sentence] of sentences.entries()) {
          const expected = plainBeam(attentive, sentence, options.beamSize, { ...options, maximumLength });
          expectSame(found[n]!, expected.slice(0, nBest));
        }
        model.dispose();
      }),
      { numRuns: 40, seed: 5 },
    );
  });

  it('needs the source lengths, one a sentence', async () => {
    const model = new RandomModel(1);
    const options = { beamSize: 2, coveragePenalty: 1 };
    await expect(searchModel(model, [1, 2], 3, options)).rejects.toThrow(
      'sourceLengths has 0 entries for 2 sentences',
    );
    await expect(searchModel(model, [1], 3, options, { sourceLengths: [3] })).rejects.toThrow(
      'a source length is 3, but there are 2 weights',
    );
    await expect(searchModel(model, [1], 3, { beamSize: 2, coveragePenalty: -1 })).rejects.toThrow(
      'coveragePenalty must be a number of at least 0, got -1',
    );
    model.dispose();
  });
});
