import { countBleu } from './bleu.js';
import { type CaptionOptions, captionSignature, captionTokens } from './caption-tokens.js';
import { countCorpus, type Metric, type ReferenceSets, sumCounts } from './metric.js';
import { formatSignature } from './signature.js';

export type BleuOrder = 1 | 2 | 3 | 4;

const ORDERS: readonly BleuOrder[] = [1, 2, 3, 4];

export interface CaptionBleuScore {
  name: 'caption BLEU';
  /** BLEU-4, 0 to 100. */
  score: number;
  /** BLEU-1 to BLEU-4, 0 to 100 each. */
  scores: number[];
  signature: string;
}

/** One BLEU-n of captions as a metric to resample; `corpusCaptionBleu` computes all four. */
export function captionBleu(order: BleuOrder, options: CaptionOptions = {}): Metric {
  return {
    name: `BLEU-${order}`,
    signature: { ...captionSignature(options), smooth: 'none' },
    count: (hypothesis, references) =>
      countBleu(
        captionTokens(hypothesis, options),
        references.map((reference) => captionTokens(reference, options)),
      ),
    score: (counts) => scoreCounts(counts, order),
  };
}

/**
 * BLEU-1 to BLEU-4 of captions (Papineni et al. 2002), as the captioning world counts it: equal to pycocoevalcap's
 * `Bleu(4)` times 100. The reference length is that of the reference nearest in length to the caption, and nothing
 * is smoothed.
 *
 * @param references one array per reference set, each as long as `hypotheses`; `referenceSets` makes them
 * @throws RangeError if there is no caption, no reference set, a set of another length, or a caption without any
 *   reference
 */
export function corpusCaptionBleu(
  hypotheses: readonly string[],
  references: ReferenceSets,
  options: CaptionOptions = {},
): CaptionBleuScore {
  const metric = captionBleu(4, options);
  const counts = sumCounts(countCorpus(metric, hypotheses, references));
  return {
    name: 'caption BLEU',
    score: metric.score(counts),
    scores: ORDERS.map((order) => scoreCounts(counts, order)),
    signature: formatSignature(references, metric.signature),
  };
}

/** pycocoevalcap's guards against division by zero; they show in the score of very short corpora. */
const SMALL = 1e-9;
const TINY = 1e-15;

function scoreCounts(counts: readonly number[], order: BleuOrder): number {
  const [hypothesisLength = 0, referenceLength = 0] = counts;
  let product = 1;
  for (let n = 0; n < order; n++) product *= (counts[2 + n]! + TINY) / (counts[6 + n]! + SMALL);
  const ratio = (hypothesisLength + TINY) / (referenceLength + SMALL);
  const brevityPenalty = ratio < 1 ? Math.exp(1 - 1 / ratio) : 1;
  return 100 * brevityPenalty * product ** (1 / order);
}
