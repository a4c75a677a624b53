import { type CaptionOptions, captionSignature, captionTokens } from './caption-tokens.js';
import { alignMeteor } from './meteor-alignment.js';
import { tokenizeMeteor } from './meteor-tokens.js';
import { corpusScore, type Metric, type ReferenceSets, type Score } from './metric.js';

/** For English, task "rank" (Denkowski and Lavie 2014): the parameters, and what a stem match weighs. */
const ALPHA = 0.85;
const BETA = 0.2;
const GAMMA = 0.6;
const DELTA = 0.75;
const STEM_WEIGHT = 0.6;

/** The words more frequent than 1 in 1000 in English text, as METEOR 1.5 lists them. */
const FUNCTION_WORDS = new Set(
  `the , . to of and a in that for " is on 's it with was as said at he by be from have has are his but an this not
  i will ’ they ) -rrb- ( -lrb- who their had we which were been more or s its would about new one after you : also
  up when there than $ all out her people she year two - can if last first “ over other ” into some what so -- no
  time years could ? 't — '`.split(/\s+/u),
);

/** METEOR as a metric to resample; `corpusMeteor` computes it. */
export function meteor(options: CaptionOptions = {}): Metric {
  return {
    name: 'METEOR',
    signature: {
      ...captionSignature(options),
      match: 'exact,stem',
      alpha: ALPHA,
      beta: BETA,
      gamma: GAMMA,
      delta: DELTA,
    },
    count: (hypothesis, references) => {
      const words = toWords(hypothesis, options);
      const candidates = references.map((reference) => countPair(words, toWords(reference, options)));
      return candidates.reduce((best, counts) => (scoreCounts(counts) > scoreCounts(best) ? counts : best));
    },
    score: (counts) => 100 * scoreCounts(counts),
  };
}

/**
 * METEOR of captions (Denkowski and Lavie 2014) with its first two matchers, the same word and the same Snowball
 * stem, and without WordNet synonyms and paraphrases; otherwise equal to METEOR 1.5 as pycocoevalcap runs it, times
 * 100, with the paper's parameters for English. Papers that report METEOR matched synonyms and paraphrases too, so
 * that this number is lower than theirs would be.
 *
 * @param references one array per reference set, each as long as `hypotheses`; `referenceSets` makes them
 * @throws RangeError as `corpusCaptionBleu` does
 */
export function corpusMeteor(
  hypotheses: readonly string[],
  references: ReferenceSets,
  options: CaptionOptions = {},
): Score {
  return corpusScore(meteor(options), hypotheses, references);
}

function toWords(caption: string, options: CaptionOptions): string[] {
  return tokenizeMeteor(captionTokens(caption, options));
}

/** [words, function words, exact, stem, exact function, stem function matches] of each side, then chunks */
function countPair(hypothesis: readonly string[], reference: readonly string[]): number[] {
  const { matches, chunks } = alignMeteor(hypothesis, reference);
  const side = (words: readonly string[], key: 'hypothesis' | 'reference') => {
    const matched = (kind: 'exact' | 'stem', inFunction: boolean) =>
      matches.filter((match) => match.kind === kind && FUNCTION_WORDS.has(words[match[key]]!) === inFunction)
        .length;
    return [
      words.length,
      words.filter((word) => FUNCTION_WORDS.has(word)).length,
      matched('exact', false),
      matched('stem', false),
      matched('exact', true),
      matched('stem', true),
    ];
  };
  // A caption that is its reference is in no pieces; over a corpus it adds none.
  const identical =
    chunks === 1 && matches.length === hypothesis.length && matches.length === reference.length;
  return [...side(hypothesis, 'hypothesis'), ...side(reference, 'reference'), identical ? 0 : chunks];
}

function scoreCounts(counts: readonly number[]): number {
  const hypothesis = scoreSide(counts.slice(0, 6));
  const reference = scoreSide(counts.slice(6, 12));
  const chunks = counts[12]!;
  if (hypothesis.matches === 0) return 0;

  const fMean = 1 / ((1 - ALPHA) / hypothesis.share + ALPHA / reference.share);
  return fMean * (1 - GAMMA * (chunks / hypothesis.matches) ** BETA);
}

/** Precision or recall: matches as a weighted share of the words, function words weighing less. */
function scoreSide([
  words = 0,
  functions = 0,
  exact = 0,
  stem = 0,
  exactFunctions = 0,
  stemFunctions = 0,
]: number[]) {
  const matches = exact + stem + exactFunctions + stemFunctions;
  const matched =
    DELTA * (exact + STEM_WEIGHT * stem) + (1 - DELTA) * (exactFunctions + STEM_WEIGHT * stemFunctions);
  const total = DELTA * (words - functions) + (1 - DELTA) * functions;
  return { matches, share: matched / total };
}
