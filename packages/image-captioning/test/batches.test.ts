import { useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { captionBatches, type EncodedCaption, encodeCaptions, toCaptionBatch } from '../src/index.js';
import { words } from './small-captioner.js';

beforeAll(async () => void (await useBackend()));

const caption = fc.record({
  image: fc.nat(50),
  tokens: fc.integer({ min: 1, max: 20 }).map((length) => new Int32Array(length).fill(7)),
});

test('an epoch has every caption once, in batches that are full but for the last of each pool', () => {
  fc.assert(
    fc.property(
      fc.array(caption, { maxLength: 200 }),
      fc.integer({ min: 1, max: 9 }),
      (captions, batchSize) => {
        const batches = captionBatches(captions, { batchSize, seed: 3, epoch: 1 });
        expect(new Set(batches.flat())).toEqual(new Set(captions));
        expect(batches.flat()).toHaveLength(captions.length);
        expect(Math.max(0, ...batches.map(({ length }) => length))).toBeLessThanOrEqual(batchSize);
        expect(batches.length).toBeLessThanOrEqual(Math.ceil(captions.length / batchSize) + 4);
      },
    ),
    { numRuns: 30 },
  );
});

test('captions of like length are together, in another order each epoch', () => {
  const captions: EncodedCaption[] = Array.from({ length: 500 }, (_, image) => ({
    image,
    tokens: new Int32Array(1 + (image % 17)),
  }));
  const options = { batchSize: 10, seed: 1, epoch: 0 };
  const batches = captionBatches(captions, options);
  for (const batch of batches) {
    const lengths = batch.map(({ tokens }) => tokens.length);
    expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
  }
  expect(captionBatches(captions, options)).toEqual(batches);
  expect(captionBatches(captions, { ...options, epoch: 1 })).not.toEqual(batches);
});

test('captions keep their images; those that are empty or too long are left out', () => {
  const { captions, leftOut } = encodeCaptions(
    [['a red circle', ''], [], ['a large red circle above a small blue square'], ['a cross']],
    words,
    { maximumLength: 5 },
  );
  expect(leftOut).toBe(2);
  expect(captions.map(({ image, tokens }) => [image, words.decode(tokens)])).toEqual([
    [0, 'a red circle'],
    [3, 'a cross'],
  ]);
});

test('a batch has the image of each caption, and targets one step after inputs', () => {
  const images = {
    count: 9,
    views: 1,
    read: (numbers: readonly number[]) => tf.tensor3d([...numbers], [2, 1, 1]),
  };
  const captions = [
    { image: 8, tokens: Int32Array.of(5, 6) },
    { image: 4, tokens: Int32Array.of(7) },
  ];
  const batch = toCaptionBatch(captions, images, { begin: 2, end: 3 });
  expect(batch.images.arraySync()).toEqual([[[8]], [[4]]]);
  expect(batch.inputs.arraySync()).toEqual([
    [[2], [2]],
    [[5], [7]],
    [[6], [0]],
  ]);
  expect(batch.targets.arraySync()).toEqual([
    [[5], [7]],
    [[6], [3]],
    [[3], [0]],
  ]);
  tf.dispose(batch);
});

test('captions of one image share it in their batch', () => {
  const images = {
    count: 9,
    views: 1,
    read: (numbers: readonly number[]) => tf.tensor3d([...numbers], [2, 1, 1]),
  };
  const captions = [8, 8, 4, 4].map((image, i) => ({ image, tokens: Int32Array.of(5 + i) }));
  const before = tf.memory().numTensors;
  const batch = toCaptionBatch(captions, images, { begin: 2, end: 3 }, 2);
  expect(batch.images.arraySync()).toEqual([[[8]], [[4]]]);
  expect(batch.targets.arraySync()).toEqual([
    [
      [5, 6],
      [7, 8],
    ],
    [
      [3, 3],
      [3, 3],
    ],
  ]);
  tf.dispose(batch);
  expect(tf.memory().numTensors).toBe(before);
});
