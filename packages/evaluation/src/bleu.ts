import { countCorpus, type Metric, type ReferenceSets, sumCounts } from './metric.js';
import { countMatches, countNgrams } from './ngrams.js';
import { formatSignature } from './signature.js';
import { tokenize13a } from './tokenizer-13a.js';
import { splitWords, trimEnd } from './whitespace.js';

const MAX_ORDER = 4;
const ORDERS = [1, 2, 3, MAX_ORDER] as const;

export interface BleuOptions {
  /**
   * `13a` (default) for detokenised text, as WMT and sacrebleu do; `none` for text that is already tokenised,
   * its tokens separated by spaces.
   */
  tokenize?: '13a' | 'none';
  /**
   * Compare without case. With it the score is the lowercased tokenised BLEU that older papers report
   * (Lample et al. 2018; LIUM-CVC, Caglayan et al. 2017), but for the tokenizer: theirs is Moses's, so give
   * text tokenised by it and `tokenize: 'none'` for their number to the digit.
   */
  lowercase?: boolean;
}

export interface BleuScore {
  name: 'BLEU';
  /** 0 to 100. */
  score: number;
  /** In sacrebleu's form, e.g. `nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:heed-0.1.0`. */
  signature: string;
  /** Matched n-grams, n = 1 to 4. */
  counts: number[];
  /** N-grams in the hypotheses, n = 1 to 4. */
  totals: number[];
  /** Smoothed n-gram precisions, n = 1 to 4, each 0 to 100. */
  precisions: number[];
  brevityPenalty: number;
  /** In tokens. */
  hypothesisLength: number;
  /** In tokens; for each sentence the reference nearest in length to its hypothesis. */
  referenceLength: number;
}

/** BLEU as a metric to resample; `corpusBleu` computes it. */
export function bleu(options: BleuOptions = {}): Metric {
  return {
    name: 'BLEU',
    signature: signatureFields(options, false),
    count: (hypothesis, references) =>
      countBleu(
        toTokens(hypothesis, options),
        references.map((reference) => toTokens(reference, options)),
      ),
    score: (counts) => scoreCounts(counts, false).score,
  };
}

/**
 * Corpus BLEU (Papineni et al. 2002, section 2.3) with the `exp` smoothing of mteval-v13a (Chen & Cherry 2014,
 * method 3), equal to sacrebleu's.
 *
 * @param references one array per reference set, each as long as `hypotheses`
 * @throws RangeError if there is no sentence, no reference set, or a set of another length
 */
export function corpusBleu(
  hypotheses: readonly string[],
  references: ReferenceSets,
  options: BleuOptions = {},
): BleuScore {
  const counts = sumCounts(countCorpus(bleu(options), hypotheses, references));
  return {
    ...scoreCounts(counts, false),
    signature: formatSignature(references, signatureFields(options, false)),
  };
}

/**
 * BLEU of one sentence, over the orders that the hypothesis is long enough for (`eff:yes`), as sacrebleu's
 * `sentence_bleu`. The mean over sentences is not corpus BLEU.
 *
 * @throws RangeError if there is no reference
 */
export function sentenceBleu(
  hypothesis: string,
  references: readonly string[],
  options: BleuOptions = {},
): BleuScore {
  const sets = references.map((reference) => [reference]);
  const counts = sumCounts(countCorpus(bleu(options), [hypothesis], sets));
  return {
    ...scoreCounts(counts, true),
    signature: formatSignature(sets, signatureFields(options, true)),
  };
}

function signatureFields({ tokenize = '13a', lowercase = false }: BleuOptions, effectiveOrder: boolean) {
  return {
    case: lowercase ? 'lc' : 'mixed',
    eff: effectiveOrder ? 'yes' : 'no',
    tok: tokenize,
    smooth: 'exp',
  };
}

function toTokens(line: string, { tokenize = '13a', lowercase = false }: BleuOptions): string[] {
  const text = trimEnd(lowercase ? line.toLowerCase() : line);
  return tokenize === '13a' ? tokenize13a(text) : splitWords(text);
}

/** [hypothesis length, reference length, matches for n = 1 to 4, totals for n = 1 to 4] of tokens */
export function countBleu(tokens: readonly string[], references: readonly (readonly string[])[]): number[] {
  const matches = ORDERS.map((order) => {
    const most = new Map<string, number>();
    for (const reference of references) {
      for (const [ngram, count] of countNgrams(reference, order, ' ')) {
        most.set(ngram, Math.max(count, most.get(ngram) ?? 0));
      }
    }
    return countMatches(countNgrams(tokens, order, ' '), most);
  });
  const totals = ORDERS.map((order) => Math.max(0, tokens.length - order + 1));
  const nearestLength = references
    .map((reference) => reference.length)
    .reduce((best, length) => {
      const nearer = Math.abs(length - tokens.length) - Math.abs(best - tokens.length);
      return nearer < 0 || (nearer === 0 && length < best) ? length : best;
    });
  return [tokens.length, nearestLength, ...matches, ...totals];
}

function scoreCounts(sums: readonly number[], effectiveOrder: boolean): Omit<BleuScore, 'signature'> {
  const [hypothesisLength = 0, referenceLength = 0] = sums;
  const counts = sums.slice(2, 2 + MAX_ORDER);
  const totals = sums.slice(2 + MAX_ORDER);
  const precisions = ORDERS.map(() => 0);

  let brevityPenalty = 1;
  if (hypothesisLength < referenceLength) {
    brevityPenalty = hypothesisLength > 0 ? Math.exp(1 - referenceLength / hypothesisLength) : 0;
  }

  let score = 0;
  if (counts.some((count) => count > 0)) {
    let smoothing = 1;
    let orders = MAX_ORDER;
    for (let n = 0; n < MAX_ORDER && totals[n]! > 0; n++) {
      if (effectiveOrder) orders = n + 1;
      if (counts[n] === 0) smoothing *= 2;
      precisions[n] = (100 * (counts[n] || 1 / smoothing)) / totals[n]!;
    }
    const logs = precisions.slice(0, orders).map((precision) => Math.log(precision));
    score = brevityPenalty * Math.exp(logs.reduce((sum, log) => sum + log, 0) / orders);
  }
  return {
    name: 'BLEU',
    score,
    counts,
    totals,
    precisions,
    brevityPenalty,
    hypothesisLength,
    referenceLength,
  };
}
