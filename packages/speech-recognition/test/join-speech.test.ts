import { expect, test } from 'vitest';
import { joinSpeech, SAMPLE_RATE, secondsOf, type TranscribedRecording } from '../src/index.js';

const utterance = (
  speaker: string,
  symbols: string,
  seconds: number,
  level: number,
): TranscribedRecording => ({
  recording: { samples: new Float32Array(seconds * SAMPLE_RATE).fill(level), name: symbols },
  symbols,
  speaker,
});
const utterances = [
  utterance('ann', 'A', 1, 0.1),
  utterance('bob', 'B', 2, 0.2),
  utterance('ann', 'C D', 0.5, 0.3),
];

test("each speaker's utterances in a row, from the first again, until it is long enough", () => {
  const [ann, bob, ...others] = joinSpeech(utterances, 2.2);
  expect(others).toEqual([]);
  expect([ann?.symbols, ann && secondsOf(ann.recording)]).toEqual(['A C D A', 2.5]);
  expect([bob?.symbols, bob && secondsOf(bob.recording)]).toEqual(['B B', 4]);
  const levels = [0.5, 1.2, 2].map((seconds) => ann?.recording.samples[seconds * SAMPLE_RATE]);
  expect(levels).toEqual([0.1, 0.3, 0.1].map(Math.fround));
});

test('an utterance at least, and none without sound', () => {
  expect(joinSpeech(utterances, 0).map(({ symbols }) => symbols)).toEqual(['A', 'B']);
  expect(() => joinSpeech([utterance('ann', 'X', 0, 0)], 1)).toThrow('X: there is no sound in it');
});
