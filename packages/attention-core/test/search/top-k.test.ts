import { type BackendName, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { topK } from '../../src/search/top-k.js';

function sorted(row: readonly number[], k: number): { value: number; index: number }[] {
  return row
    .map((value, index) => ({ value, index }))
    .sort((a, b) => (a.value === b.value ? a.index - b.index : b.value > a.value ? 1 : -1))
    .slice(0, k);
}

async function startOrSkip(name: BackendName, skip: (note: string) => void): Promise<void> {
  await useBackend(name).catch((error: Error) => skip(error.message));
}

describe.each(['cpu', 'wasm', 'node'] as const)('topK on %s', (backend) => {
  it('gives nothing where nothing is asked for', async ({ skip }) => {
    await startOrSkip(backend, skip);
    expect(topK(tf.tensor2d([[1, 2, 3]]), 0).values.shape).toEqual([1, 0]);
  });

  it('equals a plain sort, equal values by column', async ({ skip }) => {
    await startOrSkip(backend, skip);
    // Few different values, so that ties are everywhere, within blocks and across them.
    const value = fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constant(Number.NEGATIVE_INFINITY));
    const matrix = fc
      .record({ rows: fc.integer({ min: 1, max: 3 }), width: fc.integer({ min: 1, max: 1500 }) })
      .chain(({ rows, width }) =>
        fc.array(fc.array(value, { minLength: width, maxLength: width }), {
          minLength: rows,
          maxLength: rows,
        }),
      );
    fc.assert(
      fc.property(matrix, fc.integer({ min: 1, max: 7 }), (x, wanted) => {
        const k = Math.min(wanted, x[0]!.length);
        const expected = x.map((row) => sorted(row, k));
        tf.tidy(() => {
          const { values, indices } = topK(tf.tensor2d(x), k);
          expect(indices.dtype).toBe('int32');
          expect(values.arraySync()).toEqual(expected.map((row) => row.map((best) => best.value)));
          const columns = indices
            .arraySync()
            .map((row, n) => row.filter((_, i) => expected[n]![i]!.value >= 0));
          expect(columns).toEqual(
            expected.map((row) => row.filter((best) => best.value >= 0).map((best) => best.index)),
          );
        });
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  it('leaves hidden columns out, wherever they are', async ({ skip }) => {
    await startOrSkip(backend, skip);
    const cases = fc.record({
      width: fc.integer({ min: 20, max: 1500 }),
      k: fc.integer({ min: 1, max: 6 }),
      hidden: fc.uniqueArray(fc.nat(1499), { minLength: 1, maxLength: 5 }),
      early: fc.boolean(),
    });
    fc.assert(
      fc.property(cases, ({ width, k, hidden: drawn, early }) => {
        // Early ones hide columns of the first blocks alone, as a vocabulary's special tokens are.
        const hidden = [...new Set(drawn.map((column) => column % (early ? 4 : width)))];
        const rows = [0, 1].map((row) => Array.from({ length: width }, (_, i) => (i * 7 + row * 3) % 11));
        const open = rows.map((row) =>
          row.map((value, i) => (hidden.includes(i) ? Number.NEGATIVE_INFINITY : value)),
        );
        tf.tidy(() => {
          const { values, indices } = topK(tf.tensor2d(rows), k, hidden);
          const expected = open.map((row) => sorted(row, k));
          expect(values.arraySync()).toEqual(expected.map((row) => row.map((best) => best.value)));
          expect(indices.arraySync()).toEqual(expected.map((row) => row.map((best) => best.index)));
        });
      }),
      { numRuns: 60, seed: 5 },
    );
  });

  it.for([
    [8000, 1],
    [8000, 6],
    [7919, 6],
    [40_000, 11],
  ] as const)('equals a plain sort of %i values for the best %i', async ([width, k], { skip }) => {
    await startOrSkip(backend, skip);
    tf.tidy(() => {
      const x = tf.randomNormal<tf.Rank.R2>([2, width], 0, 1, 'float32', 3);
      const rows = x.arraySync();
      expect(topK(x, k).indices.arraySync()).toEqual(rows.map((row) => sorted(row, k).map((b) => b.index)));
    });
  });

  it('leaves nothing behind', async ({ skip }) => {
    await startOrSkip(backend, skip);
    const x = tf.randomNormal<tf.Rank.R2>([2, 1001], 0, 1, 'float32', 3);
    const before = tf.memory().numTensors;
    tf.dispose(topK(x, 5));
    expect(tf.memory().numTensors).toBe(before);
    x.dispose();
  });
});
