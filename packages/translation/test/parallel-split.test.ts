import { sentenceKey } from '@heed/text';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitByTarget } from '../src/data/parallel-split.js';
import type { SentencePair } from '../src/data/sentence-pair.js';

const pairsWithRepeats = fc.array(
  fc.record({
    source: fc.string(),
    target: fc.constantFrom('Go.', 'go!', 'Run', 'Who?', 'a b', 'c', 'd', 'e'),
  }),
  { maxLength: 60 },
);

test('every pair lands on one side, and equal target sentences on the same one', () => {
  fc.assert(
    fc.property(pairsWithRepeats, fc.nat(20), fc.nat(20), (pairs, validation, testSize) => {
      const split = splitByTarget(pairs, { validation, test: testSize });
      const sides = [split.train, split.validation, split.test];
      expect(sides.flat()).toHaveLength(pairs.length);
      expect(new Set(sides.flat())).toEqual(new Set(pairs));
      expect(split.validation.length).toBeLessThanOrEqual(validation);
      expect(split.test.length).toBeLessThanOrEqual(testSize);
      const keys = sides.map((side) => new Set(side.map((pair) => sentenceKey(pair.target))));
      const count = keys.reduce((sum, set) => sum + set.size, 0);
      expect(new Set(keys.flatMap((set) => [...set])).size).toBe(count);
    }),
  );
});

test('the order of the file does not matter', () => {
  fc.assert(
    fc.property(pairsWithRepeats, (pairs) => {
      const sizes = { validation: 5, test: 7 };
      const targets = (side: SentencePair[]) => side.map((pair) => pair.target).sort();
      const forwards = splitByTarget(pairs, sizes);
      const backwards = splitByTarget([...pairs].reverse(), sizes);
      expect(targets(backwards.validation)).toEqual(targets(forwards.validation));
      expect(targets(backwards.test)).toEqual(targets(forwards.test));
    }),
  );
});

test('sizes are exact, and a sorted file is sampled evenly', () => {
  const pairs = Array.from({ length: 10_000 }, (_, index) => ({
    source: `s${index}`,
    target: `word ${index}`,
  }));
  const { validation, test: held, train } = splitByTarget(pairs, { validation: 1000, test: 500 });
  expect([train.length, validation.length, held.length]).toEqual([8500, 1000, 500]);
  const fromFirstHalf = validation.filter((pair) => Number(pair.target.slice(5)) < 5000).length;
  // Binomial with n = 1000 and p = 1/2: six standard deviations are 95.
  expect(Math.abs(fromFirstHalf - 500)).toBeLessThan(95);
});

test('the cut is fixed for ever: a change would let trained models see what was kept from them', () => {
  const pairs = Array.from({ length: 12 }, (_, index) => ({ source: '', target: `sentence ${index}` }));
  const { validation, test: held } = splitByTarget(pairs, { validation: 3, test: 3 });
  expect([validation, held].map((side) => side.map((pair) => pair.target))).toMatchInlineSnapshot(`
    [
      [
        "sentence 0",
        "sentence 2",
        "sentence 9",
      ],
      [
        "sentence 3",
        "sentence 5",
        "sentence 11",
      ],
    ]
  `);
});
