import { type CaptionOptions, captionSignature, captionTokens } from './caption-tokens.js';
import { longestCommonSubsequence } from './lcs.js';
import { corpusScore, type Metric, type ReferenceSets, type Score } from './metric.js';

const BETA = 1.2;

/** ROUGE-L of captions as a metric to resample; `corpusCaptionRougeL` computes it. */
export function captionRougeL(options: CaptionOptions = {}): Metric {
  return {
    name: 'caption ROUGE-L',
    signature: { ...captionSignature(options), beta: BETA },
    count: (hypothesis, references) => [scoreSentence(hypothesis, references, options), 1],
    score: ([sum = 0, sentences = 0]) => (100 * sum) / sentences,
  };
}

/**
 * Mean ROUGE-L of captions (Lin 2004, section 3.1) with beta 1.2, equal to pycocoevalcap's times 100: the best
 * precision and the best recall over the references, which need not be of the same one. It is not the ROUGE-L of
 * summaries, which `corpusRouge` computes.
 *
 * @param references one array per reference set, each as long as `hypotheses`; `referenceSets` makes them
 * @throws RangeError as `corpusCaptionBleu` does
 */
export function corpusCaptionRougeL(
  hypotheses: readonly string[],
  references: ReferenceSets,
  options: CaptionOptions = {},
): Score {
  return corpusScore(captionRougeL(options), hypotheses, references);
}

function scoreSentence(hypothesis: string, references: readonly string[], options: CaptionOptions): number {
  const tokens = atLeastOne(captionTokens(hypothesis, options));
  let precision = 0;
  let recall = 0;
  for (const reference of references) {
    const referenceTokens = atLeastOne(captionTokens(reference, options));
    const common = longestCommonSubsequence(tokens, referenceTokens);
    precision = Math.max(precision, common / tokens.length);
    recall = Math.max(recall, common / referenceTokens.length);
  }
  if (precision === 0 || recall === 0) return 0;
  return ((1 + BETA ** 2) * precision * recall) / (recall + BETA ** 2 * precision);
}

/** To pycocoevalcap an empty caption is one empty word, so that two empty captions agree. */
function atLeastOne(tokens: string[]): string[] {
  return tokens.length === 0 ? [''] : tokens;
}
