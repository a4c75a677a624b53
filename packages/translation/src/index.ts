export { type EncodedPair, encodePairs, epochBatches, toTranslationBatch } from './batches.js';
export { parseTranslationConfig, type TranslationConfig, translationConfigSchema } from './config.js';
export { withoutOverlap } from './data/parallel-overlap.js';
export { splitByTarget } from './data/parallel-split.js';
export type { SentencePair } from './data/sentence-pair.js';
export {
  type DateField,
  ISO_DATE_SPANS,
  type Span,
  type SyntheticDate,
  syntheticDates,
} from './data/synthetic.js';
export { evaluateTranslator, type TranslationEvaluation } from './evaluate.js';
export { type TranslationBatch, TranslationModel, translationBatchSizes } from './model.js';
export { type TranslationPreset, translationPresets } from './presets.js';
export { type TrainTranslatorOptions, trainTranslationTokenizer, trainTranslator } from './train.js';
export { type TranslateOptions, type Translation, Translator } from './translator.js';
