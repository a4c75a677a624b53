export { type BleuOptions, type BleuScore, bleu, corpusBleu, sentenceBleu } from './bleu.js';
export {
  type BootstrapInterval,
  type BootstrapOptions,
  bootstrapInterval,
  type PairedBootstrap,
  pairedBootstrap,
} from './bootstrap.js';
export {
  type CalibrationBin,
  type CalibrationError,
  type CalibrationOptions,
  expectedCalibrationError,
} from './calibration.js';
export { type BleuOrder, type CaptionBleuScore, captionBleu, corpusCaptionBleu } from './caption-bleu.js';
export { captionRougeL, corpusCaptionRougeL } from './caption-rouge-l.js';
export type { CaptionOptions } from './caption-tokens.js';
export { type ChrfOptions, type ChrfScore, chrf, corpusChrf } from './chrf.js';
export { cider, corpusCider } from './cider.js';
export {
  type ClassificationOptions,
  type ClassificationScore,
  type LabelScore,
  scoreClassification,
} from './classification.js';
export { type CopiedRun, type Copying, longestCopiedRun, measureCopying } from './copying.js';
export { type Correlation, pearsonCorrelation } from './correlation.js';
export { type AlignmentChunk, alignSymbols } from './edit-alignment.js';
export {
  corpusErrorRate,
  type ErrorRate,
  type ErrorRateOptions,
  type ErrorUnit,
  errorRate,
} from './error-rate.js';
export { type McNemar, mcNemar } from './mcnemar.js';
export { meanInterval } from './mean-interval.js';
export { corpusMeteor, meteor } from './meteor.js';
export { type Metric, type ReferenceSets, referenceSets, type Score } from './metric.js';
export { porterStem } from './porter-stemmer.js';
export { tokenizePtb } from './ptb-tokenizer.js';
export {
  corpusRouge,
  type RougeMeasure,
  type RougeOptions,
  type RougeScore,
  type RougeType,
  type RougeValues,
  rouge,
} from './rouge.js';
export { type Interval, wilsonInterval } from './wilson.js';
