import { countNgrams } from './ngrams.js';
import { rougeTokens } from './rouge.js';
import { joinFields } from './signature.js';

const ORDERS = [1, 2, 3, 4];

export interface CopiedRun {
  /** The tokens copied in one piece, lower-cased. */
  tokens: string[];
  /** Place of the first of them in the hypothesis and in the source, in tokens. */
  start: number;
  sourceStart: number;
}

export interface Copying {
  name: 'copying';
  /** Of all n-grams in the hypotheses, n = 1 to 4, how many per 100 occur in their sources. */
  overlap: number[];
  /** Mean and longest length in tokens of the longest copied runs. */
  meanRun: number;
  longestRun: number;
  /** How many hypotheses per 100 stand in their source in one piece. */
  whole: number;
  signature: string;
}

/**
 * How much of the hypotheses is copied from their sources: 100 less the share of novel n-grams that See et al. 2017
 * plot (section 7.2, figure 6), and the longest runs. Tokens are ROUGE's, without stemming.
 *
 * @throws RangeError if there is no hypothesis, or not one source for each
 */
export function measureCopying(hypotheses: readonly string[], sources: readonly string[]): Copying {
  if (hypotheses.length === 0) {
    throw new RangeError('Copying of an empty corpus is undefined: give at least one hypothesis.');
  }
  if (hypotheses.length !== sources.length) {
    throw new RangeError(
      `There are ${sources.length} sources but ${hypotheses.length} hypotheses: ` +
        'source i must be what hypothesis i was made from.',
    );
  }
  const pairs = hypotheses.map(
    (hypothesis, i) => [rougeTokens(hypothesis), rougeTokens(sources[i]!)] as const,
  );
  const runs = pairs.map(([tokens, source]) => longestRun(tokens, source).tokens.length);
  const wholes = pairs.filter(([tokens], i) => tokens.length > 0 && runs[i] === tokens.length).length;
  return {
    name: 'copying',
    overlap: ORDERS.map((order) => overlap(pairs, order)),
    meanRun: runs.reduce((sum, length) => sum + length, 0) / runs.length,
    longestRun: runs.reduce((most, length) => Math.max(most, length), 0),
    whole: (100 * wholes) / hypotheses.length,
    signature: joinFields({ case: 'lc', tok: 'rouge', stem: 'no' }),
  };
}

/** The longest piece of the hypothesis that stands in its source word for word; the first of several. */
export function longestCopiedRun(hypothesis: string, source: string): CopiedRun {
  return longestRun(rougeTokens(hypothesis), rougeTokens(source));
}

function overlap(pairs: readonly (readonly [string[], string[]])[], order: number): number {
  let copied = 0;
  let total = 0;
  for (const [tokens, source] of pairs) {
    const inSource = countNgrams(source, order, ' ');
    for (const [ngram, count] of countNgrams(tokens, order, ' ')) {
      total += count;
      if (inSource.has(ngram)) copied += count;
    }
  }
  return total === 0 ? 0 : (100 * copied) / total;
}

function longestRun(tokens: readonly string[], source: readonly string[]): CopiedRun {
  let best = { length: 0, start: 0, sourceStart: 0 };
  let above = new Uint32Array(source.length + 1);
  tokens.forEach((token, i) => {
    const row = new Uint32Array(source.length + 1);
    source.forEach((other, j) => {
      if (token !== other) return;
      const length = above[j]! + 1;
      row[j + 1] = length;
      if (length > best.length) best = { length, start: i + 1 - length, sourceStart: j + 1 - length };
    });
    above = row;
  });
  const { length, ...place } = best;
  return { tokens: tokens.slice(place.start, place.start + length), ...place };
}
