import { addPair, type PairsBySplit, pairsOf } from './sentence-pair.js';

/**
 * Tab-separated pairs, `source<TAB>target` a line. There is no quoting: a quotation mark is a character.
 * A first line that names the columns (`source` and `target`, or the two language codes) is a header; the
 * columns are then found by name, those of `split` as well, and others are passed over.
 *
 * @param languages codes that a header may use, e.g. `{ source: 'fr', target: 'en' }`
 * @throws if a line has no tab, if the first one names other languages, or without a header more than two columns (file
 *   and line are named)
 */
export function parseParallelTsv(
  file: string,
  lines: string[],
  languages: { source: string; target: string },
): PairsBySplit {
  const header = findHeader(lines[0], languages);
  if (!header) refuseOtherLanguages(file, lines[0], languages);
  const { source, target, split } = header ?? { source: 0, target: 1 };
  const splits: PairsBySplit = new Map();
  for (const [index, line] of lines.entries()) {
    if (header && index === 0) continue;
    const cells = line.split('\t');
    const isBlank = line.trim() === '';
    if (!isBlank && cells.length < 2) {
      throw new Error(
        `${file}, line ${index + 1}: no tab in "${excerpt(line)}". Expected source<TAB>target on every line.`,
      );
    }
    if (!header && cells.length > 2) {
      throw new Error(
        `${file}, line ${index + 1}: ${cells.length} columns. Expected two, source<TAB>target, ` +
          'or a first line that names the columns, "source" and "target" among them.',
      );
    }
    const parsed = pairsOf(splits, split === undefined ? undefined : cells[split]);
    addPair(parsed, cells[source] ?? '', cells[target] ?? '', index + 1);
  }
  return splits;
}

function findHeader(
  line: string | undefined,
  languages: { source: string; target: string },
): { source: number; target: number; split?: number } | undefined {
  const names = (line ?? '').split('\t').map((name) => name.trim().toLowerCase());
  for (const wanted of [{ source: 'source', target: 'target' }, languages]) {
    const [source, target, split] = [wanted.source, wanted.target, 'split'].map((name) =>
      names.indexOf(name.toLowerCase()),
    ) as [number, number, number];
    if (source >= 0 && target >= 0) return { source, target, ...(split >= 0 && { split }) };
  }
  return undefined;
}

/** @throws if a line has nothing but the codes of two other languages: it is a header that would be learnt as a pair */
function refuseOtherLanguages(
  file: string,
  line: string | undefined,
  { source, target }: { source: string; target: string },
): void {
  const names = (line ?? '').split('\t').map((name) => name.trim());
  if (names.length !== 2 || !names.every(isLanguage)) return;
  throw new Error(
    `${file}, line 1: the columns are called ${names.join(' and ')}, and the languages of the configuration are ${source} and ` +
      `${target}. Set its "languages" to these, or put a first line above that names the columns source and target.`,
  );
}

const languageNames = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });

/** Whether it is a code of two letters (ISO 639-1) that a language has. */
const isLanguage = (code: string): boolean => /^[a-z]{2}$/.test(code) && languageNames.of(code) !== undefined;

function excerpt(line: string): string {
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}
