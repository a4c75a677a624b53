import { findColumn, parseTable } from '@heed/training';
import { addPair, type PairsBySplit, pairsOf } from './sentence-pair.js';

/**
 * A table whose header names the columns `source` and `target`, or the two language codes, and perhaps `split`; cells may
 * stand in quotes, see `parseTable`.
 *
 * @throws if a column is missing, a row has more or fewer cells than the header, or the quotes do not match (file and line
 *   are named)
 */
export function parseParallelCsv(
  file: string,
  lines: readonly string[],
  languages: { source: string; target: string },
): PairsBySplit {
  const rows = parseTable(file, lines.join('\n'), 'sentence pairs');
  const source = findColumn(rows, ['source', languages.source.toLowerCase()]);
  const target = findColumn(rows, ['target', languages.target.toLowerCase()]);
  if (source === undefined || target === undefined) {
    throw new Error(
      `${file}: no sentence pairs. Expected a first line that names the columns, "source" and "target" or ` +
        `"${languages.source}" and "${languages.target}" among them, and rows below it; ` +
        `found: ${Object.keys(rows[0]?.cells ?? {}).join(', ') || 'nothing'}.`,
    );
  }
  const splits: PairsBySplit = new Map();
  for (const { cells, line } of rows) {
    addPair(pairsOf(splits, cells.split), cells[source] as string, cells[target] as string, line);
  }
  return splits;
}
