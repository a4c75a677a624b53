import { randomSource } from '@heed/backend';
import { type Recording, SAMPLE_RATE } from '../recording.js';
import type { Utterance } from './utterance.js';

/** What each symbol sounds like: the frequency that it begins and the one that it ends with, in hertz. */
const SOUNDS = {
  low: [320, 320],
  middle: [700, 700],
  high: [1500, 1500],
  top: [2900, 2900],
  rise: [450, 1100],
  fall: [1100, 450],
  soar: [1300, 3200],
  dive: [3200, 1300],
} as const;
type Sound = keyof typeof SOUNDS;

const NAMES = Object.keys(SOUNDS) as Sound[];

/** A recording of tones, and when each of them sounds. */
export interface ToneUtterance extends Utterance {
  readonly audio: Recording;
  readonly phonemes: string;
  /** One a symbol, in order, in seconds. */
  readonly spans: readonly { readonly start: number; readonly end: number }[];
}

/** Whether an utterance is one of `syntheticTones`. */
export const isTones = (utterance: Utterance): utterance is ToneUtterance => 'spans' in utterance;

/** In seconds. */
const LENGTHS = [0.08, 0.16] as const;
const GAPS = [0.03, 0.09] as const;
const FADE = 0.01;
/** How far a voice strays from the frequencies, as a share, and how loud it is. */
const DETUNING = 0.06;
const LOUDNESS = [0.1, 0.5] as const;
const NOISE = 0.01;

export interface SyntheticTonesOptions {
  /** An integer from 0. */
  readonly count: number;
  /** An integer; the same seed gives the same recordings everywhere. */
  readonly seed: number;
  /** The fewest and the most symbols of a recording. Default: 3 to 7. */
  readonly symbols?: readonly [number, number];
}

/**
 * A task made by code: tones and chirps in noise, each of them a symbol, `low rise dive`, to be written down. Every
 * recording has a voice of its own, which is higher or deeper, louder or softer.
 */
export function syntheticTones({ count, seed, symbols = [3, 7] }: SyntheticTonesOptions): ToneUtterance[] {
  if (!Number.isSafeInteger(count) || count < 0) throw new Error(`count is ${count}: expected 0, 1, 2, …`);
  if (!Number.isSafeInteger(seed)) throw new Error(`seed is ${seed}: expected an integer.`);
  const random = randomSource(seed);
  return Array.from({ length: count }, (_, i) => play(random, symbols, `tones ${i + 1}`));
}

function play(random: () => number, [fewest, most]: readonly [number, number], name: string): ToneUtterance {
  const between = ([low, high]: readonly [number, number]) => low + random() * (high - low);
  const voice = 1 + between([-DETUNING, DETUNING]);
  const loudness = between(LOUDNESS);
  const length = fewest + Math.floor(random() * (most - fewest + 1));
  let time = between(GAPS);
  const sounds = Array.from({ length }, () => {
    const sound = NAMES[Math.floor(random() * NAMES.length)] as Sound;
    const start = time;
    const end = start + between(LENGTHS);
    time = end + between(GAPS);
    return { sound, start, end };
  });
  const samples = Float32Array.from({ length: Math.ceil(time * SAMPLE_RATE) }, () =>
    between([-NOISE, NOISE]),
  );
  for (const { sound, start, end } of sounds) {
    const [from, to] = SOUNDS[sound];
    for (let i = Math.ceil(start * SAMPLE_RATE); i < end * SAMPLE_RATE; i++) {
      const t = i / SAMPLE_RATE - start;
      // The integral of a frequency that moves in a straight line.
      const cycles = voice * (from * t + ((to - from) * t * t) / (2 * (end - start)));
      const fade = Math.min(1, t / FADE, (end - start - t) / FADE);
      samples[i] = (samples[i] as number) + loudness * fade * Math.sin(2 * Math.PI * cycles);
    }
  }
  return {
    audio: { samples, name },
    phonemes: sounds.map(({ sound }) => sound).join(' '),
    speaker: name,
    spans: sounds.map(({ start, end }) => ({ start, end })),
  };
}
