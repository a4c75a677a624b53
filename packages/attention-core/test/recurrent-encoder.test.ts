import { randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { RecurrentEncoder, type RecurrentEncoderOptions } from '../src/index.js';
import { expectNear, normalTensor } from './contract/numerics.js';

beforeAll(async () => void (await useBackend()));

const OPTIONS = { cell: 'gru', units: 3, bidirectional: true, dropout: 0 } as const;

/** An encoder whose layers from number `zeroFrom` on give 0. */
function make(
  options: Omit<RecurrentEncoderOptions, keyof typeof OPTIONS>,
  zeroFrom: number,
): RecurrentEncoder {
  const encoder = new RecurrentEncoder({ ...OPTIONS, ...options }, randomSource(1));
  for (const [name, parameter] of encoder.namedParameters()) {
    if (Number(name.match(/layer_(\d+)/)?.[1]) + 1 >= zeroFrom) parameter.assign(tf.zerosLike(parameter));
  }
  return encoder;
}

describe('residual connections', () => {
  const inputs = () => normalTensor([4, 2, 6], 1) as tf.Tensor3D;
  const run = (encoder: RecurrentEncoder) => encoder.apply(inputs(), tf.ones([4, 2, 1], 'bool')).outputs;

  it('add the input of each layer, beginning with the one that is asked for', () => {
    const [residual, first] = [
      make({ inputs: 6, layers: 3, residualFrom: 2 }, 2),
      make({ inputs: 6, layers: 1 }, 9),
    ];
    expectNear({ outputs: run(residual) }, { outputs: run(first) }, 0);
    const [late, all] = [
      make({ inputs: 6, layers: 3, residualFrom: 3 }, 2),
      make({ inputs: 6, layers: 2, residualFrom: 1 }, 1),
    ];
    expectNear({ outputs: run(late) }, { outputs: tf.zeros([4, 2, 6]) }, 0);
    expectNear({ outputs: run(all) }, { outputs: inputs() }, 0);
    for (const encoder of [residual, first, late, all]) encoder.dispose();
  });

  it('need inputs as wide as the outputs', () => {
    expect(() => make({ inputs: 5, layers: 2, residualFrom: 1 }, 9)).toThrow(
      'residualFrom 1: the first layer reads 5 values and gives 6; begin with layer 2',
    );
  });
});
