import { expect, test } from 'vitest';
import { eraseFrames } from '../src/index.js';

const recording = { samples: new Float32Array(3000).fill(0.5), name: 'hum' };
// 0.2 s in 4 frames of 800 samples: the last one is longer than the recording.
const time = { seconds: 0.2, frames: 4 };

test('silences frames and nothing else', () => {
  const { samples, name } = eraseFrames(recording, time, [1, 3]);
  expect(name).toBe('hum');
  const silent = [...samples.keys()].filter((i) => samples[i] === 0);
  expect([silent.length, silent[0], silent[799], silent[800], silent.at(-1)]).toEqual([
    1400, 800, 1599, 2400, 2999,
  ]);
  expect(recording.samples.every((sample) => sample === 0.5)).toBe(true);
});

test('refuses a frame that is not there', () => {
  expect(() => eraseFrames(recording, time, [4])).toThrow('frame 4: there are 4');
});
