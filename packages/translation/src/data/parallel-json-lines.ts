import { parseJsonLines } from '@heed/training';
import { z } from 'zod';
import { addPair, type PairsBySplit, pairsOf } from './sentence-pair.js';

/**
 * JSON Lines: on every line an object with `source` and `target`, or with the two language codes
 * (`{"fr": …, "en": …}`), or the latter under `translation` (Hugging Face's form); and perhaps with its `split`. Blank lines
 * are passed over.
 *
 * @throws if a line is not JSON or holds no such object (file and line are named)
 */
export function parseParallelJsonLines(
  file: string,
  lines: string[],
  languages: { source: string; target: string },
): PairsBySplit {
  const byRole = z.object({ source: z.string(), target: z.string() });
  const byLanguage = z
    .object({ [languages.source]: z.string(), [languages.target]: z.string() })
    .transform((record) => ({ source: record[languages.source]!, target: record[languages.target]! }));
  const nested = z.object({ translation: byLanguage }).transform((record) => record.translation);
  const schema = z.union([byRole, byLanguage, nested]).and(z.object({ split: z.string().nullish() }));

  const [from, to] = [languages.source, languages.target];
  const expected =
    `no sentence pair. Expected {"source": "…", "target": "…"}, {"${from}": "…", "${to}": "…"} or ` +
    `{"translation": {"${from}": "…", "${to}": "…"}}.`;

  const splits: PairsBySplit = new Map();
  for (const { record, line } of parseJsonLines(schema, file, lines, expected)) {
    addPair(pairsOf(splits, record.split), record.source, record.target, line);
  }
  return splits;
}
