import { RandomStream, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { dropTokens, dropWords } from '../src/index.js';

beforeAll(async () => void (await useBackend()));

const RATE = 0.3;
const stream = (step: number) => new RandomStream(tf.tensor1d([1, step], 'int32'));

describe('dropTokens', () => {
  const UNKNOWN = 1;
  const ids = () =>
    tf.tensor2d(
      Array.from({ length: 4000 }, (_, i) => 2 + (i % 7)),
      [50, 80],
      'int32',
    );

  it('makes tokens unknown at the rate, and leaves the others', () => {
    const before = ids().dataSync();
    const dropped = dropTokens(ids(), RATE, UNKNOWN, stream(1));
    expect([dropped.shape, dropped.dtype]).toEqual([[50, 80], 'int32']);
    const after = dropped.dataSync();
    const unknown = after.filter((id) => id === UNKNOWN).length / after.length;
    expect(Math.abs(unknown - RATE)).toBeLessThan(5 * Math.sqrt((RATE * (1 - RATE)) / after.length));
    after.forEach((id, i) => {
      if (id !== UNKNOWN) expect(id).toBe(before[i]);
    });
    expect([...dropTokens(ids(), RATE, UNKNOWN, stream(1)).dataSync()]).toEqual([...after]);
    expect([...dropTokens(ids(), RATE, UNKNOWN, stream(2)).dataSync()]).not.toEqual([...after]);
  });

  it('does nothing outside of training', () => {
    const tokens = ids();
    expect(dropTokens(tokens, RATE, UNKNOWN, undefined)).toBe(tokens);
  });
});

describe('dropWords', () => {
  const VOCABULARY = 2000;
  const ids = () =>
    tf.tensor2d(
      Array.from({ length: 6000 }, (_, i) => (i * 7) % VOCABULARY),
      [3, 2000],
      'int32',
    );

  it('drops a word wherever it stands, and keeps the expectation', () => {
    const rows = dropWords(
      tf.ones([3, 2000, 2]),
      ids(),
      VOCABULARY,
      RATE,
      stream(1),
    ).arraySync() as number[][][];
    const tokens = ids().arraySync();
    const factors = new Map<number, number>();
    rows.forEach((row, t) => {
      row.forEach(([a, b], n) => {
        const token = tokens[t]?.[n] as number;
        expect(b).toBe(a);
        expect(factors.get(token) ?? a).toBe(a);
        factors.set(token, a as number);
      });
    });
    expect(factors.size).toBe(VOCABULARY);
    const mean = [...factors.values()].reduce((sum, x) => sum + x, 0) / VOCABULARY;
    expect(Math.abs(mean - 1)).toBeLessThan(5 * Math.sqrt(RATE / (1 - RATE) / VOCABULARY));
    expect(new Set(factors.values()).size).toBe(2);
  });

  it('does nothing outside of training', () => {
    const embedded = tf.ones([3, 2000, 2]);
    expect(dropWords(embedded, ids(), VOCABULARY, RATE, undefined)).toBe(embedded);
  });
});
