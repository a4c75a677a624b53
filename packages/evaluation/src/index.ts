export { type BleuOptions, type BleuScore, bleu, corpusBleu, sentenceBleu } from './bleu.js';
export {
  type BootstrapInterval,
  type BootstrapOptions,
  bootstrapInterval,
  type PairedBootstrap,
  pairedBootstrap,
} from './bootstrap.js';
export { type ChrfOptions, type ChrfScore, chrf, corpusChrf } from './chrf.js';
export type { Metric } from './metric.js';
