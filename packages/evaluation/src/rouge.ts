import { longestCommonSubsequence } from './lcs.js';
import { countCorpus, type Metric, type ReferenceSets, sumCounts } from './metric.js';
import { countMatches, countNgrams } from './ngrams.js';
import { porterStem } from './porter-stemmer.js';
import { formatSignature } from './signature.js';

export type RougeType = 'rouge1' | 'rouge2' | 'rougeL';
export type RougeMeasure = 'precision' | 'recall' | 'f1';

export interface RougeOptions {
  /** Compare Porter stems of words of more than three letters, as `ROUGE-1.5.5 -m` does; default false. */
  stemmer?: boolean;
  /**
   * Read only so many bytes of each hypothesis (in UTF-8), cutting through words, as `ROUGE-1.5.5 -b` does: 75 for
   * the recall that DUC's headline task reports.
   */
  byteLimit?: number;
}

/** Means over the summaries, each 0 to 100. */
export type RougeValues = Record<RougeMeasure, number>;

export interface RougeScore extends Record<RougeType, RougeValues> {
  name: 'ROUGE';
  /** F1 of ROUGE-L, 0 to 100. */
  score: number;
  signature: string;
}

const NAMES = { rouge1: 'ROUGE-1', rouge2: 'ROUGE-2', rougeL: 'ROUGE-L' } as const;
const MEASURES = ['precision', 'recall', 'f1'] as const;

/** One ROUGE as a metric to resample: `rouge('rouge2')`, `rouge('rougeL', 'recall', { byteLimit: 75 })`. */
export function rouge(type: RougeType, measure: RougeMeasure = 'f1', options: RougeOptions = {}): Metric {
  const { byteLimit } = options;
  if (byteLimit !== undefined && !(Number.isInteger(byteLimit) && byteLimit > 0)) {
    throw new RangeError(`byteLimit is ${byteLimit}: expected a whole number above 0 (DUC's is 75).`);
  }
  return {
    name: `${NAMES[type]} ${measure}`,
    signature: signatureFields(options),
    count: (hypothesis, references) => {
      const tokens = toTokens(limitBytes(hypothesis, byteLimit), options);
      const candidates = references.map((reference) => compare(type, tokens, toTokens(reference, options)));
      const best = candidates.reduce((best, values) => (values.f1 > best.f1 ? values : best));
      return [...MEASURES.map((name) => best[name]), 1];
    },
    score: (counts) => (100 * counts[MEASURES.indexOf(measure)]!) / counts[MEASURES.length]!,
  };
}

/**
 * ROUGE-1, ROUGE-2 and ROUGE-L of summaries (Lin 2004, sections 2 and 3.1), equal to Google's rouge-score times 100:
 * the mean over the summaries of precision, recall and F1. Of several references a summary counts against the one
 * of the best F1, each ROUGE for itself.
 *
 * @param references one array per reference set, each as long as `hypotheses`
 * @throws RangeError if there is no summary, no reference set, a set of another length, or a summary without any
 *   reference
 */
export function corpusRouge(
  hypotheses: readonly string[],
  references: ReferenceSets,
  options: RougeOptions = {},
): RougeScore {
  const [rouge1, rouge2, rougeL] = (['rouge1', 'rouge2', 'rougeL'] as const).map((type): RougeValues => {
    const counts = sumCounts(countCorpus(rouge(type, 'f1', options), hypotheses, references));
    const [precision, recall, f1] = MEASURES.map((measure) => rouge(type, measure, options).score(counts));
    return { precision: precision!, recall: recall!, f1: f1! };
  });
  return {
    name: 'ROUGE',
    score: rougeL!.f1,
    rouge1: rouge1!,
    rouge2: rouge2!,
    rougeL: rougeL!,
    signature: formatSignature(references, signatureFields(options)),
  };
}

/** Tokens as rouge-score cuts them: runs of a to z and 0 to 9 in the lower-cased text; nothing else counts. */
export function rougeTokens(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9]+/gu) ?? [];
}

function toTokens(text: string, { stemmer = false }: RougeOptions): string[] {
  const tokens = rougeTokens(text);
  return stemmer ? tokens.map((token) => (token.length > 3 ? porterStem(token) : token)) : tokens;
}

function signatureFields({ stemmer = false, byteLimit }: RougeOptions) {
  return { case: 'lc', tok: 'rouge', stem: stemmer ? 'porter' : 'no', bytes: byteLimit ?? 'all' };
}

function limitBytes(text: string, byteLimit: number | undefined): string {
  if (byteLimit === undefined) return text;
  return new TextDecoder().decode(new TextEncoder().encode(text).subarray(0, byteLimit));
}

function compare(type: RougeType, tokens: readonly string[], reference: readonly string[]): RougeValues {
  if (type === 'rougeL') {
    return toValues(longestCommonSubsequence(tokens, reference), tokens.length, reference.length);
  }
  const order = type === 'rouge1' ? 1 : 2;
  const matches = countMatches(countNgrams(tokens, order, ' '), countNgrams(reference, order, ' '));
  return toValues(matches, tokens.length - order + 1, reference.length - order + 1);
}

function toValues(matches: number, inHypothesis: number, inReference: number): RougeValues {
  const precision = matches / Math.max(1, inHypothesis);
  const recall = matches / Math.max(1, inReference);
  return { precision, recall, f1: matches === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}
