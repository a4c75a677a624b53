import { useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ModelFileError } from '../../src/persistence/model-file-error.js';
import {
  decodeSafetensors,
  encodeSafetensors,
  type StoredTensor,
} from '../../src/persistence/safetensors.js';
import { collectWeights, loadWeights } from '../../src/persistence/weights.js';

const FILE = 'models/one/model.safetensors';
let parameters: Map<string, tf.Variable>;

beforeAll(async () => {
  await useBackend();
});

beforeEach(() => {
  const variable = (values: number[], shape: number[], dtype: 'float32' | 'int32') =>
    tf.tidy(() => tf.variable(tf.tensor(values, shape, dtype), dtype === 'float32'));
  parameters = new Map([
    ['encoder.kernel', variable([1, 2, 3, 4, 5, 6], [2, 3], 'float32')],
    ['encoder.bias', variable([0.1, -2, 65504], [3], 'float32')],
    ['scale', variable([7], [], 'float32')],
    ['step', variable([41, -1], [2], 'int32')],
  ]);
});

afterEach(() => {
  for (const parameter of parameters.values()) parameter.dispose();
});

const valuesOf = () => [...parameters.values()].map((parameter) => [...parameter.dataSync()]);
const copyOf = (tensors: Map<string, StoredTensor>) => new Map(structuredClone([...tensors]));

describe('weights', () => {
  it('come back from a file as they were', () => {
    const before = valuesOf();
    const bytes = encodeSafetensors(collectWeights(parameters, 'F32'));
    for (const parameter of parameters.values()) tf.tidy(() => parameter.assign(tf.zerosLike(parameter)));
    loadWeights(parameters, decodeSafetensors(bytes, FILE).tensors, FILE);
    expect(valuesOf()).toEqual(before);
  });

  it('are rounded when stored as halves, and whole numbers are not', () => {
    const tensors = collectWeights(parameters, 'F16');
    expect([...tensors].map(([name, { dtype, shape }]) => [name, dtype, shape])).toEqual([
      ['encoder.kernel', 'F16', [2, 3]],
      ['encoder.bias', 'F16', [3]],
      ['scale', 'F16', []],
      ['step', 'I32', [2]],
    ]);
    loadWeights(parameters, decodeSafetensors(encodeSafetensors(tensors), FILE).tensors, FILE);
    expect(valuesOf()).toEqual([[1, 2, 3, 4, 5, 6], [0.0999755859375, -2, 65504], [7], [41, -1]]);
  });

  it('leak nothing', () => {
    const tensors = copyOf(collectWeights(parameters, 'F32'));
    const before = tf.memory();
    for (let i = 0; i < 3; i++) loadWeights(parameters, tensors, FILE);
    collectWeights(parameters, 'F16');
    const after = tf.memory();
    expect([after.numTensors, after.numDataBuffers, after.numBytes]).toEqual([
      before.numTensors,
      before.numDataBuffers,
      before.numBytes,
    ]);
  });

  it('that do not fit are listed, and none is assigned', () => {
    const before = valuesOf();
    const tensors = copyOf(collectWeights(parameters, 'F32'));
    tensors.set('scale', { dtype: 'F32', shape: [], values: new Float32Array([99]) });
    tensors.set('encoder.kernel', { dtype: 'F32', shape: [3, 2], values: new Float32Array(6) });
    tensors.set('step', { dtype: 'F32', shape: [2], values: new Float32Array(2) });
    tensors.delete('encoder.bias');
    tensors.set('__proto__', { dtype: 'F32', shape: [1], values: new Float32Array(1) });

    expect(() => loadWeights(parameters, tensors, FILE)).toThrow(ModelFileError);
    expect(() => loadWeights(parameters, tensors, FILE)).toThrow(
      `${FILE}: does not fit the model: "encoder.kernel" is [3, 2], the model has [2, 3]; ` +
        '"encoder.bias" [3] is not in the file; "step" is F32, the model has int32; ' +
        '"__proto__" [1] is not in the model. Use the config.json and the weights of the same model.',
    );
    expect(valuesOf()).toEqual(before);
  });

  it('that do not fit are listed no further than five', () => {
    const none = new Map<string, StoredTensor>();
    for (let i = 0; i < 8; i++) none.set(`w${i}`, { dtype: 'F32', shape: [0], values: new Float32Array() });
    expect(() => loadWeights(new Map(), none, FILE)).toThrow(/"w4" \[0\] is not in the model and 3 more\./);
  });
});
