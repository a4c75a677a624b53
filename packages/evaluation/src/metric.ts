import { formatSignature, type SignatureFields } from './signature.js';

/**
 * One array per reference set, each with one line per hypothesis. A line is undefined where that hypothesis has
 * fewer references than others have; `referenceSets` makes this from references listed hypothesis by hypothesis.
 */
export type ReferenceSets = readonly (readonly (string | undefined)[])[];

/**
 * A corpus metric whose score is a function of the sum of what is counted in each sentence. BLEU and chrF are
 * of this kind, and so is every mean over sentences. It is all that resampling needs: a resample of the corpus
 * is a resample of these counts.
 */
export interface Metric {
  /** As its reference implementation names it: `BLEU`, `chrF2`, `chrF2++`, `CIDEr-D`, `WER`, … */
  readonly name: string;
  /** The metric's own fields of the signature. */
  readonly signature: SignatureFields;
  /** True of error rates: the system with the lower score is the better one. */
  readonly lowerIsBetter?: boolean;
  /** What is counted in one sentence against its references; always of the same length. */
  count(hypothesis: string, references: readonly string[]): number[];
  /** The score from the sum of the counts over the corpus: 0 to 100, CIDEr-D 0 to 10, error rates 0 and up. */
  score(counts: readonly number[]): number;
}

export interface Score {
  name: string;
  score: number;
  /** How it was measured; equal signatures make scores comparable. */
  signature: string;
}

/**
 * References listed hypothesis by hypothesis, as captions of an image are, turned into reference sets: set k
 * holds the k-th reference of every hypothesis, undefined where there are fewer.
 */
export function referenceSets(references: readonly (readonly string[])[]): (string | undefined)[][] {
  const most = references.reduce((longest, { length }) => Math.max(longest, length), 0);
  return Array.from({ length: most }, (_, k) => references.map((item) => item[k]));
}

/**
 * The counts of every sentence, [sentences][counts].
 *
 * @param references one array per reference set, each as long as `hypotheses`
 * @throws RangeError if there is no sentence, no reference set, a set of another length, or a sentence without
 *   any reference
 */
export function countCorpus(
  metric: Metric,
  hypotheses: readonly string[],
  references: ReferenceSets,
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
  return hypotheses.map((hypothesis, i) => {
    const own = references.map((set) => set[i]).filter((reference) => reference !== undefined);
    if (own.length === 0) {
      throw new RangeError(`Hypothesis ${i + 1} has no reference: give it one, or leave the hypothesis out.`);
    }
    return metric.count(hypothesis, own);
  });
}

/** The metric's score of a corpus and its signature; throws as `countCorpus` does. */
export function corpusScore(metric: Metric, hypotheses: readonly string[], references: ReferenceSets): Score {
  return {
    name: metric.name,
    score: metric.score(sumCounts(countCorpus(metric, hypotheses, references))),
    signature: formatSignature(references, metric.signature),
  };
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
