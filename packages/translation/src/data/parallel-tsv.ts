import { addPair, type ParsedPairs } from './sentence-pair.js';

/**
 * Tab-separated pairs, `source<TAB>target` a line. There is no quoting: a quotation mark is a character.
 * A first line that names the columns (`source` and `target`, or the two language codes) is a header; the
 * columns are then found by name and others are passed over.
 *
 * @param languages codes that a header may use, e.g. `{ source: 'fr', target: 'en' }`
 * @throws if a line has no tab, or without a header more than two columns (file and line are named)
 */
export function parseParallelTsv(
  file: string,
  lines: string[],
  languages: { source: string; target: string },
): ParsedPairs {
  const header = findHeader(lines[0], languages);
  const [sourceColumn, targetColumn] = header ?? [0, 1];
  const parsed: ParsedPairs = { pairs: [], emptyLines: [] };
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
    addPair(parsed, cells[sourceColumn] ?? '', cells[targetColumn] ?? '', index + 1);
  }
  return parsed;
}

function findHeader(
  line: string | undefined,
  languages: { source: string; target: string },
): [number, number] | undefined {
  const names = (line ?? '').split('\t').map((name) => name.trim().toLowerCase());
  for (const wanted of [{ source: 'source', target: 'target' }, languages]) {
    const columns: [number, number] = [names.indexOf(wanted.source), names.indexOf(wanted.target)];
    if (columns[0] >= 0 && columns[1] >= 0) return columns;
  }
  return undefined;
}

function excerpt(line: string): string {
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}
