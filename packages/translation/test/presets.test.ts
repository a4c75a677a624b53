import { randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseTranslationConfig, TranslationModel, translationPresets } from '../src/index.js';
import { decoders, scaledDown } from './small-translator.js';

beforeAll(async () => void (await useBackend()));

const VOCABULARY = 11;
const presets = Object.entries(translationPresets);

/** Names and shapes of all parameters of a model. */
function parametersOf(network: (typeof translationPresets)['practical']['network']): string[] {
  const model = new TranslationModel(network, VOCABULARY, randomSource(1));
  const parameters = [...model.namedParameters()].map(([name, { shape }]) => `${name} [${shape}]`);
  model.dispose();
  return parameters;
}

describe.each(presets)('%s', (name, preset) => {
  test('is a configuration, and survives its file', () => {
    expect(parseTranslationConfig(JSON.parse(JSON.stringify(preset)), name)).toEqual(preset);
  });

  test.each(decoders)('builds scaled down, with the %s decoder', (decoder) => {
    const { network } = scaledDown(preset, { decoder });
    const before = tf.memory().numTensors;
    const model = new TranslationModel(network, VOCABULARY, randomSource(1));
    const loss = tf.tidy(() => {
      const source = tf.tensor2d(
        [
          [4, 5],
          [6, 3],
          [3, 0],
        ],
        [3, 2],
        'int32',
      );
      const inputs = tf.tensor2d(
        [
          [2, 2],
          [7, 8],
        ],
        [2, 2],
        'int32',
      );
      const targets = tf.tensor2d(
        [
          [7, 8],
          [3, 3],
        ],
        [2, 2],
        'int32',
      );
      return model.loss({ source, inputs, targets }, 0).dataSync()[0] as number;
    });
    expect(loss).toBeGreaterThan(0);
    expect(loss).toBeLessThan(20);
    expect(model.attends).toBe(decoder !== 'sutskever' && decoder !== 'cho');
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

test("the papers' sizes", () => {
  const { bahdanau2015, luong2015, sutskever2014, cho2014 } = translationPresets;
  expect(bahdanau2015.network).toMatchObject({
    embedding: 620,
    encoderUnits: 1000,
    decoderUnits: 1000,
    cell: 'gru',
  });
  expect(bahdanau2015.training.optimizer).toEqual({ kind: 'adadelta', rho: 0.95, epsilon: 1e-6 });
  expect(cho2014.network).toMatchObject({ decoder: 'cho', bidirectional: false });
  expect(sutskever2014.network).toMatchObject({
    cell: 'lstm',
    encoderLayers: 4,
    decoderLayers: 4,
    reverseSource: true,
  });
  expect(sutskever2014.training).toMatchObject({ clip: 5, learningRate: { peak: 0.7 } });
  expect(luong2015.network).toMatchObject({ decoder: 'luong', score: 'dot', cell: 'lstm', encoderLayers: 4 });
});

// Trained weights are stored under these names: changing one makes every model on disk unreadable.
test('the names and shapes of the parameters of the practical preset', () => {
  expect(parametersOf(scaledDown(translationPresets.practical).network)).toMatchInlineSnapshot(`
    [
      "embedding.matrix [11,6]",
      "encoder.layer_0.forward.cell.recurrent_kernel [5,15]",
      "encoder.layer_0.forward.cell.recurrent_bias [15]",
      "encoder.layer_0.forward.cell.input.kernel [6,15]",
      "encoder.layer_0.forward.cell.input.bias [15]",
      "encoder.layer_0.backward.cell.recurrent_kernel [5,15]",
      "encoder.layer_0.backward.cell.recurrent_bias [15]",
      "encoder.layer_0.backward.cell.input.kernel [6,15]",
      "encoder.layer_0.backward.cell.input.bias [15]",
      "decoder.attention.score.v [4,1]",
      "decoder.attention.score.query.kernel [7,4]",
      "decoder.attention.score.keys.kernel [10,4]",
      "decoder.attention.score.keys.bias [4]",
      "decoder.first.recurrent_kernel [7,21]",
      "decoder.first.recurrent_bias [21]",
      "decoder.first.input.kernel [6,21]",
      "decoder.first.input.bias [21]",
      "decoder.second.recurrent_kernel [7,21]",
      "decoder.second.recurrent_bias [21]",
      "decoder.second.input.kernel [10,21]",
      "decoder.second.input.bias [21]",
      "decoder.bridge.kernel [10,7]",
      "decoder.bridge.bias [7]",
      "decoder.output.kernel [23,6]",
      "decoder.output.bias [6]",
    ]
  `);
});

test('the practical preset, with its vocabulary, has fewer than 12 million parameters', () => {
  const { network, tokenizer } = translationPresets.practical;
  const model = new TranslationModel(network, tokenizer.vocabularySize, () => 0.5);
  const size = model.parameters().reduce((sum, parameter) => sum + parameter.size, 0);
  model.dispose();
  expect(size).toBeLessThan(12e6);
  expect(size).toBeGreaterThan(4e6);
});
