import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deltas } from '../src/features/deltas.js';
import { besides } from '../src/features/feature-matrix.js';
import { logEnergy, logMel } from '../src/features/log-mel.js';
import { melCepstrum } from '../src/features/mel-cepstrum.js';
import { normalizeFeatures } from '../src/features/normalize-features.js';
import { type FeatureMatrix, type FeaturesConfig, featureWidth, speechFeatures } from '../src/index.js';
import { readAudio } from '../src/node/read-audio.js';
import type { Recording } from '../src/recording.js';
import { spectrogramOf } from '../src/speech-trace.js';

type Golden = Record<'logMel' | 'energy' | 'mfcc' | 'deltas' | 'secondDeltas', number[][]>;
const golden: { samples: number[]; made: Golden; an4: Record<string, Golden & { frames: number }> } =
  JSON.parse(readFileSync(new URL('golden/features.json', import.meta.url), 'utf8'));
const made: Recording = { samples: Float32Array.from(golden.samples) };

const rowsOf = ({ frames, width, values }: FeatureMatrix): number[][] =>
  Array.from({ length: frames }, (_, frame) => [...values.subarray(frame * width, (frame + 1) * width)]);

function expectRows(found: readonly number[][], expected: readonly number[][]): void {
  expect(found.length).toBe(expected.length);
  found.forEach((row, i) => {
    expect(row.length).toBe(expected[i]?.length);
    row.forEach((value, j) => {
      expect(Math.abs(value - (expected[i]?.[j] as number)), `row ${i}, column ${j}`).toBeLessThan(2e-3);
    });
  });
}

function expectGolden(recording: Recording, expected: Golden, step: number): void {
  const every = (matrix: FeatureMatrix) => rowsOf(matrix).filter((_, i) => i % step === 0);
  const [mel, energy] = [logMel(recording, 40), logEnergy(recording)];
  expectRows(every(mel), expected.logMel);
  expectRows(every(energy), expected.energy);
  expectRows(every(melCepstrum(mel, 13)), expected.mfcc);
  const first = deltas(besides([mel, energy]));
  expectRows(every(first), expected.deltas);
  expectRows(every(deltas(first)), expected.secondDeltas);
}

test('log-mel energies, energy, MFCC and deltas are those of librosa and python_speech_features', () => {
  expectGolden(made, golden.made, 1);
});

const an4 = join(resolve(process.env.HEED_DATA ?? '../shared/data'), 'an4');

describe.skipIf(!existsSync(an4))('real recordings (skipped unless HEED_DATA holds an4)', () => {
  test.each(Object.entries(golden.an4))('%s has the features of librosa', async (name, expected) => {
    const recording = await readAudio(join(an4, 'wav', `${name}.wav`));
    expect(logMel(recording, 40).frames).toBe(expected.frames);
    expectGolden(recording, expected, 10);
  });
});

const config: FeaturesConfig = {
  kind: 'log-mel',
  filters: 40,
  energy: true,
  deltas: 2,
  normalization: 'utterance',
};

test('the paper has 123 of them, and MFCC fewer', () => {
  const all = speechFeatures(made, config);
  expect([all.frames, all.width, featureWidth(config)]).toEqual([48, 123, 123]);
  const mfcc: FeaturesConfig = { ...config, kind: 'mfcc', coefficients: 13, deltas: 1 };
  expect([speechFeatures(made, mfcc).width, featureWidth(mfcc)]).toEqual([28, 28]);
  expect(rowsOf(speechFeatures(made, { ...config, energy: false, deltas: 0 }))[5]).toEqual(
    rowsOf(all)[5]?.slice(0, 40),
  );
});

test('normalised over all of them together, each has mean 0 and variance 1, or 0 where it never changes', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.float({ min: -9, max: 9, noNaN: true }), { minLength: 3, maxLength: 30 }), {
        minLength: 1,
        maxLength: 4,
      }),
      (columns) => {
        const matrices = columns.map((column) => ({
          frames: column.length,
          width: 2,
          values: Float32Array.from(column.flatMap((value) => [value, 7])),
        }));
        normalizeFeatures(matrices);
        const all = matrices.flatMap(({ values }) => [...values]);
        const [varying, constant] = [0, 1].map((first) => all.filter((_, i) => i % 2 === first)) as [
          number[],
          number[],
        ];
        expect(constant.every((value) => value === 0)).toBe(true);
        const mean = varying.reduce((a, b) => a + b) / varying.length;
        const variance = varying.reduce((sum, value) => sum + (value - mean) ** 2, 0) / varying.length;
        expect(mean).toBeCloseTo(0, 3);
        const spread = Math.max(...columns.flat()) - Math.min(...columns.flat());
        if (spread > 0.1) expect(variance).toBeCloseTo(1, 3);
      },
    ),
  );
});

test('digital silence has features, and what is too short or no number is an error with its name', () => {
  expect(speechFeatures({ samples: new Float32Array(4000) }, config).values.every(Number.isFinite)).toBe(
    true,
  );
  const short = { samples: new Float32Array(399), name: 'hm.wav' };
  expect(() => speechFeatures(short, config)).toThrow('hm.wav: 24.9375 ms of sound, and 25 ms are the least');
  const samples = new Float32Array(800);
  samples[17] = Number.NaN;
  expect(() => speechFeatures({ samples, name: 'hm.wav' }, config)).toThrow('hm.wav: sample 18 is NaN');
});

test('silence is drawn as nothing, and not as the loudest sound there is', () => {
  const { values } = spectrogramOf({ samples: new Float32Array(800) }, { filters: 40 } as FeaturesConfig, 5);
  expect(new Set(Buffer.from(values as string, 'base64'))).toEqual(new Set([0]));
});
