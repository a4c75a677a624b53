import { WHOLE } from '@heed/training';

/** One sentence and its translation. */
export interface SentencePair {
  source: string;
  target: string;
}

/** Pairs of one file, and the lines (counted from 1) that were left out because a side was empty. */
export interface ParsedPairs {
  pairs: SentencePair[];
  emptyLines: number[];
}

/** By split; the pairs of a file that names none are in `all`. */
export type PairsBySplit = Map<string, ParsedPairs>;

/** The pairs of a split, which are none yet if it is new. */
export function pairsOf(splits: PairsBySplit, split?: string | null): ParsedPairs {
  const name = split?.trim().toLowerCase() || WHOLE;
  const parsed = splits.get(name) ?? { pairs: [], emptyLines: [] };
  splits.set(name, parsed);
  return parsed;
}

/**
 * Trims both sides and keeps the pair, or notes the line if a side is empty.
 */
export function addPair(parsed: ParsedPairs, source: string, target: string, line: number): void {
  const pair = { source: source.trim(), target: target.trim() };
  if (pair.source === '' || pair.target === '') parsed.emptyLines.push(line);
  else parsed.pairs.push(pair);
}
