import { RandomStream, randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  HardNormalizer,
  MonotonicNormalizer,
  type Normalizer,
  SmoothingNormalizer,
  SparsemaxNormalizer,
} from '../src/index.js';

beforeAll(async () => void (await useBackend()));

const values = (tensor: tf.Tensor) => Array.from(tensor.dataSync());
const row = (numbers: readonly number[]) => tf.tensor3d([[[...numbers]]]);
const mask = (numbers: readonly number[]) => tf.tensor3d([[[...numbers]]], undefined, 'bool');
const numbers = fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: 1, maxLength: 12 });

describe('SparsemaxNormalizer', () => {
  it('is the projection onto the simplex, found by halving', () => {
    const normalizer: Normalizer = new SparsemaxNormalizer(randomSource(1));
    fc.assert(
      fc.property(numbers, fc.constantFrom(1, 100, 1e4), (scores, scale) => {
        const z = scores.map((score) => Math.fround(score * scale));
        let [low, high] = [Math.min(...z) - 1, Math.max(...z)];
        for (let i = 0; i < 200; i++) {
          const middle = (low + high) / 2;
          if (z.reduce((sum, x) => sum + Math.max(0, x - middle), 0) > 1) low = middle;
          else high = middle;
        }
        const found = tf.tidy(() => values(normalizer.normalize(row(z), mask(z.map(() => 1)), {}).weights));
        z.forEach((x, i) => void expect(found[i]).toBeCloseTo(Math.max(0, x - high), scale > 100 ? 2 : 4));
      }),
      { numRuns: 60, seed: 4 },
    );
  });
});

describe('SmoothingNormalizer', () => {
  it('is the share of the sigmoids, also of scores whose sigmoids are 0 in float32', () => {
    const normalizer: Normalizer = new SmoothingNormalizer(randomSource(1));
    const scale = fc.constantFrom(1, 10, 50);
    fc.assert(
      fc.property(numbers, scale, fc.constantFrom(0, -150, 150), (scores, scale, shift) => {
        const z = scores.map((score) => Math.fround(score * scale + shift));
        const sigmoids = z.map((x) => 1 / (1 + Math.exp(-x)));
        const sum = sigmoids.reduce((a, b) => a + b, 0);
        const found = tf.tidy(() =>
          values(normalizer.normalize(row([...z, 999]), mask([...z.map(() => 1), 0]), {}).weights),
        );
        sigmoids.forEach((share, i) => void expect(found[i]).toBeCloseTo(share / sum, 4));
        expect(found[z.length]).toBe(0);
      }),
      { numRuns: 60, seed: 5 },
    );
  });
});

describe('HardNormalizer', () => {
  it('draws from the softmax in training and takes the most probable place elsewhere', () => {
    const normalizer: Normalizer = new HardNormalizer(randomSource(1));
    const [scores, allowed] = [row([0.2, 9, 1.1, -0.7]), mask([1, 0, 1, 1])];
    const draws = 4000;
    const counts = tf.tidy(() => {
      const stream = new RandomStream(tf.tensor1d([7, 1], 'int32'));
      const noise = stream.uniform([draws, 1, 4]) as tf.Tensor3D;
      const many = tf.tile(scores, [draws, 1, 1]);
      return values(tf.mean(normalizer.normalize(many, allowed, { noise }).weights, [0, 1]));
    });
    const expected = tf.tidy(() => values(tf.softmax(tf.tensor1d([0.2, 1.1, -0.7]))));
    expect(counts[1]).toBe(0);
    for (const [i, place] of [0, 2, 3].entries()) {
      const share = expected[i] as number;
      const deviation = Math.sqrt((share * (1 - share)) / draws);
      expect(Math.abs((counts[place] as number) - share)).toBeLessThan(4 * deviation);
    }
    const { weights, distribution } = normalizer.normalize(scores, allowed, {});
    expect(values(weights)).toEqual([0, 0, 1, 0]);
    expect(values(distribution as tf.Tensor)[2]).toBeCloseTo(expected[1] as number, 6);
  });
});

describe('MonotonicNormalizer', () => {
  const normalizer = () => new MonotonicNormalizer(randomSource(1), 0);
  const stateOf = (weights: readonly number[]) => {
    const tensor = tf.tensor2d([[...weights]]);
    return { weights: tensor, coverage: tensor, steps: tf.zeros<tf.Rank.R2>([1, 1]) };
  };

  it('equals the recurrence of Raffel et al. 2017, equation 9, at any length', () => {
    for (const length of [1, 2, 7, 50, 300]) {
      const random = randomSource(length);
      const scores = Array.from({ length }, () => 6 * (random() - 0.5));
      const valid = scores.map((_, j) => (j % 5 === 3 ? 0 : 1));
      const shares = scores.map(() => random());
      const total = shares.reduce((a, b) => a + b);
      const before = shares.map((share) => share / total);
      // α_j = p_j Σ_{k ≤ j} α_k Π_{l = k}^{j-1} (1 - p_l)
      const p = scores.map((score, j) => (valid[j] ? 1 / (1 + Math.exp(-score)) : 0));
      const expected = p.map((_, j) => {
        let sum = 0;
        for (let k = 0; k <= j; k++) {
          let product = before[k] as number;
          for (let l = k; l < j; l++) product *= 1 - (p[l] as number);
          sum += product;
        }
        return (p[j] as number) * sum;
      });
      const { weights } = normalizer().normalize(row(scores), mask(valid), { state: stateOf(before) });
      const found = values(weights);
      for (const [j, weight] of expected.entries()) expect(found[j]).toBeCloseTo(weight, 6);
    }
  });

  it('while decoding, stops at the first open place from where it stopped last (algorithm 1)', () => {
    const monotonic = normalizer();
    const valid = mask([1, 1, 0, 1, 1]);
    const decode = (scores: number[], before: number[]) =>
      monotonic.normalize(row(scores), valid, { state: stateOf(before), decoding: true });
    const first = decode([-1, 2, 3, 2, 2], [1, 0, 0, 0, 0]);
    expect(values(first.weights)).toEqual([0, 1, 0, 0, 0]);
    expect(values(decode([5, -1, 9, 1, 1], [0, 1, 0, 0, 0]).weights)).toEqual([0, 0, 0, 1, 0]);
    expect(values(decode([5, 1, 9, 1, 1], [0, 1, 0, 0, 0]).weights)).toEqual([0, 1, 0, 0, 0]);
    const ended = decode([5, 5, 5, -1, -1], [0, 0, 0, 1, 0]);
    expect(values(ended.weights)).toEqual([0, 0, 0, 0, 0]);
    expect(values(ended.remembered as tf.Tensor)).toEqual([0, 0, 0, 1, 0]);
  });

  it('with noise shaken into p, still has weights that sum to at most 1', () => {
    const noise = tf.tensor3d([[[0, 0.999, 0.4, 0.00001, 0.7]]]);
    const state = stateOf([1, 0, 0, 0, 0]);
    const { weights } = normalizer().normalize(row([1, 0, -1, 2, 1]), mask([1, 1, 1, 1, 1]), {
      state,
      noise,
    });
    const sum = values(weights).reduce((a, b) => a + b);
    expect(sum).toBeGreaterThan(0);
    expect(sum).toBeLessThanOrEqual(1);
  });
});
