import type { TranscribedFeatures } from '../batches.js';
import type { SpeechConfig } from '../config.js';
import type { Pronunciations } from '../data/pronunciations.js';
import { symbolsOf } from '../data/symbols.js';
import type { Utterance } from '../data/utterance.js';
import type { FeatureMatrix } from '../features/feature-matrix.js';
import { hasFrame } from '../features/log-mel.js';
import { normalizeFeatures } from '../features/normalize-features.js';
import { speechFeatures } from '../features/speech-features.js';
import type { TranscribedRecording } from '../join-speech.js';
import { readAudio } from './read-audio.js';
import { changeSpeed } from './resample.js';

export interface OpenUtterancesOptions {
  /** Give the phonemes of utterances of which only the words are known. */
  readonly pronunciations?: Pronunciations | undefined;
  /** Hears how many utterances have been read. */
  readonly onProgress?: (done: number, utterances: number) => void;
  /** Stops the reading after the recording that is read: its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

export interface FeaturesOfOptions {
  /**
   * At which each recording is heard. Default: as it is. At another speed than its own a recording may be too short for
   * features: it is left out then.
   */
  readonly speeds?: readonly number[];
  /** Stops the making after the recording that is heard: its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The recordings of utterances and what is to be written of them.
 *
 * @throws AudioFileError naming the first recording that cannot be read; UnknownWordError
 */
export async function openRecordings(
  utterances: readonly Utterance[],
  symbols: SpeechConfig['symbols'],
  { pronunciations, onProgress = () => {}, signal }: OpenUtterancesOptions = {},
): Promise<TranscribedRecording[]> {
  // What is to be written first: an unknown word should not be found after minutes.
  const written = utterances.map((utterance) => symbolsOf(utterance, symbols, pronunciations));
  const recordings: TranscribedRecording[] = [];
  for (const [i, { audio, speaker }] of utterances.entries()) {
    signal?.throwIfAborted();
    const recording = typeof audio === 'string' ? await readAudio(audio) : audio;
    recordings.push({ recording, symbols: written[i] as string, speaker });
    onProgress(i + 1, utterances.length);
  }
  return recordings;
}

/**
 * The utterances to read for the features of the first so many, which come first: where speakers are normalised, all that
 * theirs say.
 */
export function utterancesForFirst(
  count: number | undefined,
  utterances: readonly Utterance[],
  { features }: Pick<SpeechConfig, 'features'>,
): readonly Utterance[] {
  const first = utterances.slice(0, count);
  if (features.normalization !== 'speaker') return first;
  const speakers = new Set(first.map(({ speaker }) => speaker));
  return utterances.filter(({ speaker }) => speakers.has(speaker));
}

/**
 * The features of recordings, normalised as the configuration says. A speaker at another speed is another speaker (Ko et
 * al. 2015).
 *
 * @throws if a recording is too short as it is
 */
export async function featuresOf(
  recordings: readonly TranscribedRecording[],
  { features: config }: Pick<SpeechConfig, 'features'>,
  { speeds = [1], signal }: FeaturesOfOptions = {},
): Promise<TranscribedFeatures[]> {
  const groups = new Map<string, FeatureMatrix[]>();
  const found: TranscribedFeatures[] = [];
  for (const [i, { recording, symbols, speaker }] of recordings.entries()) {
    // Lets signals through.
    await new Promise(setImmediate);
    signal?.throwIfAborted();
    for (const speed of speeds) {
      const samples = await changeSpeed(recording.samples, speed);
      if (speed !== 1 && !hasFrame({ samples })) continue;
      const features = speechFeatures({ ...recording, samples }, config);
      const group = config.normalization === 'speaker' ? `${speaker} ${speed}` : `${i} ${speed}`;
      const known = groups.get(group);
      if (known) known.push(features);
      else groups.set(group, [features]);
      found.push({ features, symbols, speaker: `${speaker} ${speed}` });
    }
  }
  for (const group of groups.values()) normalizeFeatures(group);
  return found;
}
