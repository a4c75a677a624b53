import { useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { secondsOf, syntheticTones } from '../src/index.js';
import { type ErrorsAtLength, errorsByLength, longestOf, openRecordings } from '../src/node/index.js';
import { smallRecognizer } from './small-recognizer.js';

beforeAll(async () => void (await useBackend()));

const tones = syntheticTones({ count: 3, seed: 4, symbols: [2, 3] });

test('the longest of some utterances', async () => {
  const lengths = tones.map(({ audio }) => secondsOf(audio));
  expect(await longestOf(tones)).toBe(Math.max(...lengths));
  expect(await longestOf([])).toBe(0);
});

test('errors of utterances as they are, then of joined ones, each told when it is measured; nothing is left behind', async () => {
  const recordings = await openRecordings(tones, 'phonemes');
  const recognizer = smallRecognizer();
  await errorsByLength(recognizer, recordings, []);
  const before = tf.memory().numTensors;
  const told: ErrorsAtLength[] = [];
  const measured = await errorsByLength(recognizer, recordings, [3], { beamSize: 1 }, (errors) =>
    told.push(errors),
  );
  expect(tf.memory().numTensors).toBe(before);
  recognizer.dispose();
  expect(told).toEqual(measured);
  expect(measured.map(({ joined, recordings }) => ({ joined, recordings }))).toEqual([
    { joined: false, recordings: 3 },
    { joined: true, recordings: 3 },
  ]);
  const [alone, joined] = measured as [ErrorsAtLength, ErrorsAtLength];
  const mean = tones.reduce((sum, { audio }) => sum + secondsOf(audio), 0) / tones.length;
  expect(alone.seconds).toBeCloseTo(mean, 10);
  expect(joined.seconds).toBeGreaterThanOrEqual(3);
  expect(joined.seconds).toBeLessThan(3 + 2 * mean);
  for (const { errorRate } of measured)
    expect(errorRate).toMatchObject({ name: 'PER', score: expect.any(Number) });
});
