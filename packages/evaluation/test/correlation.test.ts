import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pearsonCorrelation } from '../src/index.js';

describe("Pearson's correlation", () => {
  test('is that of statistics.correlation in Python 3.11', () => {
    const [predicted, gold] = [
      [1, 2.5, 3, 4.75, 5, 1.5],
      [1.2, 2, 3.9, 4.1, 4.8, 2.2],
    ];
    const { name, score, signature } = pearsonCorrelation(predicted, gold);
    expect(score).toBeCloseTo(92.44489000706214, 10);
    expect({ name, signature }).toEqual({ name: 'Pearson', signature: 'n:6|version:heed-0.1.0' });
  });

  test('does not depend on scale or origin, and turns with the sign', () => {
    const numbers = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 5, maxLength: 20 });
    fc.assert(
      fc.property(
        numbers,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: -9, max: 9 }),
        (values, by, from) => {
          fc.pre(new Set(values).size > 1);
          const gold = values.map((value, i) => value + ((i * 7) % 5) * 50);
          fc.pre(new Set(gold).size > 1);
          const { score } = pearsonCorrelation(values, gold);
          expect(Math.abs(score)).toBeLessThanOrEqual(100 + 1e-9);
          const moved = values.map((value) => by * value + from);
          expect(pearsonCorrelation(moved, gold).score).toBeCloseTo(score, 8);
          const turned = values.map((value) => -value);
          expect(pearsonCorrelation(turned, gold).score).toBeCloseTo(-score, 8);
        },
      ),
    );
  });

  test('of nothing, of unequal numbers of values, and of equal values is an error', () => {
    expect(() => pearsonCorrelation([], [])).toThrow(/empty corpus/);
    expect(() => pearsonCorrelation([1, 2], [1])).toThrow(/1 true labels but 2 predictions/);
    expect(() => pearsonCorrelation([1, 1], [1, 2])).toThrow(/all equal/);
  });
});
