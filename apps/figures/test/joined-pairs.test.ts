import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinPairs } from '../src/joined-pairs.js';

const pairsOf = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ source: `s${i}`, target: `t${i}` }));

test('none is taken twice, and sources and targets go together', () => {
  const sizes = fc.record({
    total: fc.integer({ min: 0, max: 300 }),
    count: fc.integer({ min: 1, max: 20 }),
    size: fc.integer({ min: 1, max: 20 }),
  });
  fc.assert(
    fc.property(sizes, ({ total, count, size }) => {
      if (count * size > total) {
        expect(() => joinPairs(pairsOf(total), count, size)).toThrow('not enough');
        return;
      }
      const joined = joinPairs(pairsOf(total), count, size);
      const sources = joined.flatMap(({ source }) => source.split(' '));
      expect(joined).toHaveLength(count);
      expect(sources).toHaveLength(count * size);
      expect(new Set(sources).size).toBe(count * size);
      for (const { source, target } of joined) expect(target).toBe(source.replaceAll('s', 't'));
    }),
  );
});

test('of pairs sorted by length, each joined one has short and long ones', () => {
  const joined = joinPairs(pairsOf(100), 10, 5);
  for (const { source } of joined) {
    const numbers = source.split(' ').map((name) => Number(name.slice(1)));
    expect(numbers.map((number) => Math.floor(number / 20))).toEqual([0, 1, 2, 3, 4]);
  }
});
