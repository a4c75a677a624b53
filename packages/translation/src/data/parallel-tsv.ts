import { distinctNames, excerpt } from '@heed/training';
import { parseParallelCsv } from './parallel-csv.js';
import { addPair, type PairsBySplit, pairsOf } from './sentence-pair.js';

/**
 * Tab-separated pairs, `source<TAB>target` a line; blank lines are passed over. There is no quoting: a quotation mark is a
 * character. A first line that names the columns (`source` and `target`, or the two language codes) is a header; the
 * columns are then found by name, those of `split` as well, and others are passed over. Where the header's names stand in
 * quotes, so may all cells, as in CSV.
 *
 * @param languages codes that a header may use, e.g. `{ source: 'fr', target: 'en' }`
 * @throws if a line has no tab or another number of cells than the header (two, without one), if two columns have one name,
 *   or if the first line names other languages (file and line are named)
 */
export function parseParallelTsv(
  file: string,
  lines: string[],
  languages: { source: string; target: string },
): PairsBySplit {
  const first = lines.findIndex((line) => line.trim() !== '');
  const titles = (lines[first] ?? '').split('\t').map(withoutQuotes);
  const names = titles.map((title) => title.toLowerCase());
  const header = findHeader(names, languages);
  if (header && lines[first]?.includes('"')) return parseParallelCsv(file, lines, languages);
  if (header) distinctNames(names, file);
  else refuseOtherLanguages(`${file}, line ${first + 1}`, titles, languages);
  const { source, target, split } = header ?? { source: 0, target: 1 };
  const columns = header ? names.length : 2;
  const splits: PairsBySplit = new Map();
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '' || (header && index === first)) continue;
    const cells = line.split('\t');
    if (cells.length < 2) {
      throw new Error(
        `${file}, line ${index + 1}: no tab in "${excerpt(line)}". Expected source<TAB>target on every line.`,
      );
    }
    if (cells.length !== columns) {
      const expected = header
        ? `${columns}, as many as the first line names.`
        : 'two, source<TAB>target, or a first line that names the columns, "source" and "target" among them.';
      throw new Error(`${file}, line ${index + 1}: ${cells.length} columns. Expected ${expected}`);
    }
    const parsed = pairsOf(splits, split === undefined ? undefined : cells[split]);
    addPair(parsed, cells[source] as string, cells[target] as string, index + 1);
  }
  return splits;
}

const withoutQuotes = (cell: string) =>
  cell
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .trim();

function findHeader(
  names: readonly string[],
  languages: { source: string; target: string },
): { source: number; target: number; split?: number } | undefined {
  for (const wanted of [{ source: 'source', target: 'target' }, languages]) {
    const [source, target, split] = [wanted.source, wanted.target, 'split'].map((name) =>
      names.indexOf(name.toLowerCase()),
    ) as [number, number, number];
    if (source >= 0 && target >= 0) return { source, target, ...(split >= 0 && { split }) };
  }
  return undefined;
}

/** @throws if there are but two names, both of languages: they are a header that would be learnt as a pair */
function refuseOtherLanguages(
  place: string,
  names: readonly string[],
  { source, target }: { source: string; target: string },
): void {
  if (names.length !== 2) return;
  const known = languageNames();
  if (!names.every((name) => known.has(name))) return;
  throw new Error(
    `${place}: the columns are called ${names.join(' and ')}, and the languages of the configuration are ${source} and ` +
      `${target}. Set its "languages" to these, or call the columns source and target.`,
  );
}

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];

/** Codes of two letters (ISO 639-1) that a language has, and what these languages are called in English. */
function languageNames(): Set<string> {
  const english = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });
  const codes = LETTERS.flatMap((first) => LETTERS.map((second) => first + second));
  return new Set(
    codes.flatMap((code) => {
      const name = english.of(code);
      return name === undefined ? [] : [code, name, name.toLowerCase()];
    }),
  );
}
