export { type FeaturesConfig, parseSpeechConfig, type SpeechConfig } from './config.js';
export { type Pronunciations, UnknownWordError } from './data/pronunciations.js';
export { symbolsOf } from './data/symbols.js';
export { isTones, type SyntheticTonesOptions, syntheticTones, type ToneUtterance } from './data/synthetic.js';
export { spokenText, type Utterance } from './data/utterance.js';
export type { FeatureMatrix } from './features/feature-matrix.js';
export { featureWidth, speechFeatures } from './features/speech-features.js';
export { type Recording, SAMPLE_RATE, secondsOf } from './recording.js';
