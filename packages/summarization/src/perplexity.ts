import { compile } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { encodeArticles, epochBatches, toSummarizationBatch } from './batches.js';
import type { Article } from './data/article.js';
import { type SummarizationBatch, summarizationBatchSizes } from './model.js';
import type { Summarizer } from './summarizer.js';

/**
 * How many words a summarizer hesitates between, as it reads the true headlines word by word: exp of the mean cross-entropy
 * of their tokens and ends (Rush et al. 2015, table 2). Comparable between models of one vocabulary that copy alike: without
 * copying, whatever the vocabulary lacks is one unknown word. Headlines longer than `training.maximumLength` are left out.
 *
 * @returns undefined if no headline is left
 */
export function measurePerplexity(
  { config, tokenizer, model }: Summarizer,
  articles: readonly Article[],
): number | undefined {
  const encoded = encodeArticles(articles, tokenizer, config).articles;
  const { begin, end } = tokenizer.vocabulary.specials;
  const meanLoss = compile(
    (batch: SummarizationBatch) => tf.tidy(() => model.loss(batch, { smoothing: 0 })),
    { sizes: [summarizationBatchSizes] },
  );
  const { batchTokens } = config.training;
  let [sum, count] = [0, 0];
  try {
    for (const batch of epochBatches(encoded, { batchTokens, seed: 0, epoch: 0 })) {
      const tokens = batch.reduce((total, { targets }) => total + targets.length + 1, 0);
      sum +=
        tokens * tf.tidy(() => meanLoss(toSummarizationBatch(batch, { begin, end })).dataSync()[0] as number);
      count += tokens;
    }
  } finally {
    meanLoss.dispose();
  }
  return count > 0 ? Math.exp(sum / count) : undefined;
}
