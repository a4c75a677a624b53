import { expect, test } from 'vitest';
import { SAMPLE_RATE, syntheticTones, type Utterance } from '../src/index.js';
import { featuresOf, openRecordings, utterancesForFirst } from '../src/node/index.js';
import { smallConfig } from './small-recognizer.js';

const config = smallConfig();
const bySpeaker = { features: { ...config.features, normalization: 'speaker' as const } };
const spoken: readonly Utterance[] = syntheticTones({ count: 6, seed: 4, symbols: [1, 2] }).map(
  (utterance, i) => ({ ...utterance, speaker: `s${i % 3}` }),
);

test('the first utterances have the features that they have among all', async () => {
  const read = async (utterances: readonly Utterance[], from = config) =>
    featuresOf(await openRecordings(utterances, 'phonemes'), from);
  expect(utterancesForFirst(2, spoken, config)).toEqual(spoken.slice(0, 2));
  expect(utterancesForFirst(undefined, spoken, bySpeaker)).toEqual(spoken);
  const [all, some] = [
    await read(spoken, { ...config, ...bySpeaker }),
    await read(utterancesForFirst(2, spoken, bySpeaker), { ...config, ...bySpeaker }),
  ];
  expect(some).toHaveLength(4);
  expect(some.slice(0, 2)).toEqual(all.slice(0, 2));
});

test('a recording that is too short at a speed is left out there, and one that is too short as it is is an error', async () => {
  const lasting = (samples: number) => [
    {
      recording: { samples: new Float32Array(samples).fill(0.1), name: 'short.wav' },
      symbols: 'low',
      speaker: 's',
    },
  ];
  const least = 0.025 * SAMPLE_RATE;
  const heard = await featuresOf(lasting(least), config, { speeds: [0.9, 1, 1.1] });
  expect(heard.map(({ speaker }) => speaker)).toEqual(['s 0.9', 's 1']);
  await expect(featuresOf(lasting(least - 1), config)).rejects.toThrow(/short\.wav: 24\.9375 ms of sound/);
});

test('a signal stops the reading of recordings, and the making of features', async () => {
  const reading = new AbortController();
  const read: number[] = [];
  const opened = openRecordings(spoken, 'phonemes', {
    signal: reading.signal,
    onProgress(done) {
      read.push(done);
      reading.abort();
    },
  });
  await expect(opened).rejects.toThrow('aborted');
  expect(read).toEqual([1]);
  const making = new AbortController();
  const recordings = await openRecordings(spoken, 'phonemes');
  setImmediate(() => making.abort());
  await expect(featuresOf(recordings, config, { signal: making.signal })).rejects.toThrow('aborted');
});
