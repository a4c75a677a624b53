import FFT from 'fft.js';
import { checkRecording, type Recording, SAMPLE_RATE } from '../recording.js';
import type { FeatureMatrix } from './feature-matrix.js';
import { type MelFilter, melFilters } from './mel-filters.js';

/** 25 ms of samples, of which a frame is made, and 10 ms from one frame to the next. */
const WINDOW = 400;
const HOP = 160;
const FFT_SIZE = 512;
const BINS = FFT_SIZE / 2 + 1;
const PRE_EMPHASIS = 0.97;
/** Below what anything counts as silence: 100 dB under the loudest of signals. */
const FLOOR = 1e-10;
/** What silence has in every filter. */
export const SILENCE = Math.log(FLOOR);

export const FRAMES_PER_SECOND = SAMPLE_RATE / HOP;

/** Whether a recording is long enough for one frame. */
export const hasFrame = ({ samples }: Recording): boolean => samples.length >= WINDOW;

/** @throws if there is not one frame */
export function framesOf(recording: Recording): number {
  const { samples, name = 'the recording' } = recording;
  if (!hasFrame(recording)) {
    const [has, needed] = [samples.length, WINDOW].map((n) => (n / SAMPLE_RATE) * 1000);
    throw new Error(`${name}: ${has} ms of sound, and ${needed} ms are the least`);
  }
  return 1 + Math.floor((samples.length - WINDOW) / HOP);
}

/** Hamming's, periodic. */
const window = Float64Array.from(
  { length: WINDOW },
  (_, i) => 0.54 - 0.46 * Math.cos((2 * Math.PI * i) / WINDOW),
);
const banks = new Map<number, readonly MelFilter[]>();

function bank(filters: number): readonly MelFilter[] {
  const made = banks.get(filters) ?? melFilters(filters, BINS, SAMPLE_RATE);
  banks.set(filters, made);
  return made;
}

/**
 * The natural logarithm of the energies that mel filters let through, of windows of 25 ms every 10 ms, after
 * pre-emphasis.
 *
 * @returns [frames, filters], without a frame for what is left at the end
 * @throws if the recording is shorter than a window, or holds what is not a number
 */
export function logMel(recording: Recording, filters: number): FeatureMatrix {
  checkRecording(recording);
  const { samples } = recording;
  const frames = framesOf(recording);
  const emphasised = Float64Array.from(
    samples,
    (sample, i) => sample - PRE_EMPHASIS * (samples[Math.max(0, i - 1)] as number),
  );
  const fft = new FFT(FFT_SIZE);
  const spectrum = fft.createComplexArray();
  const input = new Array<number>(FFT_SIZE).fill(0);
  const power = new Float64Array(BINS);
  const values = new Float32Array(frames * filters);
  for (let frame = 0; frame < frames; frame++) {
    for (let i = 0; i < WINDOW; i++) {
      input[i] = (emphasised[frame * HOP + i] as number) * (window[i] as number);
    }
    fft.realTransform(spectrum, input);
    for (let bin = 0; bin < BINS; bin++) {
      power[bin] = (spectrum[2 * bin] as number) ** 2 + (spectrum[2 * bin + 1] as number) ** 2;
    }
    for (const [filter, { first, weights }] of bank(filters).entries()) {
      let energy = 0;
      for (let i = 0; i < weights.length; i++)
        energy += (weights[i] as number) * (power[first + i] as number);
      values[frame * filters + filter] = Math.log(Math.max(energy, FLOOR));
    }
  }
  return { frames, width: filters, values };
}

/** The natural logarithm of the energy of each window, as it is recorded. @returns [frames, 1] */
export function logEnergy(recording: Recording): FeatureMatrix {
  const frames = framesOf(recording);
  const values = Float32Array.from({ length: frames }, (_, frame) => {
    const window = recording.samples.subarray(frame * HOP, frame * HOP + WINDOW);
    return Math.log(
      Math.max(
        window.reduce((sum, sample) => sum + sample * sample, 0),
        FLOOR,
      ),
    );
  });
  return { frames, width: 1, values };
}
