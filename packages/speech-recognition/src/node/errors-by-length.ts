import type { Utterance } from '../data/utterance.js';
import { evaluateSpeechRecognizer, type SpeechErrorRate } from '../evaluate.js';
import { joinSpeech, type TranscribedRecording } from '../join-speech.js';
import { secondsOf } from '../recording.js';
import type { RecognizeOptions, SpeechRecognizer } from '../speech-recognizer.js';
import { featuresOf } from './open-utterances.js';
import { readAudio } from './read-audio.js';

/** The errors in recordings of about one length. */
export interface ErrorsAtLength {
  readonly recordings: number;
  /** Whether they are utterances joined, and not as they are. */
  readonly joined: boolean;
  /** Their mean length. */
  readonly seconds: number;
  /** Of characters, or of phonemes. */
  readonly errorRate: SpeechErrorRate;
}

/** How long the longest of them is, in seconds. @throws AudioFileError */
export async function longestOf(utterances: readonly Utterance[]): Promise<number> {
  let longest = 0;
  for (const { audio } of utterances) {
    longest = Math.max(longest, secondsOf(typeof audio === 'string' ? await readAudio(audio) : audio));
  }
  return longest;
}

/**
 * How many errors a model makes in speech that is longer than what it was trained on: first in the utterances as they are,
 * then in those of each speaker joined (Chorowski et al. 2015, figures 4 and 5).
 *
 * @param lengths in seconds, at least so long are the joined ones
 * @param onMeasured hears of each length as soon as it is measured
 */
export async function errorsByLength(
  recognizer: SpeechRecognizer,
  recordings: readonly TranscribedRecording[],
  lengths: readonly number[],
  options: Omit<RecognizeOptions, 'nBest'> = {},
  onMeasured: (errors: ErrorsAtLength) => void = () => {},
): Promise<ErrorsAtLength[]> {
  const measured: ErrorsAtLength[] = [];
  for (const length of [undefined, ...lengths]) {
    const joined = length === undefined ? recordings : joinSpeech(recordings, length);
    const inputs = await featuresOf(joined, recognizer.config);
    const { errorRates } = await evaluateSpeechRecognizer(recognizer, inputs, options);
    const errors = {
      recordings: joined.length,
      joined: length !== undefined,
      seconds: joined.reduce((sum, { recording }) => sum + secondsOf(recording), 0) / joined.length,
      errorRate: errorRates[0] as SpeechErrorRate,
    };
    measured.push(errors);
    onMeasured(errors);
  }
  return measured;
}
