import { parseJsonLines, WHOLE } from '@heed/training';
import { z } from 'zod';
import { type ArticlesBySplit, addArticle, articlesOf } from './article.js';

const split = z.string().nullish();
const schema = z.union([
  z.object({ article: z.string(), headline: z.string(), split }),
  z
    .object({ document: z.string(), summary: z.string(), split })
    .transform(({ document, summary, ...rest }) => ({ article: document, headline: summary, ...rest })),
  z
    .object({ abstract: z.string(), title: z.string(), split })
    .transform(({ abstract, title, ...rest }) => ({ article: abstract, headline: title, ...rest })),
]);

const EXPECTED =
  'no article. Expected {"article": "…", "headline": "…"}, {"document": "…", "summary": "…"} or {"abstract": "…", "title": "…"}.';

/**
 * JSON Lines: on every line an object with `article` and `headline`, `document` and `summary` (Hugging Face's Gigaword), or
 * `abstract` and `title`. Blank lines are passed over.
 *
 * @throws if a line is not JSON or holds no such object (file and line are named)
 */
export function parseArticleJsonLines(file: string, lines: readonly string[]): ArticlesBySplit {
  const splits: ArticlesBySplit = new Map();
  for (const { record } of parseJsonLines(schema, file, lines, EXPECTED)) {
    const { article, headline, split: name } = record;
    addArticle(articlesOf(splits, name?.trim().toLowerCase() || WHOLE), { text: article, headline });
  }
  return splits;
}
