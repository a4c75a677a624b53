/** How often each n-gram of exactly `order` items occurs; the items are joined by `separator`. */
export function countNgrams(items: readonly string[], order: number, separator: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (let start = 0; start + order <= items.length; start++) {
    const ngram = items.slice(start, start + order).join(separator);
    counts.set(ngram, (counts.get(ngram) ?? 0) + 1);
  }
  return counts;
}

/** How many n-grams the two have in common, each counted as often as in the one that has it less often. */
export function countMatches(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let matches = 0;
  for (const [ngram, count] of a) matches += Math.min(count, b.get(ngram) ?? 0);
  return matches;
}
