import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { growthExponent, median, medianRatio, percentile } from '../src/statistics.js';

const values = fc.array(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 30 });

describe('statistics', () => {
  test('the median is the middle one, or the mean of the two in the middle, in any order', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([7])).toBe(7);
  });

  test('percentiles are numpy’s', () => {
    // numpy.percentile([15, 20, 35, 40, 50], [0, 10, 40, 100])
    const sample = [50, 15, 40, 20, 35];
    expect([0, 0.1, 0.4, 1].map((p) => percentile(sample, p))).toEqual([15, 17, 29, 50]);
    expect(() => percentile([], 0.5)).toThrow('no values');
  });

  test('a percentile lies between the extremes and grows with p', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (sample, p) => {
        const found = percentile(sample, p);
        expect(found).toBeGreaterThanOrEqual(Math.min(...sample));
        expect(found).toBeLessThanOrEqual(Math.max(...sample) * (1 + 1e-12));
        expect(percentile(sample, p / 2)).toBeLessThanOrEqual(found * (1 + 1e-12));
      }),
    );
  });

  test('the ratio is taken round by round: a slow round of both does not count', () => {
    expect(medianRatio([2, 20, 2], [1, 10, 1])).toBe(2);
    expect(medianRatio([1, 4, 9], [1, 2, 3])).toBe(2);
    expect(() => medianRatio([1, 2], [1])).toThrow('2 values against 1');
  });

  test('the exponent of a power is found, whatever its factor', () => {
    fc.assert(
      fc.property(fc.double({ min: -3, max: 3, noNaN: true }), values, (power, factors) => {
        const factor = factors[0] as number;
        const points = [256, 1024, 4096].map((x) => [x, factor * x ** power] as const);
        expect(growthExponent(points)).toBeCloseTo(power, 9);
      }),
    );
    // numpy.polyfit(numpy.log([1, 2, 4]), numpy.log([1, 3, 4]), 1)[0]
    expect(
      growthExponent([
        [1, 1],
        [2, 3],
        [4, 4],
      ]),
    ).toBeCloseTo(1, 12);
    expect(() => growthExponent([[256, 1]])).toThrow('two different sizes');
  });
});
