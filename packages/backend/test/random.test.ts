import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile, dropout, RandomStream, randomSource, useBackend } from '../src/index.js';

beforeAll(async () => void (await useBackend()));

const seedOf = (run: number, step: number) => tf.tensor1d([run, step], 'int32');
const stream = (run: number, step: number) => new RandomStream(seedOf(run, step));
const valuesOf = (tensor: tf.Tensor) => [...tensor.dataSync()];

/** The correlation of two sequences of uniform numbers, which have the mean 1/2 and the variance 1/12. */
const correlation = (a: number[], b: number[]) =>
  (12 * a.reduce((sum, x, i) => sum + (x - 0.5) * ((b[i] as number) - 0.5), 0)) / a.length;

describe('randomSource', () => {
  it('repeats with its seed, and differs between seeds', () => {
    const draws = (seed: number) => {
      const random = randomSource(seed);
      return Array.from({ length: 1000 }, random);
    };
    expect(draws(3)).toEqual(draws(3));
    for (const other of [4, -3, 0, 2 ** 31]) {
      expect(Math.abs(correlation(draws(3), draws(other)))).toBeLessThan(0.1);
    }
  });

  it('is uniform in [0, 1)', () => {
    const random = randomSource(1);
    const counts = new Array(10).fill(0);
    for (let i = 0; i < 20_000; i++) counts[Math.floor(random() * 10)]++;
    expect(counts).toHaveLength(10);
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });
});

describe('dropout', () => {
  it('drops everything at a rate of 1', () => {
    expect(valuesOf(dropout(tf.ones([4]), 1, stream(1, 1)))).toEqual([0, 0, 0, 0]);
  });
});

describe('RandomStream', () => {
  const SHAPE = [40, 50];

  it('gives the same tensors for the same seed', () => {
    const [first, second] = [stream(7, 1), stream(7, 1)];
    for (const shape of [SHAPE, [3], SHAPE]) {
      const [a, b] = [first.uniform(shape), second.uniform(shape)];
      expect(a.shape).toEqual(shape);
      expect(valuesOf(a)).toEqual(valuesOf(b));
    }
  });

  it('gives others for another run, another step and the next draw', () => {
    const source = stream(7, 1);
    const draws = [
      source.uniform(SHAPE),
      source.uniform(SHAPE),
      stream(7, 2).uniform(SHAPE),
      stream(8, 1).uniform(SHAPE),
    ].map(valuesOf);
    for (const [i, a] of draws.entries()) {
      for (const b of draws.slice(i + 1)) expect(Math.abs(correlation(a, b))).toBeLessThan(0.1);
    }
  });

  it('is uniform in [0, 1)', () => {
    const values = valuesOf(stream(1, 1).uniform([200, 100]));
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    const counts = new Array(10).fill(0);
    for (const value of values) counts[Math.floor(value * 10)]++;
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });

  it('in a compiled function depends on the seed that goes in, and equals the eager one', () => {
    const fn = (seed: tf.Tensor1D, x: tf.Tensor2D) => {
      const random = new RandomStream(seed);
      return [random.uniform(x.shape), random.uniform(x.shape)];
    };
    const compiled = compile(fn, { sizes: [[2], ['N', 3]] });
    const run = (f: typeof fn, step: number, rows: number) =>
      f(seedOf(5, step), tf.zeros([rows, 3])).map(valuesOf);
    for (const [step, rows] of [
      [1, 4],
      [2, 4],
      [1, 9],
    ] as const) {
      expect(run(compiled as typeof fn, step, rows)).toEqual(run(fn, step, rows));
    }
    const [first, second] = run(compiled as typeof fn, 1, 400);
    expect(Math.abs(correlation(first as number[], second as number[]))).toBeLessThan(0.15);
    expect(run(compiled as typeof fn, 2, 400)[0]).not.toEqual(first);
    compiled.dispose();
  });
});

describe('dropout', () => {
  it('keeps the mean: each value is dropped, or divided by what is kept', () => {
    const rate = 0.3;
    const values = valuesOf(dropout(tf.fill([100, 200], 2), rate, stream(1, 1)));
    const kept = Math.fround(2 * Math.fround(1 / (1 - rate)));
    for (const value of values) expect(value === 0 || Math.abs(value - kept) < 1e-6).toBe(true);
    const dropped = values.filter((value) => value === 0).length / values.length;
    expect(Math.abs(dropped - rate)).toBeLessThan(0.02);
    expect(Math.abs(values.reduce((a, b) => a + b) / values.length - 2)).toBeLessThan(0.05);
  });

  it('is the identity at rate 0 and outside of training', () => {
    const x = tf.tensor1d([1, 2, 3]);
    expect(dropout(x, 0, stream(1, 1))).toBe(x);
    expect(dropout(x, 0.5, undefined)).toBe(x);
  });

  it('drops whole axes where its shape says so', () => {
    const rows = (dropout(tf.ones([6, 50, 4]), 0.5, stream(2, 1), [1, 50, 4]) as tf.Tensor3D).arraySync();
    for (const row of rows.slice(1)) expect(row).toEqual(rows[0]);
    expect(new Set(rows[0]?.flat())).toEqual(new Set([0, 2]));
  });

  it('passes the gradient where it kept the value', () => {
    const x = tf.ones([20, 10]);
    const kept = dropout(x, 0.4, stream(3, 1));
    expect(valuesOf(tf.grad((z) => tf.sum(dropout(z, 0.4, stream(3, 1))))(x))).toEqual(valuesOf(kept));
  });
});
