import fc from 'fast-check';
import { expect, test } from 'vitest';
import { advantages } from '../src/index.js';

test('a reward less the mean of the others', () => {
  expect(advantages([1, 2, 6])).toEqual([-3, -1.5, 4.5]);
});

test('they add up to 0, keep the order of the rewards, and do not see what all rewards have in common', () => {
  const rewards = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 2, maxLength: 20 });
  fc.assert(
    fc.property(rewards, fc.integer({ min: -50, max: 50 }), (values, shift) => {
      const found = advantages(values);
      expect(found.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 8);
      const shifted = advantages(values.map((value) => value + shift));
      found.forEach((value, i) => {
        expect(shifted[i]).toBeCloseTo(value, 8);
        expect(value >= (found[0] as number)).toBe((values[i] as number) >= (values[0] as number));
      });
    }),
  );
});

test('one sample has nothing to be compared with', () => {
  expect(() => advantages([3])).toThrow('1 rewards: expected at least two');
});
