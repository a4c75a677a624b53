import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sentenceKey } from '@heed/text';
import { isJsonLines, restIsTraining, splitByKey, WHOLE } from '@heed/training';
import {
  fileOfEachSplit,
  findSplit,
  joinedPaths,
  kindOf,
  once,
  readBytes,
  readLines,
  resolveSplit,
} from '@heed/training/node';
import {
  type Article,
  type ArticlesBySplit,
  articlesOf,
  type ParsedArticles,
  skip,
  withoutOverlap,
} from '../data/article.js';
import { parseArticleJsonLines } from '../data/article-json-lines.js';
import { parseArticleLines } from '../data/article-lines.js';
import { parseArticleTable } from '../data/article-table.js';
import { parseReuters } from '../data/reuters.js';
import { syntheticArticles } from '../data/synthetic.js';

/** One split of a data set. */
export interface Articles {
  readonly articles: readonly Article[];
  /** How many were left out, by reason. */
  readonly skipped: ReadonlyMap<string, number>;
  /** SHA-256 (hexadecimal) over the articles and their headlines, in order. */
  readonly digest: string;
}

/** A data set whose form has been recognised. */
export interface ArticlesReader {
  readonly splits: readonly string[];
  /** @throws on an unknown split and on the first fault in a file (file and line are named) */
  read(split: string): Promise<Articles>;
}

/** What names the articles that are made by code. */
const SYNTHETIC = 'synthetic';
const SYNTHETIC_SPLITS: Readonly<Record<string, { count: number; seed: number }>> = {
  train: { count: 12_000, seed: 1 },
  validation: { count: 500, seed: 2 },
  test: { count: 500, seed: 3 },
};
/** Of a data set that has no such split: a share of the articles, and the most. */
const KEPT = { share: 0.05, most: 2000 };
const HELD_OUT = 'headline or first sentence also in another split';

const REUTERS = /\.sgml?(?:\.gz)?$/i;
const SPLIT_FILE = /^(train|dev|val|valid|validation|test)\.(?:tsv|csv|jsonl|ndjson)(?:\.gz)?$/i;
/** `train.article.txt`, `valid.article.filter.txt`, `train.src.txt`; and `input.txt`, which is the test. */
const LINES_OF_TEXTS =
  /^(train|valid|val|dev|test)\.(?:article|src)(?:\.filter)?\.txt(?:\.gz)?$|^input\.txt(?:\.gz)?$/i;
/** What the file of headlines is called beside one of texts. */
const HEADLINES: readonly (readonly [RegExp, string])[] = [
  [/\.article\./i, '.title.'],
  [/\.src\./i, '.tgt.'],
  [/^input\./i, 'task1_ref0.'],
];

/** The articles of some splits, read when they are asked for. */
type Part = { readonly splits: readonly string[]; read(split: string): Promise<ParsedArticles> };

/**
 * Recognises the form of articles with headlines, by looking at `path`, and lists their splits:
 *
 * - `synthetic`: articles made by code, `train`, `validation` and `test`;
 * - a folder with the files of Reuters-21578 (`reut2-000.sgm`, …), or one of them: `train` and `test` by LEWISSPLIT;
 * - a folder with Gigaword's parallel files: `train.article.txt` and `train.title.txt`, `valid.article.filter.txt` and
 *   `valid.title.filter.txt`, `input.txt` and `task1_ref0.txt` (the test); or `train.src.txt` and `train.tgt.txt`, …;
 * - a folder with a table or JSON Lines for each split, `train.tsv`, `dev.jsonl`, …; or one such file, in which a column
 *   or field `split` may tell splits: arXiv's abstracts and titles, and yours;
 * - several of these, `path,path`: a split is then the parts' one after the other. Parts that lack it are passed over.
 *
 * Where a part has no validation split, one article in twenty of its training split, at most 2,000, is kept for it, and as
 * many for `test` where that is missing too; all articles of one headline stay together. Every file may be gzip.
 */
export async function openArticles(path: string): Promise<ArticlesReader> {
  return readerOf(await openParts(path), path);
}

/**
 * What a training reads: the splits `train` and `validation`, of which the first loses the articles whose headline or first
 * sentence any other split of any part has (counted in `skipped`).
 */
export async function readTrainingArticles(path: string): Promise<{ train: Articles; validation: Articles }> {
  const parts = await openParts(path);
  const reader = readerOf(parts, path);
  const [train, validation] = [await reader.read('train'), await reader.read('validation')];
  const heldOut: Article[] = [];
  for (const part of parts) {
    for (const split of part.splits) {
      if (split !== 'train' && split !== WHOLE) heldOut.push(...(await part.read(split)).articles);
    }
  }
  const { articles, dropped } = withoutOverlap(train.articles, heldOut);
  if (articles.length === 0) throw new Error(`${path}: every training article is also in another split.`);
  const skipped = new Map([...train.skipped, ...(dropped > 0 ? [[HELD_OUT, dropped] as const] : [])]);
  return { train: { articles, skipped, digest: digestOf(articles) }, validation };
}

function readerOf(parts: readonly Part[], path: string): ArticlesReader {
  const splits = [...new Set(parts.flatMap((part) => part.splits))];
  return {
    splits,
    async read(requested) {
      const found: ParsedArticles[] = [];
      for (const part of parts) {
        const split = findSplit(requested, part.splits);
        if (split !== undefined) found.push(await part.read(split));
      }
      if (found.length === 0) resolveSplit(requested, splits, path);
      const { articles, skipped } = joined(found);
      if (articles.length === 0) {
        const why = [...skipped].map(([reason, count]) => `${count}: ${reason}`).join('; ');
        throw new Error(
          `${path}: no articles in the split "${requested}"${why && ` (left out: ${why})`}. ` +
            'Name the splits in a column "split", or give a file for each.',
        );
      }
      return { articles, skipped, digest: digestOf(articles) };
    },
  };
}

function joined(parts: readonly ParsedArticles[]): ParsedArticles {
  const all: ParsedArticles = { articles: parts.flatMap(({ articles }) => articles), skipped: new Map() };
  for (const [reason, count] of parts.flatMap(({ skipped }) => [...skipped])) skip(all, reason, count);
  return all;
}

function digestOf(articles: readonly Article[]): string {
  const hash = createHash('sha256');
  for (const { text, headline } of articles) hash.update(`${text}\0${headline}\0`);
  return hash.digest('hex');
}

async function openParts(path: string): Promise<Part[]> {
  return Promise.all((await joinedPaths(path)).map(openPart));
}

async function openPart(path: string): Promise<Part> {
  const kind = await kindOf(path);
  if (kind === 'missing' && path === SYNTHETIC) return openSynthetic();
  if (kind === 'missing') throw new Error(`${path}: no such file or folder.`);
  if (kind === 'file') return withHeldOut(partOf(await parseFile(path)));
  const names = (await readdir(path)).sort();
  const stories = names.filter((name) => REUTERS.test(name)).map((name) => join(path, name));
  if (stories.length > 0) return withHeldOut(partOf(await parseFiles(stories)));
  const filesOf = (form: RegExp) =>
    fileOfEachSplit(
      path,
      names
        .filter((name) => form.test(name))
        .map((name) => [form.exec(name)?.[1]?.toLowerCase() ?? 'test', name] as const),
    );
  const [texts, files] = [filesOf(LINES_OF_TEXTS), filesOf(SPLIT_FILE)];
  // Nor may a split be there in both forms.
  fileOfEachSplit(path, [...texts, ...files]);
  if (texts.size > 0) return withHeldOut(openLines(path, names, texts));
  if (files.size > 0) return withHeldOut(openFiles(path, files));
  throw new Error(
    `${path}: no articles. Looked for reut2-000.sgm, train.article.txt, train.src.txt, train.tsv and train.jsonl ` +
      `(each may end in .gz); found: ${names.join(', ') || 'none'}.`,
  );
}

function openSynthetic(): Part {
  return {
    splits: Object.keys(SYNTHETIC_SPLITS),
    read: async (split) => ({
      articles: syntheticArticles(SYNTHETIC_SPLITS[split] as { count: number; seed: number }),
      skipped: new Map(),
    }),
  };
}

/** @param texts the file of each split's texts, beside which that of its headlines stands */
function openLines(folder: string, names: readonly string[], texts: ReadonlyMap<string, string>): Part {
  return {
    splits: [...texts.keys()],
    async read(split) {
      const text = texts.get(split) as string;
      const [pattern, beside] = HEADLINES.find(([known]) => known.test(text)) as readonly [RegExp, string];
      const plain = text.replace(pattern, beside).replace(/\.gz$/i, '');
      const headline = [plain, `${plain}.gz`].find((name) => names.includes(name));
      if (headline === undefined)
        throw new Error(`${join(folder, text)} has no headlines beside it: no ${plain}.`);
      const read = async (name: string) => ({
        file: join(folder, name),
        lines: await readLines(join(folder, name)),
      });
      return parseArticleLines(await read(text), await read(headline));
    },
  };
}

function openFiles(folder: string, bySplit: ReadonlyMap<string, string>): Part {
  return {
    splits: [...bySplit.keys()],
    read: async (split) =>
      joined([...(await parseFile(join(folder, bySplit.get(split) as string))).values()]),
  };
}

async function parseFile(file: string): Promise<ArticlesBySplit> {
  if (REUTERS.test(file)) return parseReuters(file, new TextDecoder('latin1').decode(await readBytes(file)));
  const lines = await readLines(file);
  const splits = isJsonLines(file, lines)
    ? parseArticleJsonLines(file, lines)
    : parseArticleTable(file, lines);
  return restIsTraining(splits, (train, rest) => joined([train, rest]));
}

async function parseFiles(files: readonly string[]): Promise<ArticlesBySplit> {
  const splits: ArticlesBySplit = new Map();
  for (const file of files) {
    for (const [split, { articles, skipped }] of await parseFile(file)) {
      const parsed = articlesOf(splits, split);
      for (const article of articles) parsed.articles.push(article);
      for (const [reason, count] of skipped) skip(parsed, reason, count);
    }
  }
  return splits;
}

const partOf = (splits: ArticlesBySplit): Part => ({
  splits: [...splits.keys()],
  read: async (split) => splits.get(split) as ParsedArticles,
});

/** The same part with a validation split, and, where there was neither, a test split. */
function withHeldOut(part: Part): Part {
  const { splits } = part;
  const from = ['train', WHOLE].find((split) => splits.includes(split));
  if (from === undefined || findSplit('validation', splits) !== undefined) return part;
  const hasTest = findSplit('test', splits) !== undefined;
  const cut = once(async () => {
    const { articles, skipped } = await part.read(from);
    const kept = Math.min(KEPT.most, Math.ceil(articles.length * KEPT.share));
    const sides = splitByKey(articles, ({ headline }) => sentenceKey(headline), {
      validation: kept,
      test: hasTest ? 0 : kept,
    });
    return { ...sides, skipped };
  });
  const made = hasTest ? (['train', 'validation'] as const) : (['train', 'validation', 'test'] as const);
  return {
    splits: [...new Set([...made, ...splits])],
    async read(split) {
      const side = made.find((name) => name === split);
      if (side === undefined) return part.read(split);
      const sides = await cut();
      return { articles: sides[side], skipped: side === 'train' ? sides.skipped : new Map() };
    },
  };
}
