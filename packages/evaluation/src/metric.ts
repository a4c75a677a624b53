/**
 * A corpus metric whose score is a function of the sum of what is counted in each sentence. BLEU and chrF are
 * of this kind, and it is all that resampling needs: a resample of the corpus is a resample of these counts.
 */
export interface Metric {
  /** As sacrebleu names it: `BLEU`, `chrF2`, `chrF2++`. */
  readonly name: string;
  /** The metric's own fields of the signature. */
  readonly signature: Readonly<Record<string, string | number>>;
  /** What is counted in one sentence against its references; always of the same length. */
  count(hypothesis: string, references: readonly string[]): number[];
  /** The score, 0 to 100, from the sum of the counts over the corpus. */
  score(counts: readonly number[]): number;
}

/**
 * The counts of every sentence, [sentences][counts].
 *
 * @param references one array per reference set, each as long as `hypotheses`
 * @throws RangeError if there is no sentence, no reference set, or a set of another length
 */
export function countCorpus(
  metric: Metric,
  hypotheses: readonly string[],
  references: readonly (readonly string[])[],
): number[][] {
  if (hypotheses.length === 0) {
    throw new RangeError(`${metric.name} of an empty corpus is undefined: give at least one hypothesis.`);
  }
  if (references.length === 0) {
    throw new RangeError(`${metric.name} needs references: give at least one reference set.`);
  }
  references.forEach((set, index) => {
    if (set.length !== hypotheses.length) {
      throw new RangeError(
        `Reference set ${index + 1} has ${set.length} lines but there are ${hypotheses.length} hypotheses: ` +
          'line i of each set must be a reference for hypothesis i.',
      );
    }
  });
  return hypotheses.map((hypothesis, i) =>
    metric.count(
      hypothesis,
      references.map((set) => set[i]!),
    ),
  );
}

/** The sum over sentences of their counts. */
export function sumCounts(counts: readonly (readonly number[])[]): number[] {
  const sum = new Array<number>(counts[0]?.length ?? 0).fill(0);
  for (const row of counts) {
    row.forEach((count, i) => {
      sum[i] = sum[i]! + count;
    });
  }
  return sum;
}
