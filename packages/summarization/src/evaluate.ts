import {
  type BootstrapInterval,
  bootstrapInterval,
  type Copying,
  measureCopying,
  type RougeType,
  rouge,
} from '@heed/evaluation';
import { baselines, HEADLINE_BYTES } from './baselines.js';
import type { Article } from './data/article.js';
import { measurePerplexity } from './perplexity.js';
import type { SummarizeOptions, Summarizer } from './summarizer.js';

/** How good headlines are; 95 % of bootstrap samples lie in the intervals. */
export interface HeadlineScores {
  /** F1 of stems. */
  readonly f1: Readonly<Record<RougeType, BootstrapInterval>>;
  /** Recall of stems within the first 75 bytes: DUC's measure (Rush et al. 2015, section 7.1). */
  readonly recall: Readonly<Record<RougeType, BootstrapInterval>>;
  /** How much of them is copied from the articles. */
  readonly copying: Copying;
}

export interface SummarizationEvaluation extends HeadlineScores {
  readonly articles: number;
  /** See `measurePerplexity`. */
  readonly perplexity?: number;
  /** On the same articles. */
  readonly baselines: Readonly<Record<string, HeadlineScores>>;
  readonly headlines: readonly string[];
}

const CHUNK = 128;

/**
 * Summarises articles and scores the result against their headlines, and the baselines beside it.
 *
 * @param onProgress is called with the number of articles done
 */
export async function evaluateSummarizer(
  summarizer: Summarizer,
  articles: readonly Article[],
  options: SummarizeOptions = {},
  onProgress: (done: number) => void = () => {},
): Promise<SummarizationEvaluation> {
  if (articles.length === 0) throw new Error('evaluation: there are no articles');
  const headlines: string[] = [];
  for (let first = 0; first < articles.length; first += CHUNK) {
    const chunk = articles.slice(first, first + CHUNK).map(({ text }) => text);
    const found = await summarizer.summarizeAll(chunk, options);
    headlines.push(...found.map(([best]) => best?.text ?? ''));
    onProgress(headlines.length);
  }
  const perplexity = measurePerplexity(summarizer, articles);
  return {
    articles: articles.length,
    ...(perplexity !== undefined && { perplexity }),
    ...scoreHeadlines(headlines, articles),
    baselines: Object.fromEntries(
      Object.entries(baselines).map(([name, headlineOf]) => [
        name,
        scoreHeadlines(
          articles.map(({ text }) => headlineOf(text)),
          articles,
        ),
      ]),
    ),
    headlines,
  };
}

/** Scores headlines, one an article, against those that the articles have. */
export function scoreHeadlines(headlines: readonly string[], articles: readonly Article[]): HeadlineScores {
  const references = [articles.map(({ headline }) => headline)];
  const interval = (type: RougeType, measure: 'f1' | 'recall', byteLimit?: number) =>
    bootstrapInterval(headlines, references, {
      metric: rouge(type, measure, { stemmer: true, ...(byteLimit !== undefined && { byteLimit }) }),
    });
  const ofEach = (score: (type: RougeType) => BootstrapInterval) => ({
    rouge1: score('rouge1'),
    rouge2: score('rouge2'),
    rougeL: score('rougeL'),
  });
  return {
    f1: ofEach((type) => interval(type, 'f1')),
    recall: ofEach((type) => interval(type, 'recall', HEADLINE_BYTES)),
    copying: measureCopying(
      headlines,
      articles.map(({ text }) => text),
    ),
  };
}
