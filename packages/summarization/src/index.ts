export { baselines } from './baselines.js';
export { type EncodedArticle, encodeArticles, epochBatches, toSummarizationBatch } from './batches.js';
export { parseSummarizationConfig, type SummarizationConfig } from './config.js';
export { createSummarizationModel } from './create-model.js';
export type { Article } from './data/article.js';
export { firstSentence, sentences } from './data/sentences.js';
export { type SyntheticArticle, syntheticArticles } from './data/synthetic.js';
export {
  evaluateSummarizer,
  type HeadlineScores,
  type SummarizationEvaluation,
  scoreHeadlines,
} from './evaluate.js';
export { type Candidate, minimumErrorRate, searchLine } from './line-search.js';
export { type SummarizationBatch, SummarizationModel, summarizationBatchSizes } from './model.js';
export { measurePerplexity } from './perplexity.js';
export { type SummarizationPreset, summarizationPresets } from './presets.js';
export { type FoundHeadlines, type SummarizeOptions, Summarizer, type Summary } from './summarizer.js';
export { type TrainSummarizerOptions, trainSummarizationTokenizer, trainSummarizer } from './train.js';
export { tuneExtraction } from './tune-extraction.js';
