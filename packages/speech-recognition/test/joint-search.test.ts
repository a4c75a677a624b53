import { ctcLoss } from '@heed/attention-core';
import { useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import {
  normalizeFeatures,
  speechFeatures,
  syntheticTones,
  type ToneUtterance,
  toSpeechFrames,
} from '../src/index.js';
import { smallRecognizer, symbols } from './small-recognizer.js';

beforeAll(async () => void (await useBackend()));

test('the score of an answer is λ of its CTC likelihood and 1 - λ of the decoder’s', async () => {
  const recognizer = smallRecognizer();
  const [{ audio }] = syntheticTones({ count: 1, seed: 4, symbols: [1, 1] }) as [ToneUtterance];
  const ctcWeight = 0.4;
  const options = { beamSize: 5, nBest: 5, lengthPenalty: 0, ctcWeight };
  const [found] = await recognizer.recognizeAll([audio], options);
  const features = speechFeatures(audio, recognizer.config.features);
  normalizeFeatures([features]);
  for (const { tokens, score } of found ?? []) {
    const ids = tokens.map((token) => symbols.vocabulary.idOf(token));
    const expected = tf.tidy(() => {
      const encoded = recognizer.model.encode(toSpeechFrames([features]));
      let state = encoded.state;
      let decoder = 0;
      for (const [i, id] of [2, ...ids].entries()) {
        const step = recognizer.model.step(tf.tensor1d([id], 'int32'), state, encoded.memory);
        state = step.state;
        decoder += (tf.logSoftmax(step.logits).arraySync() as number[][])[0]?.[ids[i] ?? 3] as number;
      }
      const rows = encoded.ctc?.constants.logProbabilities as tf.Tensor3D;
      const [, places] = rows.shape;
      const ctc =
        ids.length === 0
          ? tf.neg(tf.sum(rows.slice([0, 0, 0], [1, places, 1])))
          : ctcLoss({
              logits: tf.transpose(rows, [1, 0, 2]) as tf.Tensor3D,
              mask: tf.ones([places, 1, 1], 'bool'),
              targets: tf.tensor2d(ids, [ids.length, 1], 'int32'),
              targetMask: tf.ones([ids.length, 1], 'bool'),
              blank: 0,
            });
      return (1 - ctcWeight) * decoder - ctcWeight * (ctc.dataSync()[0] as number);
    });
    expect(score).toBeCloseTo(expected, 2);
  }
  expect(found).toHaveLength(5);
  recognizer.dispose();
});
