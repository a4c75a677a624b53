import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseSizes, type Quotient } from '../src/node/graph/open-sizes.js';

const NAMES = ['T', 'B', 'S', 'U'];
const fixedSizes = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 12 });
const products = (sizes: ReadonlyMap<string, number>) => {
  const all = [...sizes.values()];
  return all.flatMap((a, i) => [a, ...all.slice(i + 1).map((b) => a * b)]);
};

describe('the numbers that stand for open sizes', () => {
  test('are no fixed size, unlike each other, and tell every product of two from every other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: NAMES.length }), fixedSizes, (count, fixed) => {
        const recordings = chooseSizes(NAMES.slice(0, count), [], new Set(fixed));
        expect(recordings).toHaveLength(3);
        for (const sizes of recordings) {
          expect(new Set(sizes.values()).size).toBe(count);
          expect([...sizes.values()].filter((size) => fixed.includes(size))).toEqual([]);
        }
        const [first, second, third] = recordings.map(products) as [number[], number[], number[]];
        const forms = first.map((_, i) => [first[i], second[i], third[i]].join());
        expect(new Set(forms).size).toBe(forms.length);
        expect(first.every((product, i) => product !== second[i])).toBe(true);
      }),
    );
  });

  test('are small, since recordings compute with them', () => {
    const recordings = chooseSizes(['T', 'B', 'S'], [], new Set([1, 10, 16, 32, 64, 256, 8000]));
    expect(Math.max(...recordings.flatMap((sizes) => [...sizes.values()]))).toBeLessThan(24);
  });

  test('have quotients that are told apart as well', () => {
    const quotients: Quotient[] = [
      { name: 'half', of: 'T', divisor: 2 },
      { name: 'quarter', of: 'half', divisor: 2 },
    ];
    for (const sizes of chooseSizes(['T', 'B', 'U'], quotients, new Set([5, 8, 32]))) {
      expect(sizes.get('half')).toBe(Math.ceil((sizes.get('T') as number) / 2));
      expect(sizes.get('quarter')).toBe(Math.ceil((sizes.get('half') as number) / 2));
      expect(new Set(sizes.values()).size).toBe(5);
    }
  });

  test('are refused where there are too many', () => {
    const names = Array.from({ length: 24 }, (_, i) => `size_${i}`);
    expect(() => chooseSizes(names, [], new Set())).toThrow('too many open sizes');
  });
});
