import { findColumn, parseTable, WHOLE } from '@heed/training';
import { type ArticlesBySplit, addArticle, articlesOf } from './article.js';

/** Names that a column may have, the likeliest first. */
const TEXT = ['article', 'abstract', 'text', 'document', 'source', 'body'];
const HEADLINE = ['headline', 'title', 'summary', 'target'];

/**
 * A table whose header names a column of articles and one of headlines, such as `title` and `abstract`; a column `split`
 * tells splits. Without such a header, two columns between tabs: `article<TAB>headline`.
 *
 * @throws if there are neither these columns nor two of them, or a row has more or fewer cells (file and line are named)
 */
export function parseArticleTable(file: string, lines: readonly string[]): ArticlesBySplit {
  const names = (lines.find((line) => line.trim() !== '') ?? '')
    .toLowerCase()
    .split(/[,\t;|]/)
    .map(plainName);
  const isHeader = [TEXT, HEADLINE].every((wanted) => wanted.some((name) => names.includes(name)));
  return isHeader ? parseNamed(file, lines) : parsePlain(file, lines);
}

const plainName = (cell: string) =>
  cell
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .trim();

function parseNamed(file: string, lines: readonly string[]): ArticlesBySplit {
  const splits: ArticlesBySplit = new Map();
  const rows = parseTable(file, lines.join('\n'), 'articles');
  const [text, headline] = [findColumn(rows, TEXT), findColumn(rows, HEADLINE)];
  for (const { cells } of rows) {
    addArticle(articlesOf(splits, cells.split?.toLowerCase() || WHOLE), {
      text: cells[text as string] as string,
      headline: cells[headline as string] as string,
    });
  }
  return splits;
}

function parsePlain(file: string, lines: readonly string[]): ArticlesBySplit {
  const splits: ArticlesBySplit = new Map();
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const [text, headline, ...others] = line.split('\t');
    if (headline === undefined || others.length > 0) {
      throw new Error(
        `${file}, line ${index + 1}: ${others.length + (headline === undefined ? 1 : 2)} columns. Expected ` +
          `article<TAB>headline, or a first line that names the columns, one of ${TEXT.join(', ')} and one of ` +
          `${HEADLINE.join(', ')} among them.`,
      );
    }
    addArticle(articlesOf(splits, WHOLE), { text: text as string, headline });
  }
  return splits;
}
