import { useBackend } from '@heed/backend';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { allocateBanks, LexicalConstraints } from '../../src/search/lexical-constraints.js';
import { contains, containsAll, end, exhaustive, RandomModel } from './random-model.js';
import { expectSame, searchModel } from './search-model.js';

beforeAll(async () => {
  await useBackend('cpu');
});

describe('LexicalConstraints', () => {
  it('knows after every token which constraints are met and how much of the others the end matches', () => {
    const token = fc.integer({ min: 2, max: 3 });
    const constraints = fc.array(fc.array(token, { minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(constraints, fc.array(token, { maxLength: 14 }), (sequences, tokens) => {
        const tracked = new LexicalConstraints(sequences, new Set());
        let progress = tracked.advance(undefined);
        for (const next of tokens) progress = tracked.advance(progress, next);
        const matched = sequences.map((sequence) => {
          if (contains(tokens, sequence)) return sequence.length;
          const ends = sequence
            .map((_, n) => n)
            .filter((n) => `${tokens.slice(-n)}` === `${sequence.slice(0, n)}`);
          return Math.max(0, ...ends.filter((n) => n > 0));
        });
        expect(progress.matched).toEqual(matched);
        const all = sequences.every((sequence) => contains(tokens, sequence));
        expect(progress.bank === tracked.lastBank).toBe(all);
        expect(progress.bank).toBeLessThanOrEqual(tracked.lastBank);
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  it('refuses constraints that cannot be met', () => {
    expect(() => new LexicalConstraints([[]], new Set())).toThrow('a lexical constraint is empty');
    expect(() => new LexicalConstraints([[2, end]], new Set([end]))).toThrow(
      'the lexical constraint [2,1] holds the token 1, which is never generated',
    );
  });
});

describe('allocateBanks', () => {
  it('divides evenly, gives the rest to the last bank, and moves what a bank cannot fill', () => {
    expect(allocateBanks(6, [9, 9, 9])).toEqual([2, 2, 2]);
    expect(allocateBanks(5, [9, 9, 9])).toEqual([1, 1, 3]);
    expect(allocateBanks(1, [9, 9])).toEqual([0, 1]);
    expect(allocateBanks(6, [9, 1, 0])).toEqual([5, 1, 0]);
    expect(allocateBanks(6, [9, 9, 1])).toEqual([2, 3, 1]);
    expect(allocateBanks(6, [1, 0, 2])).toEqual([1, 0, 2]);
    expect(allocateBanks(3, [7])).toEqual([3]);
  });
});

describe('lexical constraints of beam search', () => {
  const sentences = [5, 77, 300, 8];
  const constraints = [
    [[3]],
    [[2, 2, 4]],
    [],
    [
      [4, 3],
      [3, 2],
    ],
  ];

  it('finds the true n-best among those that contain all if wide enough', async () => {
    for (const seed of [1, 2]) {
      const model = new RandomModel(seed, { endBonus: 2, sharpness: 3 });
      const options = { lengthPenalty: 1, beamSize: 130, nBest: 10 };
      const found = await searchModel(model, sentences, 4, options, { constraints });
      for (const [n, sentence] of sentences.entries()) {
        const given = { maximumLength: 4, lengthPenalty: 1, constraints: constraints[n]! };
        expectSame(found[n]!, exhaustive(model, sentence, given).slice(0, 10));
      }
      model.dispose();
    }
  });

  it('gives hypotheses of the right scores that contain all, with a beam of any width', async () => {
    const settings = fc.record({
      seed: fc.integer({ min: 0, max: 1e6 }),
      beamSize: fc.integer({ min: 1, max: 5 }),
      endBonus: fc.constantFrom(-2, 0, 4),
    });
    await fc.assert(
      fc.asyncProperty(settings, async ({ seed, beamSize, endBonus }) => {
        const model = new RandomModel(seed, { endBonus, sharpness: 6 });
        const options = { beamSize, nBest: beamSize };
        const found = await searchModel(model, sentences, 5, options, { constraints });
        for (const [n, sentence] of sentences.entries()) {
          const given = { maximumLength: 5, constraints: constraints[n]! };
          const all = exhaustive(model, sentence, given);
          expect(found[n]!.length).toBeGreaterThan(0);
          expectSame(
            found[n]!,
            all.filter(({ tokens }) => found[n]!.some((other) => `${other.tokens}` === `${tokens}`)),
          );
        }
        model.dispose();
      }),
      { numRuns: 25, seed: 2 },
    );
  });

  it('gives others only where none contains all', async () => {
    const model = new RandomModel(3);
    const options = { beamSize: 3, nBest: 3 };
    const [found] = await searchModel(model, [5], 2, options, { constraints: [[[3, 3, 3]]] });
    expect(found!.map(({ tokens, finished }) => [tokens.length, finished])).toEqual(
      Array(3).fill([2, false]),
    );
    expect(
      found!.some(({ tokens }) => containsAll(tokens, { maximumLength: 2, constraints: [[3, 3]] })),
    ).toBe(true);
    await expect(searchModel(model, [5], 2, options, { constraints: [[[0]]] })).rejects.toThrow(
      'the lexical constraint [0] holds the token 0',
    );
    await expect(searchModel(model, [5], 2, options, { constraints: [] })).rejects.toThrow(
      'constraints has 0 entries for 1 sentences',
    );
    model.dispose();
  });
});
