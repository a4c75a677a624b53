import { describe, expect, test } from 'vitest';
import { meanInterval } from '../src/index.js';

describe('meanInterval', () => {
  test.each([
    // Half widths of scipy.stats.t.interval(0.95, n - 1, mean, sem) of 0, 1, 0, 1, …
    [2, 6.3531],
    [4, 0.9187],
    [12, 0.3318],
    [40, 0.162],
  ])('of %i values has the width of the t distribution', (count, half) => {
    const { mean, low, high } = meanInterval(Array.from({ length: count }, (_, i) => i % 2));
    expect(mean).toBe(0.5);
    expect((high as number) - mean).toBeCloseTo(half, 3);
    expect(mean - (low as number)).toBeCloseTo(half, 3);
  });

  test('of one value is that value, without an interval; of none an error', () => {
    expect(meanInterval([3])).toEqual({ mean: 3 });
    expect(() => meanInterval([])).toThrow(/at least one value/);
  });
});
