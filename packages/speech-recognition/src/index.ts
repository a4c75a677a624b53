export { type AlignmentError, alignmentError } from './alignment-error.js';
export {
  type EncodedUtterance,
  encodeUtterances,
  joinUtterances,
  speechBatches,
  type TranscribedFeatures,
  toSpeechBatch,
  toSpeechFrames,
} from './batches.js';
export {
  type FeaturesConfig,
  parseSpeechConfig,
  type SpeechConfig,
  type WindowConfig,
} from './config.js';
export { type Pronunciations, UnknownWordError } from './data/pronunciations.js';
export { symbolsOf } from './data/symbols.js';
export { isTones, type SyntheticTonesOptions, syntheticTones, type ToneUtterance } from './data/synthetic.js';
export { spokenText, type Utterance } from './data/utterance.js';
export { eraseFrames } from './erase-frames.js';
export { evaluateSpeechRecognizer, type SpeechErrorRate, type SpeechEvaluation } from './evaluate.js';
export type { FeatureMatrix } from './features/feature-matrix.js';
export { normalizeFeatures } from './features/normalize-features.js';
export { featureWidth, speechFeatures } from './features/speech-features.js';
export { joinSpeech, type TranscribedRecording } from './join-speech.js';
export {
  type EncodedSpeech,
  type SpeechBatch,
  type SpeechFrames,
  type SpeechLossOptions,
  SpeechModel,
  speechBatchSizes,
} from './model.js';
export { type SpeechPreset, speechPresets } from './presets.js';
export { type Recording, SAMPLE_RATE, secondsOf } from './recording.js';
export {
  type LoadRecognizerOptions,
  type Recognition,
  type RecognizeOptions,
  SpeechRecognizer,
} from './speech-recognizer.js';
export {
  type TrainSpeechRecognizerOptions,
  trainSpeechRecognizer,
  trainSpeechTokenizer,
} from './train.js';
