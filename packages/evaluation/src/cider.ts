import { type CaptionOptions, captionSignature, captionTokens } from './caption-tokens.js';
import { corpusScore, type Metric, type ReferenceSets, type Score } from './metric.js';
import { countNgrams } from './ngrams.js';

const ORDERS = [1, 2, 3, 4];
const SIGMA = 6;

/** TF-IDF vector of one caption's n-grams of one order. */
interface NgramVector {
  weights: ReadonlyMap<string, number>;
  norm: number;
}

/**
 * CIDEr-D as a metric to resample; `corpusCider` computes it. Resamples keep the document frequencies of the whole
 * corpus.
 *
 * @param references of the whole corpus: in how many images' references an n-gram occurs is counted in them
 */
export function cider(references: ReferenceSets, options: CaptionOptions = {}): Metric {
  const images = references[0]?.length ?? 0;
  const frequencies = documentFrequencies(references, images, options);
  const toVectors = (caption: string) => {
    const tokens = captionTokens(caption, options);
    return ORDERS.map((order) => ngramVector(tokens, order, frequencies, Math.log(images)));
  };
  const lengthOf = (caption: string) => Math.max(0, captionTokens(caption, options).length - 1);

  return {
    name: 'CIDEr-D',
    signature: { ...captionSignature(options), n: ORDERS.length, sigma: SIGMA, df: 'refs' },
    count: (hypothesis, own) => {
      const vectors = toVectors(hypothesis);
      const similarities = own.map((reference) => {
        const referenceVectors = toVectors(reference);
        const lengthPenalty = Math.exp(
          -((lengthOf(hypothesis) - lengthOf(reference)) ** 2) / (2 * SIGMA ** 2),
        );
        return lengthPenalty * mean(vectors.map((vector, n) => similarity(vector, referenceVectors[n]!)));
      });
      return [10 * mean(similarities), 1];
    },
    score: ([sum = 0, captions = 0]) => sum / captions,
  };
}

/**
 * CIDEr-D, the variant of CIDEr (Vedantam et al. 2015) that cannot be gamed by repetition, 0 to 10, equal to pycocoevalcap's `Cider`:
 * n-grams of 1 to 4 words weighted by TF-IDF, clipped, with a Gaussian penalty (sigma 6) on the difference in
 * length, counted in bigrams as there. Papers that write it as per cent multiply by 100.
 *
 * @param references one array per reference set, each as long as `hypotheses`; `referenceSets` makes them. Document
 *   frequencies come from them, so that scores on test sets of other sizes do not compare, and of a single image is 0
 * @throws RangeError as `corpusCaptionBleu` does
 */
export function corpusCider(
  hypotheses: readonly string[],
  references: ReferenceSets,
  options: CaptionOptions = {},
): Score {
  return corpusScore(cider(references, options), hypotheses, references);
}

/** In how many images' references each n-gram occurs. */
function documentFrequencies(
  references: ReferenceSets,
  images: number,
  options: CaptionOptions,
): ReadonlyMap<string, number> {
  const frequencies = new Map<string, number>();
  for (let image = 0; image < images; image++) {
    const seen = new Set<string>();
    for (const set of references) {
      const tokens = captionTokens(set[image] ?? '', options);
      for (const order of ORDERS) {
        for (const ngram of countNgrams(tokens, order, ' ').keys()) seen.add(ngram);
      }
    }
    for (const ngram of seen) frequencies.set(ngram, (frequencies.get(ngram) ?? 0) + 1);
  }
  return frequencies;
}

function ngramVector(
  tokens: readonly string[],
  order: number,
  frequencies: ReadonlyMap<string, number>,
  logImages: number,
): NgramVector {
  const weights = new Map<string, number>();
  let squares = 0;
  for (const [ngram, count] of countNgrams(tokens, order, ' ')) {
    const weight = count * (logImages - Math.log(frequencies.get(ngram) ?? 1));
    weights.set(ngram, weight);
    squares += weight ** 2;
  }
  return { weights, norm: Math.sqrt(squares) };
}

/** Cosine with the hypothesis's weights clipped to the reference's. */
function similarity(hypothesis: NgramVector, reference: NgramVector): number {
  if (hypothesis.norm === 0 || reference.norm === 0) return 0;
  let product = 0;
  for (const [ngram, weight] of hypothesis.weights) {
    const referenceWeight = reference.weights.get(ngram) ?? 0;
    product += Math.min(weight, referenceWeight) * referenceWeight;
  }
  return product / (hypothesis.norm * reference.norm);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
