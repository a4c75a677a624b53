import { useBackend } from '@heed/backend';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { plainBeam, RandomModel } from './random-model.js';
import { expectSame, searchModel } from './search-model.js';

beforeAll(async () => {
  await useBackend('cpu');
});

describe('diverse beam search', () => {
  it('equals a plain one, in which each group searches by itself', async () => {
    const settings = fc.record({
      seed: fc.integer({ min: 0, max: 1e6 }),
      groups: fc.integer({ min: 1, max: 3 }),
      groupSize: fc.integer({ min: 1, max: 3 }),
      strength: fc.constantFrom(0, 0.3, 1, 20),
      lengthPenalty: fc.constantFrom(0, 1),
      endBonus: fc.constantFrom(-1, 1),
    });
    await fc.assert(
      fc.asyncProperty(settings, async ({ seed, endBonus, groups, groupSize, strength, lengthPenalty }) => {
        const model = new RandomModel(seed, { endBonus, sharpness: 3 });
        const beamSize = groups * groupSize;
        const diversity = { groups, strength };
        const options = { beamSize, nBest: beamSize, lengthPenalty, diversity };
        const found = await searchModel(model, [9, 300, 4], 6, options);
        for (const [n, sentence] of [9, 300, 4].entries()) {
          const given = { lengthPenalty, maximumLength: 6 };
          expectSame(found[n]!, plainBeam(model, sentence, beamSize, given, diversity));
          expect(new Set(found[n]!.map(({ tokens }) => tokens.join())).size).toBe(found[n]!.length);
        }
        model.dispose();
      }),
      { numRuns: 40, seed: 6 },
    );
  });

  it('gives every group another first token where diversity outweighs all else', async () => {
    const model = new RandomModel(6, { endBonus: -30, sharpness: 6 });
    const options = { beamSize: 3, nBest: 3, diversity: { groups: 3, strength: 100 } };
    const [found] = await searchModel(model, [5], 4, options);
    for (const at of [0, 1, 2, 3]) {
      expect(new Set(found!.map(({ tokens }) => tokens[at]))).toEqual(new Set([2, 3, 4]));
    }
    model.dispose();
  });

  it('makes an end dearer that an earlier group has just taken', async () => {
    const model = new RandomModel(6, { endBonus: 4, sharpness: 1 });
    const lengths = async (strength: number) => {
      const options = { beamSize: 3, nBest: 3, diversity: { groups: 3, strength } };
      const [found] = await searchModel(model, [5], 4, options);
      return found!.map(({ tokens }) => tokens.length);
    };
    expect(await lengths(0)).toEqual([0]);
    const longer = await lengths(20);
    expect(longer).toHaveLength(3);
    expect(longer.filter((length) => length > 0)).toHaveLength(2);
    model.dispose();
  });

  it('meets lexical constraints in every group, and gives what all found once', async () => {
    const model = new RandomModel(6, { endBonus: 3, sharpness: 6 });
    const options = { beamSize: 3, nBest: 3, diversity: { groups: 3, strength: 100 } };
    const [found] = await searchModel(model, [5], 1, options, { constraints: [[[3]]] });
    expect(found!.map(({ tokens }) => tokens)).toEqual([[3]]);
    model.dispose();
  });

  it('refuses groups that do not divide the beam', async () => {
    const model = new RandomModel(6);
    const search = (groups: number, strength: number) =>
      expect(searchModel(model, [5], 4, { beamSize: 3, diversity: { groups, strength } })).rejects;
    await search(2, 1).toThrow('beamSize (3) must be a multiple of diversity.groups (2)');
    await search(0, 1).toThrow('diversity.groups must be a whole number of at least 1, got 0');
    await search(3, -1).toThrow('diversity.strength must be a number of at least 0, got -1');
    model.dispose();
  });
});
