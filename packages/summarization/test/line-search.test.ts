import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Candidate, minimumErrorRate, searchLine } from '../src/index.js';

const number = fc.integer({ min: -6, max: 6 });
const candidate = fc.record({
  features: fc.tuple(number, number, number),
  gain: fc.integer({ min: 0, max: 9 }),
});
const pools = fc.array(fc.array(candidate, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 5 });
const vector = fc.tuple(number, number, number);

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);

/** What the candidates gain that some weights choose; undefined if they leave it open. */
function gainAt(all: readonly (readonly Candidate[])[], weights: readonly number[]): number | undefined {
  let sum = 0;
  for (const pool of all) {
    const scores = pool.map(({ features }) => dot(weights, features));
    const best = Math.max(...scores);
    const gains = new Set(pool.filter((_, i) => (scores[i] as number) > best - 1e-9).map(({ gain }) => gain));
    if (gains.size > 1) return undefined;
    sum += [...gains][0] as number;
  }
  return sum;
}

const along = (weights: readonly number[], direction: readonly number[], gamma: number) =>
  weights.map((weight, i) => weight + gamma * (direction[i] as number));

describe('searchLine', () => {
  test('no γ of a fine grid gains more, and the one it gives gains what it says', () => {
    fc.assert(
      fc.property(pools, vector, vector, (all, weights, direction) => {
        const { gamma, gain } = searchLine(all, weights, direction);
        const own = gainAt(all, along(weights, direction, gamma));
        if (own !== undefined) expect(own).toBeCloseTo(gain, 9);
        for (let step = -400; step <= 400; step++) {
          const other = gainAt(all, along(weights, direction, step * 0.1 + 0.0123));
          if (other !== undefined) expect(other).toBeLessThanOrEqual(gain + 1e-9);
        }
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  test('by hand: the middle of the best interval, beyond the last change, and 0 where nothing gains', () => {
    const lines = (...all: [slope: number, intercept: number, gain: number][]): Candidate[] =>
      all.map(([slope, intercept, gain]) => ({ features: [intercept, slope], gain }));
    const search = (pool: Candidate[]) => searchLine([pool], [1, 0], [0, 1]);
    // The upper envelope: slope 0 until 1, slope 1 until 3, slope 2 from there.
    const three = lines([0, 0, 5], [1, -1, 7], [2, -4, 6]);
    expect(search(three)).toEqual({ gamma: 2, gain: 7 });
    expect(search(lines([0, 0, 5], [1, -1, 7]))).toEqual({ gamma: 2, gain: 7 });
    expect(search(lines([0, 0, 5], [1, -1, 5]))).toEqual({ gamma: 0, gain: 5 });
    expect(search(lines([0, 1, 5], [0, 0, 9]))).toEqual({ gamma: 0, gain: 5 });
  });
});

describe('minimumErrorRate', () => {
  test('gains at least as much as the weights it starts from, leaves the first, and says what it gains', () => {
    fc.assert(
      fc.property(pools, vector, (all, [, second, third]) => {
        const start = [1, second, third];
        const { weights, gain } = minimumErrorRate(all, start, 1);
        expect(weights[0]).toBe(1);
        const [before, after] = [gainAt(all, start), gainAt(all, weights)];
        if (before !== undefined) expect(gain).toBeGreaterThanOrEqual(before - 1e-9);
        if (after !== undefined) expect(after).toBeCloseTo(gain, 9);
      }),
      { numRuns: 50, seed: 2 },
    );
  });

  test('finds a weight that makes every choice right', () => {
    const wanted = [1, 2, -1];
    const all = Array.from({ length: 30 }, (_, pool) => {
      const options = Array.from({ length: 5 }, (__, i) =>
        [0, 1, 2].map((feature) => Math.sin(12.9898 * (pool * 15 + i * 3 + feature + 1))),
      );
      const best = options.reduce((a, b) => (dot(b, wanted) > dot(a, wanted) ? b : a));
      return options.map((features) => ({ features, gain: features === best ? 1 : 0 }));
    });
    expect(minimumErrorRate(all, [1, 0, 0], 1).gain).toBe(30);
  });
});
