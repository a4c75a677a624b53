/** The rate of all speech in here, in samples a second. */
export const SAMPLE_RATE = 16_000;

/** Mono sound, 16,000 samples a second, each -1 to 1. */
export interface Recording {
  readonly samples: Float32Array;
  /** What messages and traces call it. */
  readonly name?: string;
}

export const secondsOf = ({ samples }: Recording): number => samples.length / SAMPLE_RATE;

/** @throws if a sample is not a number, with its place */
export function checkRecording({ samples, name = 'the recording' }: Recording): void {
  const bad = samples.findIndex((sample) => !Number.isFinite(sample));
  if (bad >= 0) throw new Error(`${name}: sample ${bad + 1} is ${samples[bad]}, and not a number`);
}
