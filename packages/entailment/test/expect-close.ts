import { expect } from 'vitest';

/** Compares lists of numbers, value by value. */
export function expectClose(found: ArrayLike<number>, wanted: ArrayLike<number>, digits = 5): void {
  expect(found.length).toBe(wanted.length);
  for (const [i, value] of Array.from(found).entries())
    expect(value).toBeCloseTo(wanted[i] as number, digits);
}
