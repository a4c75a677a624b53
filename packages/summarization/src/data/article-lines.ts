import { addArticle, type ParsedArticles } from './article.js';

interface Lines {
  readonly file: string;
  readonly lines: readonly string[];
}

/**
 * Two files, line i of one being the headline of the article in line i of the other (the form of Gigaword for
 * summarization, Rush et al. 2015).
 *
 * @throws if the files differ in their number of lines (both counts and the first line without partner)
 */
export function parseArticleLines(texts: Lines, headlines: Lines): ParsedArticles {
  if (texts.lines.length !== headlines.lines.length) {
    const [longer, shorter] =
      texts.lines.length > headlines.lines.length ? [texts, headlines] : [headlines, texts];
    throw new Error(
      `${longer.file} has ${longer.lines.length} lines and ${shorter.file} has ${shorter.lines.length}: ` +
        `line ${shorter.lines.length + 1} of ${longer.file} has no partner. ` +
        'Expected one article a line and its headline in the same line of the other file.',
    );
  }
  const parsed: ParsedArticles = { articles: [], skipped: new Map() };
  for (const [index, text] of texts.lines.entries()) {
    addArticle(parsed, { text, headline: headlines.lines[index] as string });
  }
  return parsed;
}
