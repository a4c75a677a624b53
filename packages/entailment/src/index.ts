export {
  type EncodedPair,
  encodePairs,
  entailmentBatches,
  toEntailmentBatch,
  toPairTokens,
} from './batches.js';
export { type EmbeddingConfig, type EntailmentConfig, parseEntailmentConfig } from './config.js';
export {
  type EntailmentLabel,
  entailmentLabels,
  type LabelledPair,
  type SentencePair,
} from './data/sentence-pair.js';
export { syntheticPairs } from './data/synthetic.js';
export { type Classification, EntailmentClassifier } from './entailment-classifier.js';
export { type EntailmentEvaluation, evaluateEntailmentClassifier } from './evaluate.js';
export { type KnownWords, plainWord, type WordVectors, withKnownWords } from './known-words.js';
export { type EntailmentBatch, EntailmentModel, entailmentBatchSizes, type PairTokens } from './model.js';
export { type EntailmentPreset, entailmentPresets } from './presets.js';
export {
  type TrainEntailmentClassifierOptions,
  trainEntailmentClassifier,
  trainEntailmentTokenizer,
} from './train.js';
