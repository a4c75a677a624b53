import { compile, randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createAttention, PyramidalEncoder } from '../src/index.js';
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

  it('compiled once, it has the values and gradients of every length', () => {
    const encoder = new PyramidalEncoder(
      { cell: 'gru', inputs: INPUT, units: UNITS, layers: 3, bidirectional: true, dropout: 0 },
      randomSource(1),
    );
    const attention = createAttention(
      { score: 'additive', queryWidth: INPUT, valueWidth: encoder.width, units: 6 },
      randomSource(2),
    );
    const variables = [...encoder.parameters(), ...attention.parameters()];
    // Read by attention, so that what comes after the encoder has to do with its lengths as well.
    const run = (inputs: tf.Tensor3D, valid: tf.Tensor3D) => {
      const { value, grads } = tf.engine().gradients(() => {
        const { outputs, mask } = encoder.apply(inputs, valid);
        const values = tf.transpose(outputs, [1, 0, 2]) as tf.Tensor3D;
        const memory = attention.memory(values, tf.transpose(tf.squeeze(mask, [2])) as tf.Tensor2D);
        const { context } = attention.attend(tf.ones([inputs.shape[1], INPUT]), memory);
        return tf.add(tf.sum(tf.square(context)), tf.sum(outputs)) as tf.Scalar;
      }, [inputs, ...variables]);
      const gradients = Object.fromEntries(
        grads.map((gradient, i): [string, tf.Tensor] => [`${i}`, gradient]),
      );
      return { value, gradients };
    };
    const compiled = compile(run, {
      sizes: [
        ['T', 'B', INPUT],
        ['T', 'B', 1],
      ],
    });
    for (const steps of [1, 2, 7, 8, 50]) {
      tf.tidy(() => {
        const inputs = normalTensor([steps, BATCH, INPUT], steps) as tf.Tensor3D;
        const lengths = [steps, Math.ceil(steps / 2), 1];
        const rows = Array.from({ length: steps }, (_, t) => lengths.map((length) => [t < length]));
        const valid = tf.tensor3d(rows as unknown as number[][][], [steps, BATCH, 1], 'bool');
        const [actual, expected] = [compiled(inputs, valid), run(inputs, valid)];
        expectNear({ value: actual.value }, { value: expected.value }, 1e-5);
        expectNear(actual.gradients, expected.gradients, 1e-5);
      });
    }
    expect(compiled.statistics().graphs).toBe(1);
    compiled.dispose();
    for (const module of [encoder, attention]) module.dispose();
  });
});
