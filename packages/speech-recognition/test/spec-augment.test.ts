import { RandomStream, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import type { FeaturesConfig } from '../src/index.js';
import { specAugment } from '../src/spec-augment.js';

beforeAll(async () => void (await useBackend()));

const [STEPS, BATCH, BANDS] = [40, 6, 10];
const features: FeaturesConfig = {
  kind: 'log-mel',
  filters: BANDS,
  energy: true,
  deltas: 1,
  normalization: 'utterance',
};
const LENGTHS = [40, 40, 20, 20, 10, 5];
const none = { frequencyMasks: 0, frequencyWidth: 0, timeMasks: 0, timeShare: 0 };

/** Which values are seen, [frames][recordings][features]. */
const seen = (options: Partial<typeof none>, seed: number): number[][][] =>
  tf.tidy(
    () =>
      specAugment(
        tf.ones([STEPS, BATCH, 2 * (BANDS + 1)]),
        tf.tensor1d(LENGTHS, 'int32'),
        features,
        { ...none, ...options },
        new RandomStream(tf.tensor1d([seed, 1], 'int32')),
      ).arraySync() as number[][][],
  );
const seeds = Array.from({ length: 30 }, (_, i) => i + 1);

test('a band is hidden at all times and with its deltas, as wide as it may be, and never the energy', () => {
  const widths = new Set<number>();
  for (const seed of seeds) {
    const frames = seen({ frequencyMasks: 1, frequencyWidth: 4 }, seed);
    for (let row = 0; row < BATCH; row++) {
      const first = frames[0]?.[row] as number[];
      expect(frames.every((frame) => frame[row]?.join() === first.join())).toBe(true);
      const [still, deltas] = [first.slice(0, BANDS + 1), first.slice(BANDS + 1)];
      expect(deltas).toEqual(still);
      expect(still[BANDS]).toBe(1);
      const hidden = still.filter((value) => value === 0).length;
      widths.add(hidden);
      if (hidden > 0) expect(still.lastIndexOf(0) - still.indexOf(0) + 1).toBe(hidden);
    }
  }
  expect([...widths].sort()).toEqual([0, 1, 2, 3, 4]);
});

test('a span of time is hidden whole, within the recording, at most the share that is asked for', () => {
  const places = new Set<number>();
  for (const seed of seeds) {
    const frames = seen({ timeMasks: 1, timeShare: 0.25 }, seed);
    LENGTHS.forEach((length, row) => {
      const own = frames.map((frame) => frame[row] as number[]);
      expect(own.every((frame) => new Set(frame).size === 1)).toBe(true);
      const hidden = own.map((frame, t) => (frame[0] === 0 ? t : -1)).filter((t) => t >= 0);
      expect(hidden.length).toBeLessThanOrEqual(Math.ceil(0.25 * length));
      expect(hidden.every((t, i) => t < length && (i === 0 || t === (hidden[i - 1] as number) + 1))).toBe(
        true,
      );
      if (length === STEPS) for (const t of hidden) places.add(t);
    });
  }
  expect(places.size).toBeGreaterThan(30);
});

test('without masks everything is seen, and with several each hides its own', () => {
  expect(
    seen({}, 1)
      .flat(2)
      .every((value) => value === 1),
  ).toBe(true);
  const count = (frames: number[][][]) => frames.flat(2).filter((value) => value === 0).length;
  const many = seen({ frequencyMasks: 3, frequencyWidth: 4, timeMasks: 3, timeShare: 0.25 }, 1);
  expect(count(many)).toBeGreaterThan(count(seen({ frequencyMasks: 1, frequencyWidth: 4 }, 1)));
});
