import { sentenceKey } from '@heed/text';
import { firstSentence } from './sentences.js';

/** A text and the headline that someone gave it. */
export interface Article {
  readonly text: string;
  readonly headline: string;
}

/** What a file holds of one split. */
export interface ParsedArticles {
  readonly articles: Article[];
  /** How many were left out, by reason. */
  readonly skipped: Map<string, number>;
}

/** By split; the articles of a file that names none are in `all`. */
export type ArticlesBySplit = Map<string, ParsedArticles>;

const EMPTY_SIDE = 'empty article or headline';

/** The articles of a split, which are none yet if it is new. */
export function articlesOf(splits: ArticlesBySplit, split: string): ParsedArticles {
  const parsed = splits.get(split) ?? { articles: [], skipped: new Map<string, number>() };
  splits.set(split, parsed);
  return parsed;
}

export function skip({ skipped }: ParsedArticles, reason: string, count = 1): void {
  skipped.set(reason, (skipped.get(reason) ?? 0) + count);
}

/** Adds an article with every run of white space as one space, or counts it if a side is empty. */
export function addArticle(parsed: ParsedArticles, { text, headline }: Article): void {
  const article = { text: oneLine(text), headline: oneLine(headline) };
  if (article.text === '' || article.headline === '') skip(parsed, EMPTY_SIDE);
  else parsed.articles.push(article);
}

const oneLine = (text: string) => text.trim().replace(/\s+/gu, ' ');

/**
 * The leak guard: articles without those whose headline, or whose first sentence, a held-out one has too. Compared are
 * the words alone, see `sentenceKey`.
 */
export function withoutOverlap(
  train: readonly Article[],
  heldOut: readonly Article[],
): { articles: Article[]; dropped: number } {
  const keys = new Set(heldOut.flatMap(keysOf));
  const articles = train.filter((article) => !keysOf(article).some((key) => keys.has(key)));
  return { articles, dropped: train.length - articles.length };
}

const keysOf = ({ text, headline }: Article) => [
  `headline: ${sentenceKey(headline)}`,
  `opening: ${sentenceKey(firstSentence(text))}`,
];
