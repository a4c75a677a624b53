import { randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { ConvolutionalSubsampling } from '../src/index.js';
import { expectNear, normalTensor } from './contract/numerics.js';

beforeAll(async () => void (await useBackend()));

const [STEPS, BATCH, INPUT, FILTERS] = [8, 2, 3, 4];
const LENGTHS = [8, 4];

describe('ConvolutionalSubsampling', () => {
  it('is a sum over the steps around each that remains, without padding', () => {
    const [width, stride] = [5, 3];
    const layer = new ConvolutionalSubsampling(
      { inputs: INPUT, filters: FILTERS, width, stride },
      randomSource(1),
    );
    const bias = layer.namedParameters().get('bias') as tf.Variable;
    bias.assign(tf.tensor1d([0.1, -0.1, 0.2, 0]));
    const inputs = normalTensor([STEPS, BATCH, INPUT], 1) as tf.Tensor3D;
    const valid = Array.from({ length: STEPS }, (_, t) => LENGTHS.map((length) => [Number(t < length)]));
    const { outputs, mask } = layer.apply(inputs, tf.tensor3d(valid, undefined, 'bool'));

    const kernel = (layer.namedParameters().get('kernel') as tf.Tensor).arraySync() as number[][][][];
    const [x, b] = [inputs.arraySync(), bias.arraySync() as number[]];
    const expected = Array.from({ length: 3 }, (_, j) =>
      LENGTHS.map((length, row) =>
        b.map((start, f) => {
          let sum = start;
          for (let k = 0; k < width; k++) {
            const t = stride * j + k - 1;
            if (t < 0 || t >= length) continue;
            for (let d = 0; d < INPUT; d++) {
              sum += (x[t]?.[row]?.[d] ?? Number.NaN) * (kernel[k]?.[0]?.[d]?.[f] ?? Number.NaN);
            }
          }
          return Math.max(sum, 0);
        }),
      ),
    );
    expectNear({ outputs }, { outputs: tf.tensor3d(expected) }, 1e-5);
    expect(tf.sum(tf.cast(mask, 'int32'), [0, 2]).arraySync()).toEqual([3, 2]);
    layer.dispose();
  });

  it('refuses filters that pass over steps', () => {
    const options = { inputs: INPUT, filters: FILTERS, width: 2, stride: 3 };
    expect(() => new ConvolutionalSubsampling(options, randomSource(1))).toThrow('filters of width 2');
  });
});
