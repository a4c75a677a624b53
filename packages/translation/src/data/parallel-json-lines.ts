import { z } from 'zod';
import { addPair, type ParsedPairs } from './sentence-pair.js';

/**
 * JSON Lines: on every line an object with `source` and `target`, or with the two language codes
 * (`{"fr": …, "en": …}`), or the latter under `translation` (Hugging Face's form).
 *
 * @throws if a line is not JSON or holds no such object (file and line are named)
 */
export function parseParallelJsonLines(
  file: string,
  lines: string[],
  languages: { source: string; target: string },
): ParsedPairs {
  const byRole = z.object({ source: z.string(), target: z.string() });
  const byLanguage = z
    .object({ [languages.source]: z.string(), [languages.target]: z.string() })
    .transform((record) => ({ source: record[languages.source]!, target: record[languages.target]! }));
  const nested = z.object({ translation: byLanguage }).transform((record) => record.translation);
  const schema = z.union([byRole, byLanguage, nested]);

  const parsed: ParsedPairs = { pairs: [], emptyLines: [] };
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') {
      parsed.emptyLines.push(index + 1);
      continue;
    }
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (error) {
      throw new Error(`${file}, line ${index + 1}: not JSON (${(error as Error).message}).`);
    }
    const record = schema.safeParse(value);
    if (!record.success) {
      const { source, target } = languages;
      throw new Error(
        `${file}, line ${index + 1}: no sentence pair. Expected {"source": "…", "target": "…"}, ` +
          `{"${source}": "…", "${target}": "…"} or {"translation": {"${source}": "…", "${target}": "…"}}.`,
      );
    }
    addPair(parsed, record.data.source, record.data.target, index + 1);
  }
  return parsed;
}
