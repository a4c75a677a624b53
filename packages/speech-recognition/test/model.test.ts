import { compile, RandomStream, randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectGradientOfDifferences } from '../../training/test/model-gradient.js';
import {
  type EncodedUtterance,
  type SpeechBatch,
  SpeechModel,
  speechBatchSizes,
  toSpeechBatch,
} from '../src/index.js';
import { framesPerPlace } from '../src/speech-encoder.js';
import { noMasks, smallConfig, someFeatures, subsamplings } from './small-recognizer.js';

beforeAll(async () => void (await useBackend()));

const VOCABULARY = 11;
const utterance = (frames: number, tokens: number[]): EncodedUtterance => ({
  features: someFeatures(frames, frames),
  tokens: Int32Array.from(tokens),
});
const utterances = [utterance(13, [9, 4]), utterance(22, [5, 5, 10]), utterance(8, [8])];
const specials = { begin: 2, end: 3 };

const decoders = [
  { name: 'content', score: 'additive', location: undefined, normalizer: 'softmax' },
  { name: 'location', score: 'location', location: { filters: 3, width: 5 }, normalizer: 'softmax' },
  { name: 'smooth', score: 'location', location: { filters: 3, width: 5 }, normalizer: 'smoothing' },
  { name: 'window', score: 'location', location: { filters: 3, width: 5 }, normalizer: 'softmax' },
] as const;
const wirings = subsamplings.flatMap((subsampling) =>
  decoders.flatMap((decoder) => [0, 0.4].map((ctcWeight) => ({ subsampling, decoder, ctcWeight }))),
);
type Wiring = (typeof wirings)[number];

function configOf({ subsampling, decoder, ctcWeight }: Wiring) {
  const { name, location, ...parts } = decoder;
  const config = smallConfig({
    encoder: { subsampling },
    decoder: {
      ...parts,
      ...(name === 'window' && { window: { kind: 'previous', reach: 2, center: 'median' } }),
    },
    training: { ctcWeight },
  });
  if (!location) delete config.network.decoder.location;
  return config;
}

const lossOptions = ({ ctcWeight }: Wiring) => ({ labelSmoothing: 0, ctcWeight, specAugment: noMasks });
const value = (tensor: tf.Tensor) => tensor.dataSync()[0] as number;
const stream = (seed: number) => new RandomStream(tf.tensor1d([seed, 1], 'int32'));

function withModel<T>(wiring: Wiring, use: (model: SpeechModel) => T): T {
  const model = new SpeechModel(configOf(wiring), VOCABULARY, randomSource(5));
  const result = tf.tidy(() => use(model) as tf.TensorContainer) as T;
  model.dispose();
  return result;
}
const nameOf = ({ subsampling, decoder, ctcWeight }: Wiring) =>
  `${decoder.name}, ${subsampling.kind}, ${ctcWeight > 0 ? 'with' : 'without'} CTC`;

describe.each(wirings.map((wiring) => ({ ...wiring, name: nameOf(wiring) })))(
  '$name',
  ({ name: _, ...wiring }) => {
    test('the loss of a batch is that of its utterances, each token counted once; padding changes nothing', () => {
      withModel(wiring, (model) => {
        const lossOf = (batch: SpeechBatch) => value(model.loss(batch, lossOptions(wiring)));
        const alone = utterances.map((one) => lossOf(toSpeechBatch([one], specials)));
        const tokens = utterances.map((one) => one.tokens.length + 1);
        const sum = alone.reduce((total, loss, i) => total + loss * (tokens[i] as number), 0);
        const expected = sum / tokens.reduce((a, b) => a + b);
        const whole = toSpeechBatch(utterances, specials);
        expect(lossOf(whole)).toBeCloseTo(expected, 4);
        const longer = <X extends tf.Tensor>(tensor: X, by: number): X =>
          tf.pad(tensor, [[0, by], ...tensor.shape.slice(1).map((): [number, number] => [0, 0])]) as X;
        const padded = {
          lengths: whole.lengths,
          frames: longer(whole.frames, 5),
          inputs: longer(whole.inputs, 2),
          targets: longer(whole.targets, 2),
        };
        expect(lossOf(padded)).toBeCloseTo(expected, 4);
      });
    });

    test('the places are as many as are said, and those beyond a recording get no weight, step by step', () => {
      withModel(wiring, (model) => {
        const batch = toSpeechBatch(utterances, specials);
        const { memory, state: first, ctc } = model.encode(batch);
        expect(ctc !== undefined).toBe(wiring.ctcWeight > 0);
        const perPlace = framesPerPlace(configOf(wiring).network.encoder);
        const places = utterances.map(({ features }) => Math.ceil(features.frames / perPlace));
        expect(memory.mask.shape).toEqual([3, Math.max(...places)]);
        let state = first;
        const losses: number[] = [];
        for (const [step, tokens] of (batch.inputs.arraySync() as number[][]).entries()) {
          const next = model.step(tf.tensor1d(tokens, 'int32'), state, memory);
          state = next.state;
          (next.weights.arraySync() as number[][]).forEach((row, i) => {
            expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 4);
            expect(row.slice(places[i]).every((weight) => weight === 0)).toBe(true);
          });
          const target = (batch.targets.arraySync() as number[][])[step]?.[1] as number;
          if (target !== 0)
            losses.push(-((tf.logSoftmax(next.logits).arraySync() as number[][])[1]?.[target] as number));
        }
        if (wiring.ctcWeight > 0) return;
        const mean = losses.reduce((a, b) => a + b) / losses.length;
        const alone = toSpeechBatch([utterances[1] as EncodedUtterance], specials);
        expect(value(model.loss(alone, lossOptions(wiring)))).toBeCloseTo(mean, 4);
      });
    });

    test('every parameter has the gradient in training that differences give', () => {
      withModel(wiring, (model) => {
        const batch = toSpeechBatch(utterances, specials);
        expectGradientOfDifferences(model, () => model.loss(batch, lossOptions(wiring), stream(1)));
      });
    });
  },
);

test('one graph serves batches of all sizes, with masks and dropout, and leaves nothing behind', () => {
  const config = smallConfig({ encoder: { dropout: 0.2 } });
  const model = new SpeechModel(config, VOCABULARY, randomSource(5));
  const options = {
    labelSmoothing: 0.1,
    ctcWeight: 0.4,
    specAugment: { frequencyMasks: 2, frequencyWidth: 4, timeMasks: 2, timeShare: 0.2 },
  };
  const loss = (batch: SpeechBatch, seed: tf.Tensor1D) =>
    tf.tidy(() => model.loss(batch, options, new RandomStream(seed)));
  const compiled = compile(loss, { sizes: [speechBatchSizes(config.features), [2]] });
  const check = (of: readonly EncodedUtterance[], seed: number) =>
    tf.tidy(() => {
      const [batch, drawn] = [toSpeechBatch(of, specials), tf.tensor1d([seed, 1], 'int32')];
      expect(value(compiled(batch, drawn))).toBeCloseTo(value(loss(batch, drawn)), 4);
    });
  check(utterances, 1);
  const before = tf.memory().numTensors;
  check(utterances.slice(1), 2);
  check([utterance(31, [4, 5, 6, 7, 8])], 3);
  expect(tf.memory().numTensors).toBe(before);
  compiled.dispose();
  model.dispose();
});

test('CTC says what it says wherever frames end: its prefix scores are those of the recording alone', () => {
  const model = new SpeechModel(smallConfig(), VOCABULARY, randomSource(5));
  tf.tidy(() => {
    const whole = (of: readonly EncodedUtterance[]) =>
      model.encode(toSpeechBatch(of, specials)).ctc?.state.whole.arraySync() as number[][];
    const together = whole(utterances);
    utterances.forEach(
      (one, i) => void expect(together[i]?.[0]).toBeCloseTo(whole([one])[0]?.[0] as number, 4),
    );
  });
  model.dispose();
});
