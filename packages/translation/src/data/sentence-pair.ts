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

/**
 * Trims both sides and keeps the pair, or notes the line if a side is empty.
 */
export function addPair(parsed: ParsedPairs, source: string, target: string, line: number): void {
  const pair = { source: source.trim(), target: target.trim() };
  if (pair.source === '' || pair.target === '') parsed.emptyLines.push(line);
  else parsed.pairs.push(pair);
}
