import { randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { PyramidalEncoder } from '../src/index.js';
import { expectNear, normalTensor } from './contract/numerics.js';

beforeAll(async () => void (await useBackend()));

const [STEPS, BATCH, INPUT, UNITS] = [11, 3, 4, 5];
const LENGTHS = [11, 6, 1];

describe('PyramidalEncoder', () => {
  it('halves lengths at each layer above the first, and gives a row what it gives it alone', () => {
    const encoder = new PyramidalEncoder(
      { cell: 'lstm', inputs: INPUT, units: UNITS, layers: 3, bidirectional: true, dropout: 0 },
      randomSource(1),
    );
    const inputs = normalTensor([STEPS, BATCH, INPUT], 1) as tf.Tensor3D;
    const valid = Array.from({ length: STEPS }, (_, t) => LENGTHS.map((length) => [Number(t < length)]));
    const { outputs, mask, final } = encoder.apply(inputs, tf.tensor3d(valid, undefined, 'bool'));
    expect(outputs.shape).toEqual([3, BATCH, encoder.width]);
    expect(tf.sum(tf.cast(mask, 'int32'), [0, 2]).arraySync()).toEqual([3, 2, 1]);
    expect(final).toHaveLength(3);

    for (const [row, length] of LENGTHS.entries()) {
      const alone = encoder.apply(
        tf.slice(inputs, [0, row, 0], [length, 1, INPUT]),
        tf.ones([length, 1, 1], 'bool'),
      );
      const steps = alone.outputs.shape[0];
      expect(steps).toBe(Math.ceil(length / 4));
      expectNear(
        { outputs: tf.slice(outputs, [0, row, 0], [steps, 1, encoder.width]) },
        { outputs: alone.outputs },
        1e-6,
      );
    }
    encoder.dispose();
  });
});
