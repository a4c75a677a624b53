import { useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import {
  type EncodedUtterance,
  encodeUtterances,
  joinUtterances,
  speechBatches,
  toSpeechBatch,
  toSpeechFrames,
} from '../src/index.js';
import { someFeatures, symbols } from './small-recognizer.js';

beforeAll(async () => void (await useBackend()));

const options = { maximumLength: 4, maximumFrames: 100, framesPerPlace: 4 };
const encode = (frames: number, text: string) =>
  encodeUtterances([{ features: someFeatures(frames, 1), symbols: text, speaker: 'a' }], symbols, options)
    .utterances.length;

test('what is empty, too long, or has more tokens than places is left out; one twice in a row needs a place between', () => {
  expect([encode(40, 'low'), encode(40, ''), encode(101, 'low')]).toEqual([1, 0, 0]);
  expect([encode(40, 'low rise low rise'), encode(40, 'low rise low rise low')]).toEqual([1, 0]);
  expect([encode(12, 'low rise dive'), encode(8, 'low rise dive'), encode(9, 'low rise dive')]).toEqual([
    1, 0, 1,
  ]);
  expect([encode(8, 'low low'), encode(9, 'low low')]).toEqual([0, 1]);
});

const utterances = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 40 }).map((lengths) =>
  lengths.map((frames, i) => ({
    features: { frames, width: 1, values: new Float32Array(frames) },
    tokens: Int32Array.of(i),
  })),
);

test('an epoch has every utterance once, no batch more frames than it may, and depends on seed and epoch alone', () => {
  fc.assert(
    fc.property(
      utterances,
      fc.integer({ min: 60, max: 300 }),
      fc.nat(9),
      fc.nat(9),
      (all, batchFrames, seed, epoch) => {
        const batches = speechBatches(all, { batchFrames, seed, epoch });
        const of = (batch: readonly EncodedUtterance[]) =>
          batch.length * Math.max(...batch.map(({ features }) => features.frames));
        expect(batches.every((batch) => of(batch) <= batchFrames)).toBe(true);
        const order = batches.flat().map(({ tokens }) => tokens[0] as number);
        expect([...order].sort((a, b) => a - b)).toEqual(all.map((_, i) => i));
        expect(speechBatches(all, { batchFrames, seed, epoch })).toEqual(batches);
      },
    ),
  );
});

test('joined utterances are a speaker’s, as many as asked for, no longer than they may be, and other ones in each epoch', () => {
  const spoken = ['a', 'b'].flatMap((speaker, who) =>
    Array.from({ length: 12 }, (_, i) => ({
      features: someFeatures(10 + i, 1, 2),
      symbols: who === 0 ? 'low' : 'rise',
      speaker,
    })),
  );
  const { utterances: encoded } = encodeUtterances(spoken, symbols, { ...options, maximumFrames: 60 });
  const join = (epoch: number, most = 3) =>
    joinUtterances(encoded, symbols, { ...options, maximumFrames: 60, most, seed: 1, epoch });
  const epochs = Array.from({ length: 20 }, (_, epoch) => join(epoch)).flat();
  for (const { features, tokens } of epochs) {
    expect(features.frames).toBeLessThanOrEqual(60);
    expect(features.values).toHaveLength(2 * features.frames);
    expect(new Set(tokens).size).toBe(1);
    expect(tokens.length).toBeLessThanOrEqual(3);
  }
  expect(new Set(epochs.map(({ tokens }) => tokens.length))).toEqual(new Set([1, 2, 3]));
  const frames = (all: readonly EncodedUtterance[]) => all.map(({ features }) => features.frames);
  expect(frames(join(1))).toEqual(frames(join(1)));
  expect(frames(join(1))).not.toEqual(frames(join(2)));
  const [first] = join(0, 2).filter(({ tokens }) => tokens.length === 1);
  expect(
    encoded.some(({ features }) => features.values.every((v, i) => v === first?.features.values[i])),
  ).toBe(true);
});

test('a batch is time first, padded with zeros, and its targets are a step before its inputs', () => {
  tf.tidy(() => {
    const features = [someFeatures(3, 1, 2), someFeatures(5, 2, 2)] as const;
    const { frames, lengths, inputs, targets } = toSpeechBatch(
      [
        { features: features[0], tokens: Int32Array.of(7, 8) },
        { features: features[1], tokens: Int32Array.of(9) },
      ],
      { begin: 2, end: 3 },
    );
    expect(frames.shape).toEqual([5, 2, 2]);
    const values = frames.arraySync() as number[][][];
    features.forEach((matrix, row) => {
      expect(values.slice(0, matrix.frames).flatMap((frame) => frame[row] as number[])).toEqual([
        ...matrix.values,
      ]);
      expect(values.slice(matrix.frames).every((frame) => frame[row]?.every((value) => value === 0))).toBe(
        true,
      );
    });
    expect(lengths.arraySync()).toEqual([3, 5]);
    expect(inputs.arraySync()).toEqual([
      [2, 2],
      [7, 9],
      [8, 0],
    ]);
    expect(targets.arraySync()).toEqual([
      [7, 9],
      [8, 3],
      [3, 0],
    ]);
    expect(toSpeechFrames(features).frames.arraySync()).toEqual(values);
  });
});
