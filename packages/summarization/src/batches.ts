import type { Tokenizer } from '@heed/text';
import { bucketedBatches, paddedTokens } from '@heed/training';
import { copies, type SummarizationConfig } from './config.js';
import { embeddable, encodeHeadline, encodeText } from './copy-words.js';
import type { Article } from './data/article.js';
import { articleText, headlineText } from './input-text.js';
import type { SummarizationBatch } from './model.js';

/** An article with its headline as token ids, without begin or end. */
export interface EncodedArticle {
  /** Words that the vocabulary lacks have ids after it in networks that copy. */
  readonly article: Int32Array;
  /** The headline as it is read, all of the vocabulary, and as it is predicted. */
  readonly inputs: Int32Array;
  readonly targets: Int32Array;
}

/** How many batches' worth of articles are sorted by length together: alike in length, and still well mixed. */
const POOL_BATCHES = 100;

/**
 * Encodes articles; those without a token on a side, or with a headline that is longer than `training.maximumLength`, are
 * left out.
 */
export function encodeArticles(
  articles: readonly Article[],
  tokenizer: Tokenizer,
  { input, network, training }: SummarizationConfig,
): { articles: EncodedArticle[]; leftOut: number } {
  const encoded: EncodedArticle[] = [];
  const options = { longest: input.maximumLength, extend: copies(network) };
  for (const { text, headline } of articles) {
    const source = encodeText(articleText(text, input), tokenizer, options);
    const targets = encodeHeadline(headlineText(headline, input), tokenizer, source);
    if (source.ids.length === 0 || targets.length === 0 || targets.length > training.maximumLength) continue;
    encoded.push({ article: source.ids, inputs: embeddable(targets, tokenizer.vocabulary), targets });
  }
  return { articles: encoded, leftOut: articles.length - encoded.length };
}

/**
 * The batches of one epoch: all articles once, those of like length together, in an order that depends on seed and epoch
 * alone. A batch has at most `batchTokens` tokens of articles, padding included, and at least one article.
 */
export function epochBatches(
  articles: readonly EncodedArticle[],
  { batchTokens, seed, epoch }: { batchTokens: number; seed: number; epoch: number },
): EncodedArticle[][] {
  return bucketedBatches(articles, {
    lengthOf: ({ article }) => article.length,
    compare: (a, b) => a.article.length - b.article.length || a.targets.length - b.targets.length,
    fits: (count, longest) => count * longest <= batchTokens,
    poolLength: POOL_BATCHES * batchTokens,
    seed,
    epoch,
  });
}

export function toSummarizationBatch(
  articles: readonly EncodedArticle[],
  { begin, end }: { begin: number; end: number },
): SummarizationBatch {
  return {
    article: paddedTokens(
      articles.map(({ article }) => article),
      {},
    ),
    inputs: paddedTokens(
      articles.map(({ inputs }) => inputs),
      { begin },
    ),
    targets: paddedTokens(
      articles.map(({ targets }) => targets),
      { end },
    ),
  };
}
