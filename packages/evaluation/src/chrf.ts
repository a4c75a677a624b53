import { corpusScore, type Metric, type ReferenceSets } from './metric.js';
import { countMatches, countNgrams } from './ngrams.js';
import { splitWords } from './whitespace.js';

const CHARACTER_ORDER = 6;
const BETA = 2;

export interface ChrfOptions {
  /** Longest word n-gram: 0 (default) for chrF, 2 for chrF++. */
  wordOrder?: 0 | 2;
  /** Compare without case. */
  lowercase?: boolean;
}

export interface ChrfScore {
  /** `chrF2`, or `chrF2++` with word n-grams; 2 is the weight of recall, beta. */
  name: 'chrF2' | 'chrF2++';
  /** 0 to 100. */
  score: number;
  /** In sacrebleu's form, e.g. `nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:heed-0.1.0`. */
  signature: string;
}

/** chrF as a metric to resample; `corpusChrf` computes it. */
export function chrf(options: ChrfOptions = {}): Metric & { readonly name: ChrfScore['name'] } {
  const { wordOrder = 0, lowercase = false } = options;
  return {
    name: wordOrder === 2 ? 'chrF2++' : 'chrF2',
    signature: {
      case: lowercase ? 'lc' : 'mixed',
      eff: 'yes',
      nc: CHARACTER_ORDER,
      nw: wordOrder,
      space: 'no',
    },
    count: (hypothesis, references) => countSentence(hypothesis, references, options),
    score: scoreCounts,
  };
}

/**
 * Corpus chrF (Popović 2015) or, with `wordOrder: 2`, chrF++ (Popović 2017), both with beta 2, equal to
 * sacrebleu's: precision and recall are averaged over the n-gram orders before their F-score is taken.
 *
 * @param references one array per reference set, each as long as `hypotheses`; of several references a
 *   sentence counts against the one that gives it the best score
 * @throws RangeError if there is no sentence, no reference set, or a set of another length
 */
export function corpusChrf(
  hypotheses: readonly string[],
  references: ReferenceSets,
  options: ChrfOptions = {},
): ChrfScore {
  const metric = chrf(options);
  return { ...corpusScore(metric, hypotheses, references), name: metric.name };
}

/** [in hypothesis, in reference, in both] for each order of character n-grams, then of word n-grams */
function countSentence(hypothesis: string, references: readonly string[], options: ChrfOptions): number[] {
  const hypothesisNgrams = extractNgrams(hypothesis, options);
  let best: number[] = [];
  let bestScore = -1;
  for (const reference of references) {
    const referenceNgrams = extractNgrams(reference, options);
    const counts = hypothesisNgrams.flatMap((ngrams, i) => {
      const inReference = total(referenceNgrams[i]!);
      // An order that the reference is too short for does not count against the hypothesis.
      const inHypothesis = inReference === 0 ? 0 : total(ngrams);
      return [inHypothesis, inReference, countMatches(ngrams, referenceNgrams[i]!)];
    });
    const score = scoreCounts(counts);
    if (score > bestScore) {
      bestScore = score;
      best = counts;
    }
  }
  return best;
}

function extractNgrams(line: string, { wordOrder = 0, lowercase = false }: ChrfOptions) {
  const words = splitWords(lowercase ? line.toLowerCase() : line);
  const characters = [...words.join('')];
  const tokens = words.flatMap(separatePunctuation);
  return [
    ...range(CHARACTER_ORDER).map((order) => countNgrams(characters, order, '')),
    ...range(wordOrder).map((order) => countNgrams(tokens, order, ' ')),
  ];
}

const PUNCTUATION = new Set('!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~');

/** One mark is cut off a word's end, or else off its start: chrF++'s own tokenization, not a better one. */
function separatePunctuation(word: string): string[] {
  if (word.length === 1) return [word];
  if (PUNCTUATION.has(word.at(-1)!)) return [word.slice(0, -1), word.at(-1)!];
  if (PUNCTUATION.has(word[0]!)) return [word[0]!, word.slice(1)];
  return [word];
}

function scoreCounts(counts: readonly number[]): number {
  let precision = 0;
  let recall = 0;
  let orders = 0;
  for (let i = 0; i < counts.length; i += 3) {
    const [inHypothesis = 0, inReference = 0, matches = 0] = counts.slice(i, i + 3);
    if (inHypothesis > 0 && inReference > 0) {
      precision += matches / inHypothesis;
      recall += matches / inReference;
      orders += 1;
    }
  }
  if (precision + recall === 0) return 0;
  precision /= orders;
  recall /= orders;
  // In sacrebleu's order of operations: of references that are as good as each other, the rounding decides.
  return 100 * (((1 + BETA ** 2) * precision * recall) / (BETA ** 2 * precision + recall));
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i + 1);
}

function total(ngrams: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const count of ngrams.values()) sum += count;
  return sum;
}
