import { useBackend } from '@heed/backend';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { paddedTokens } from '../src/index.js';

beforeAll(async () => void (await useBackend()));

describe('padding', () => {
  test('columns are sentences, rows are steps; 0 fills up below', () => {
    const matrix = paddedTokens([Int32Array.of(5, 6, 7), Int32Array.of(8)], { begin: 2, end: 3 });
    expect(matrix.dtype).toBe('int32');
    expect(matrix.arraySync()).toEqual([
      [2, 2],
      [5, 8],
      [6, 3],
      [7, 0],
      [3, 0],
    ]);
    matrix.dispose();
  });

  test('every column reads back as begin, its ids, end, and nothing but padding after that', () => {
    const row = fc.array(fc.integer({ min: 4, max: 99 }), { maxLength: 9 });
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        fc.boolean(),
        (rows, begins, ends) => {
          const around = { ...(begins ? { begin: 2 } : {}), ...(ends ? { end: 3 } : {}) };
          const matrix = paddedTokens(
            [...rows, [4]].map((row) => Int32Array.from(row)),
            around,
          );
          const values = matrix.arraySync();
          matrix.dispose();
          rows.forEach((row, column) => {
            const full = [...(begins ? [2] : []), ...row, ...(ends ? [3] : [])];
            expect(values.map((step) => step[column])).toEqual([
              ...full,
              ...new Array(values.length - full.length).fill(0),
            ]);
          });
        },
      ),
      { numRuns: 30 },
    );
  });
});
