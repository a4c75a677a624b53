import { randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { neighbours, TimeConvolution } from '../src/index.js';
import { expectNear, normalTensor } from './contract/numerics.js';

beforeAll(async () => void (await useBackend()));

const [STEPS, BATCH, INPUT, UNITS] = [5, 2, 3, 4];

describe('neighbours', () => {
  it('are the steps before and after, the earliest first, with zeros from beyond the ends', () => {
    const found = neighbours(tf.tensor2d([[1], [2], [3]]), 2).map((x) => tf.squeeze(x).arraySync());
    expect(found).toEqual([
      [0, 0, 1],
      [0, 1, 2],
      [1, 2, 3],
      [2, 3, 0],
      [3, 0, 0],
    ]);
  });
});

describe('TimeConvolution', () => {
  it('is a sum over the steps around each', () => {
    const layer = new TimeConvolution({ inputs: INPUT, units: UNITS, width: 3 }, randomSource(1));
    const { kernel, bias } = Object.fromEntries(layer.namedParameters()) as Record<string, tf.Variable>;
    bias?.assign(tf.tensor1d([0.1, -0.1, 0.2, 0]));
    const inputs = normalTensor([STEPS, BATCH, INPUT], 1) as tf.Tensor3D;
    const [w, b, x] = [kernel?.arraySync() as number[][], bias?.arraySync() as number[], inputs.arraySync()];
    const expected = x.map((rows, t) =>
      rows.map((_, row) =>
        b.map((start, unit) => {
          let sum = start;
          for (const offset of [-1, 0, 1]) {
            x[t + offset]?.[row]?.forEach((value, d) => {
              sum += value * (w[(offset + 1) * INPUT + d]?.[unit] ?? Number.NaN);
            });
          }
          return sum;
        }),
      ),
    );
    expectNear({ outputs: layer.apply(inputs) }, { outputs: tf.tensor3d(expected) }, 1e-5);
    layer.dispose();
  });

  it('refuses filters without a middle', () => {
    expect(() => new TimeConvolution({ inputs: 2, units: 2, width: 4 }, randomSource(1))).toThrow(
      'odd width, got 4',
    );
  });
});
