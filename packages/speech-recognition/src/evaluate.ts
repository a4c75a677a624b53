import {
  bootstrapInterval,
  corpusErrorRate,
  type ErrorRate,
  type ErrorUnit,
  errorRate,
} from '@heed/evaluation';
import type { TranscribedFeatures } from './batches.js';
import type { SpeechConfig } from './config.js';
import { scoredSymbols } from './data/symbols.js';
import { FRAMES_PER_SECOND } from './features/log-mel.js';
import type { Recognition, RecognizeOptions, SpeechRecognizer } from './speech-recognizer.js';

export interface SpeechErrorRate extends ErrorRate {
  /** 95 % of bootstrap samples lie between. */
  readonly low: number;
  readonly high: number;
}

export interface SpeechEvaluation {
  readonly utterances: number;
  /** Of sound. */
  readonly seconds: number;
  /** Of characters and words, or of phonemes. */
  readonly errorRates: readonly SpeechErrorRate[];
  /** The best answer to each. */
  readonly recognitions: readonly Recognition[];
}

/** What is counted of what a model writes. */
export const errorUnits = (symbols: SpeechConfig['symbols']): readonly ErrorUnit[] =>
  symbols === 'text' ? ['character', 'word'] : ['phoneme'];

/** The errors of answers, in percent of the symbols, TIMIT's phones as 39. */
export function scoreSymbols(
  unit: ErrorUnit,
  found: readonly string[],
  references: readonly string[],
  kind: SpeechConfig['symbols'],
): ErrorRate {
  const [hypotheses, expected] = [found, references].map((texts) =>
    texts.map((text) => scoredSymbols(text, kind)),
  );
  return corpusErrorRate(unit, hypotheses as string[], expected as string[]);
}

/** Utterances that are answered together. */
const CHUNK = 64;

/** The best answers to utterances whose features are normalised. */
async function recognizeInputs(
  recognizer: SpeechRecognizer,
  utterances: readonly Pick<TranscribedFeatures, 'features'>[],
  options: Omit<RecognizeOptions, 'nBest'>,
  onProgress: (done: number) => void = () => {},
): Promise<Recognition[]> {
  const found: Recognition[] = [];
  for (let first = 0; first < utterances.length; first += CHUNK) {
    const chunk = utterances.slice(first, first + CHUNK).map(({ features }) => features);
    const answers = await recognizer.recognizeFeatures(chunk, options);
    found.push(...answers.map(([best]) => best as Recognition));
    onProgress(found.length);
  }
  return found;
}

/** The best answers as they are written. */
export async function recognizeSymbols(
  recognizer: SpeechRecognizer,
  utterances: readonly Pick<TranscribedFeatures, 'features'>[],
  options: Omit<RecognizeOptions, 'nBest'>,
): Promise<string[]> {
  return (await recognizeInputs(recognizer, utterances, options)).map(({ text }) => text);
}

/**
 * Recognises utterances and counts the errors.
 *
 * @param onProgress is called with the number of utterances done
 */
export async function evaluateSpeechRecognizer(
  recognizer: SpeechRecognizer,
  utterances: readonly TranscribedFeatures[],
  options: Omit<RecognizeOptions, 'nBest'> = {},
  onProgress: (done: number) => void = () => {},
): Promise<SpeechEvaluation> {
  if (utterances.length === 0) throw new Error('evaluation: there are no utterances');
  const recognitions = await recognizeInputs(recognizer, utterances, options, onProgress);
  const { symbols: kind } = recognizer.config;
  const found = recognitions.map(({ text }) => scoredSymbols(text, kind));
  const references = utterances.map(({ symbols }) => scoredSymbols(symbols, kind));
  const frames = utterances.reduce((sum, { features }) => sum + features.frames, 0);
  return {
    utterances: utterances.length,
    seconds: frames / FRAMES_PER_SECOND,
    errorRates: errorUnits(kind).map((unit) => {
      const { low, high } = bootstrapInterval(found, [references], { metric: errorRate(unit) });
      return { ...corpusErrorRate(unit, found, references), low, high };
    }),
    recognitions,
  };
}
