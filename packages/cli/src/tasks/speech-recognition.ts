import {
  alignmentError,
  evaluateSpeechRecognizer,
  isTones,
  parseSpeechConfig,
  type RecognizeOptions,
  SpeechRecognizer,
  speechPresets,
} from '@heed/speech-recognition';
import {
  AudioFileError,
  featuresOf,
  openRecordings,
  openSpeech,
  readAudio,
  readPronunciations,
  trainSpeechRecognizerInFolder,
  utterancesForFirst,
} from '@heed/speech-recognition/node';
import { UsageError } from '../errors.js';
import { progressLine } from '../report.js';
import { chooseTraining, outcome } from './choose-training.js';
import { decodingOptions, requireBeam } from './decoding-options.js';
import { answerEach, type Decoding, type Evaluation, RefusedInput, type Task } from './task.js';

/** The same options as the model names them. */
function recognizeOptions(
  { ctcWeight, ...decoding }: Decoding & { readonly ctcWeight?: number },
  { config }: SpeechRecognizer,
): Omit<RecognizeOptions, 'nBest'> {
  if (ctcWeight === undefined) return decodingOptions(decoding);
  if (ctcWeight >= 1) throw new UsageError(`--ctc-weight ${ctcWeight}: expected less than 1`);
  if (ctcWeight > 0 && config.training.ctcWeight === 0) {
    throw new UsageError('--ctc-weight: this model was trained without CTC');
  }
  return { ...decodingOptions(decoding), ctcWeight };
}

export const speechRecognition: Task = {
  defaultModel: '@heed/speech-recognition-an4-characters',
  unit: 'utterances',
  inputs: 'files',
  takes: ['beam', 'lengthPenalty', 'ctcWeight', 'dictionary'],

  async train(request) {
    const { config, seed } = await chooseTraining(request, speechPresets, parseSpeechConfig);
    const reading = progressLine();
    const { recognizer, ...ended } = await trainSpeechRecognizerInFolder({
      ...request,
      config,
      seed,
      onUtterances: (done, utterances) =>
        done === utterances ? reading.end() : reading.update(`${done} of ${utterances} utterances read`),
    }).finally(() => reading.end());
    recognizer.dispose();
    return outcome(ended, config.training.steps, request);
  },

  async evaluate({ model, dictionary, data, split, limit, onProgress, ...decoding }) {
    const recognizer = await SpeechRecognizer.load(model);
    const options = recognizeOptions(decoding, recognizer);
    const reader = await openSpeech(data);
    const pronunciations =
      dictionary === undefined ? reader.pronunciations : await readPronunciations(dictionary);
    const all = (await reader.read(split)).utterances;
    const utterances = all.slice(0, limit);
    const { config } = recognizer;
    const needed = utterancesForFirst(limit, all, config);
    const recordings = await openRecordings(needed, config.symbols, { pronunciations });
    const started = performance.now();
    const inputs = (await featuresOf(recordings, config)).slice(0, limit);
    const result = await evaluateSpeechRecognizer(recognizer, inputs, options, (done) =>
      onProgress(done, inputs.length),
    );
    const seconds = (performance.now() - started) / 1000;
    const { beamSize, lengthPenalty, ctcWeight } = { ...config.decoding, ...options };
    const searched = { beam: beamSize, lengthPenalty, ctcWeight };
    const metrics: Evaluation['metrics'] = [
      ...result.errorRates,
      { name: 'times real time', score: result.seconds / seconds, signature: 'features and search' },
    ];
    const answered = { count: result.utterances, decoding: searched, seconds };
    const tones = utterances.filter(isTones);
    const [symbols] = result.errorRates;
    if (tones.length < utterances.length || !symbols) return { ...answered, metrics: metrics.map(shown) };
    const { inside, distance } = alignmentError(tones, result.recognitions, symbols.alignments);
    const ofTones = [
      { name: 'attention inside', score: 100 * inside, signature: 'peaks, of symbols that are right' },
      { name: 'attention error', score: 1000 * distance, signature: 'ms from the middle' },
    ];
    return { ...answered, metrics: [...metrics, ...ofTones].map(shown) };
  },

  async openPredictor({ model, nBest, ...decoding }) {
    const recognizer = await SpeechRecognizer.load(model);
    const options = { ...recognizeOptions(decoding, recognizer), nBest };
    requireBeam(nBest, { ...recognizer.config.decoding, ...options }.beamSize);
    const prepare = (file: string) =>
      readAudio(file).catch((error) => {
        throw error instanceof AudioFileError ? new RefusedInput(error.problem) : error;
      });
    return {
      attends: true,
      answer: (files) =>
        answerEach(files, prepare, (recordings) => recognizer.recognizeAll(recordings, options)),
    };
  },
};

/** Without how each was aligned. */
const shown = ({ name, score, signature, low, high }: Evaluation['metrics'][number]) => ({
  name,
  score,
  signature,
  ...(low !== undefined && high !== undefined && { low, high }),
});
