import { collectWeights } from '@heed/attention-core';
import { corpusRouge } from '@heed/evaluation';
import { type Tokenizer, trainTokenizer } from '@heed/text';
import {
  reportLeftOut,
  spread,
  type TrainingProgress,
  type TrainTaskOptions,
  trainTask,
} from '@heed/training';
import type { Scalar } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { encodeArticles, epochBatches, toSummarizationBatch } from './batches.js';
import { extracts, type SummarizationConfig } from './config.js';
import type { Article } from './data/article.js';
import { articleText, headlineText } from './input-text.js';
import { summarizationBatchSizes } from './model.js';
import { measurePerplexity } from './perplexity.js';
import { Summarizer } from './summarizer.js';
import { tuneExtraction } from './tune-extraction.js';

export interface TrainSummarizerOptions extends TrainTaskOptions<SummarizationConfig> {
  readonly train: readonly Article[];
  readonly validation: readonly Article[];
}

/** Learns the tokenizer that the configuration asks for, of articles, as far as they are read, and headlines. */
export function trainSummarizationTokenizer(
  articles: readonly Article[],
  { input, tokenizer }: Pick<SummarizationConfig, 'input' | 'tokenizer'>,
): Tokenizer {
  return trainTokenizer(
    articles.flatMap(({ text, headline }) => [articleText(text, input), headlineText(headline, input)]),
    tokenizer,
  );
}

/**
 * Trains a summarizer; the best on validation ROUGE-L (greedy search) is kept. ABS+ then weighs its features of extraction
 * on the validation articles.
 *
 * @throws DivergedError when the loss is not finite
 */
export async function trainSummarizer(
  options: TrainSummarizerOptions,
): Promise<{ summarizer: Summarizer; progress: TrainingProgress; reason: string }> {
  const { config, seed, tokenizer, store, signal, report } = options;
  const { network, training } = config;
  const { articles, leftOut } = encodeArticles(options.train, tokenizer, config);
  if (articles.length === 0)
    throw new Error(
      `training: none of ${leftOut} articles has a headline of 1 to ${training.maximumLength} tokens (training.maximumLength)`,
    );
  reportLeftOut(
    options,
    leftOut,
    'articles',
    `a headline of no token, or of more than ${training.maximumLength}`,
  );
  const validation = spread(options.validation, training.validationArticles);
  if (validation.length === 0) throw new Error('training: there are no validation articles');
  const summarizer = Summarizer.create(config, tokenizer, seed);
  const { model } = summarizer;
  const { begin, end } = tokenizer.vocabulary.specials;
  const references = [validation.map(({ headline }) => headline)];
  const { coverage } = training;
  const coverageAt = (step: Scalar) =>
    coverage && (tf.mul(tf.cast(tf.greaterEqual(step, coverage.from), 'float32'), coverage.weight) as Scalar);
  try {
    const { progress, reason } = await trainTask(
      {
        model,
        batches: (epoch) =>
          epochBatches(articles, { batchTokens: training.batchTokens, seed, epoch }).map(
            (batch) => () => toSummarizationBatch(batch, { begin, end }),
          ),
        sizes: summarizationBatchSizes,
        loss: (batch, random, step) => {
          const weight = coverageAt(step);
          const smoothing = training.labelSmoothing;
          return model.loss(batch, { smoothing, ...(weight && { coverage: weight }) }, random);
        },
        validate: async () => {
          const found = await summarizer.summarizeAll(
            validation.map(({ text }) => text),
            { beamSize: 1 },
          );
          const headlines = found.map(([best]) => best?.text ?? '');
          const { rouge1, rouge2, rougeL } = corpusRouge(headlines, references, { stemmer: true });
          const perplexity = measurePerplexity(summarizer, validation);
          return {
            rouge1: rouge1.f1,
            rouge2: rouge2.f1,
            rougeL: rougeL.f1,
            ...(perplexity !== undefined && { perplexity }),
          };
        },
        metric: { name: 'rougeL', higherIsBetter: true },
      },
      options,
    );
    if (extracts(network) && !signal?.aborted) {
      await tuneExtraction(summarizer, validation, report);
      await store.saveBest(collectWeights(model.namedParameters(), 'F32'), progress);
    }
    return { summarizer, progress, reason };
  } catch (error) {
    summarizer.dispose();
    throw error;
  }
}
