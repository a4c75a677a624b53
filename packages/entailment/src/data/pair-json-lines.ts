import { parseJsonLines } from '@heed/training';
import { z } from 'zod';
import { addPair, type PairsBySplit } from './sentence-pair.js';

const split = z.string().nullish();
/** Stanford's and MultiNLI's. */
const published = z
  .object({ sentence1: z.string(), sentence2: z.string(), gold_label: z.string(), split })
  .transform(({ sentence1, sentence2, gold_label, ...rest }) => ({
    premise: sentence1,
    hypothesis: sentence2,
    label: gold_label,
    ...rest,
  }));
const plain = z.object({ premise: z.string(), hypothesis: z.string(), label: z.string(), split });
const schema = z.union([published, plain]);

const EXPECTED =
  'no sentence pair. Expected {"premise": "…", "hypothesis": "…", "label": "…"}, or sentence1, sentence2 and gold_label as ' +
  'in SNLI.';

/**
 * JSON Lines: on every line an object with `sentence1`, `sentence2` and `gold_label` (SNLI's and MultiNLI's form), or
 * with `premise`, `hypothesis` and `label`. Blank lines are passed over.
 *
 * @throws if a line is not JSON or holds no such object, or a label is none of the three (file and line are named)
 */
export function parsePairJsonLines(file: string, lines: readonly string[]): PairsBySplit {
  const splits: PairsBySplit = new Map();
  for (const { record, place } of parseJsonLines(schema, file, lines, EXPECTED)) {
    addPair(splits, record, place);
  }
  return splits;
}
