import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LearningRateOptions, learningRateAt } from '../src/index.js';

const decays = ['linear', 'cosine', 'inverse-square-root', 'none'] as const;
const rateAt = (decay: LearningRateOptions['decay'], step: number, { warmUp = 10, steps = 110 } = {}) =>
  learningRateAt({ peak: 0.5, warmUp, decay }, step, steps);

describe('the warm-up', () => {
  for (const decay of decays) {
    test(`rises in a straight line to the peak, then ${decay}`, () => {
      expect(rateAt(decay, 1)).toBeCloseTo(0.05, 12);
      expect(rateAt(decay, 7)).toBeCloseTo(0.35, 12);
      expect(rateAt(decay, 10)).toBe(0.5);
      expect(rateAt(decay, 11)).toBeLessThanOrEqual(0.5);
      expect(rateAt(decay, 11)).toBeGreaterThan(0.47);
    });
  }

  test('of 0 steps: the first step already has the full rate, all but its share of the decay', () => {
    const without = { warmUp: 0, steps: 100 };
    expect(rateAt('none', 1, without)).toBe(0.5);
    expect(rateAt('inverse-square-root', 1, without)).toBe(0.5);
    expect(rateAt('linear', 1, without)).toBeCloseTo(0.5 * 0.99, 12);
    expect(rateAt('cosine', 1, without)).toBeCloseTo(0.25 * (1 + Math.cos(Math.PI / 100)), 12);
  });

  test('longer than the training: it never falls', () => {
    expect(rateAt('cosine', 20, { warmUp: 40, steps: 20 })).toBe(0.25);
  });

  test('as long as the training', () => {
    for (const decay of decays) expect(rateAt(decay, 10, { warmUp: 10, steps: 10 })).toBe(0.5);
  });
});

describe('the decay', () => {
  test('linear and cosine are at half the peak half-way, and at 0 in the last step', () => {
    for (const decay of ['linear', 'cosine'] as const) {
      expect(rateAt(decay, 60)).toBeCloseTo(0.25, 12);
      expect(rateAt(decay, 110)).toBeCloseTo(0, 12);
    }
    expect(rateAt('linear', 35)).toBeCloseTo(0.375, 12);
    expect(rateAt('cosine', 35)).toBeCloseTo(0.25 * (1 + Math.SQRT1_2), 12);
  });

  test('inverse square root: at four times the warm-up half the peak', () => {
    expect(rateAt('inverse-square-root', 40)).toBeCloseTo(0.25, 12);
    expect(rateAt('inverse-square-root', 100, { warmUp: 0, steps: 100 })).toBeCloseTo(0.05, 12);
  });

  test('none: the peak until the last step', () => {
    expect(rateAt('none', 11)).toBe(0.5);
    expect(rateAt('none', 110)).toBe(0.5);
  });

  test('steps beyond the last: 0, not a rate that rises again', () => {
    expect(rateAt('cosine', 150)).toBeCloseTo(0, 12);
    expect(rateAt('linear', 150)).toBe(0);
  });
});

test('at any step it is a number from 0 to the peak, and after the warm-up it never rises', () => {
  const options = fc.record({
    peak: fc.double({ min: 1e-6, max: 10, noNaN: true }),
    warmUp: fc.nat(50),
    decay: fc.constantFrom(...decays),
  });
  fc.assert(
    fc.property(options, fc.integer({ min: 1, max: 100 }), (rate, steps) => {
      let before = Number.POSITIVE_INFINITY;
      for (let step = 1; step <= steps; step++) {
        const now = learningRateAt(rate, step, steps);
        expect(now).toBeGreaterThanOrEqual(0);
        expect(now).toBeLessThanOrEqual(rate.peak * (1 + 1e-12));
        if (step > rate.warmUp) expect(now).toBeLessThanOrEqual(before * (1 + 1e-12));
        if (step >= rate.warmUp) before = now;
      }
    }),
  );
});
