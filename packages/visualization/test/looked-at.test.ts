import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lookedAt } from '../src/index.js';
import { anyKindOfTrace } from './trace.js';

describe('lookedAt', () => {
  it('is the fewest places that hold the share', () => {
    const weights = [
      [0.1, 0.6, 0.3],
      [0.4, 0.2, 0.4],
    ];
    expect(lookedAt({ weights }, 0)).toEqual({ places: [1], weight: 0.6 });
    expect(lookedAt({ weights }, 0, 0.7)).toEqual({ places: [1, 2], weight: expect.closeTo(0.9) });
    expect(lookedAt({ weights }, 1)).toEqual({ places: [0, 2], weight: 0.8 });
    expect(() => lookedAt({ weights }, 2)).toThrow('output 2: there are 2');
  });

  it('holds the share, and would not without any one of its places', () => {
    fc.assert(
      fc.property(anyKindOfTrace, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (trace, share) => {
        for (const [output, row] of trace.weights.entries()) {
          const total = row.reduce((sum, weight) => sum + weight, 0);
          const { places, weight } = lookedAt(trace, output, share);
          expect(weight).toBeGreaterThanOrEqual(share * total - 1e-9);
          const least = Math.min(...places.map((place) => row[place] as number));
          if (places.length > 1) expect(weight - least).toBeLessThan(share * total + 1e-9);
          const others = row.filter((_, place) => !places.includes(place));
          expect(Math.max(0, ...others)).toBeLessThanOrEqual(least + 1e-12);
        }
      }),
      { numRuns: 60 },
    );
  });
});
