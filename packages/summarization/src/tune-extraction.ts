import { type RougeType, rouge } from '@heed/evaluation';
import { AbsModel } from './abs-model.js';
import { headlineTokens, joinTokens } from './copy-words.js';
import type { Article } from './data/article.js';
import { countExtraction, type ExtractionVector, extractionFeatures } from './extraction.js';
import { type Candidate, minimumErrorRate } from './line-search.js';
import type { FoundHeadlines, Summarizer } from './summarizer.js';

/** Whose lists are the first: those of ABS itself, and of all features at once. */
const STARTS: readonly ExtractionVector[] = [0, 1].map((weight) => extractionFeatures.map(() => weight));
const ROUNDS = 7;
const SEED = 2003;
const measures = (['rouge1', 'rouge2', 'rougeL'] as const).map((type: RougeType) =>
  rouge(type, 'f1', { stemmer: true }),
);

/** Mean F1 of ROUGE-1, 2 and L, 0 to 100. */
const gainOf = (headline: string, reference: string): number =>
  measures.reduce((sum, metric) => sum + metric.score(metric.count(headline, [reference])), 0) /
  measures.length;

/**
 * Weighs the features of extraction of ABS+ (Rush et al. 2015, section 5) so that the headlines of articles have the best
 * mean ROUGE: searches for n-best lists, weighs anew by minimum error rate over all lists so far (Och 2003), and so on. The
 * model gets the weights whose own search was the best; what it had before is of no account.
 *
 * @param report hears of each round
 * @throws if the model is not ABS+
 */
export async function tuneExtraction(
  summarizer: Summarizer,
  articles: readonly Article[],
  report: (line: string) => void = () => {},
): Promise<{ weights: ExtractionVector; rouge: number }> {
  const { model } = summarizer;
  if (!(model instanceof AbsModel) || model.extractionWeights === undefined)
    throw new Error('the network has no features of extraction (network.extraction)');
  const pools = articles.map(() => new Map<string, Candidate>());
  let best = { weights: model.extractionWeights, rouge: Number.NEGATIVE_INFINITY };
  for (let round = 0; round < ROUNDS; round++) {
    const weights = STARTS[round] ?? mostGaining(pools, best.weights);
    model.setExtractionWeights(weights);
    const found = await summarizer.search(
      articles.map(({ text }) => text),
      { nBest: summarizer.config.decoding.beamSize },
    );
    const { mean, added } = collect(found, articles, pools, weights, summarizer);
    const told = extractionFeatures.map((name, i) => `${name} ${(weights[i] as number).toFixed(2)}`);
    report(`extraction, round ${round + 1}: ROUGE ${mean.toFixed(2)} with ${told.join(', ')}`);
    if (mean > best.rouge) best = { weights, rouge: mean };
    if (added === 0 && round >= STARTS.length) break;
  }
  model.setExtractionWeights(best.weights);
  return best;
}

function mostGaining(
  pools: readonly ReadonlyMap<string, Candidate>[],
  start: ExtractionVector,
): ExtractionVector {
  const lists = pools.map((pool) => [...pool.values()]).filter((pool) => pool.length > 0);
  return minimumErrorRate(lists, [1, ...start], SEED).weights.slice(1);
}

/** Adds the headlines that are new to the pools. @returns the mean gain of the best headlines, and how many are new */
function collect(
  found: readonly FoundHeadlines[],
  articles: readonly Article[],
  pools: readonly Map<string, Candidate>[],
  weights: ExtractionVector,
  { tokenizer }: Summarizer,
): { mean: number; added: number } {
  let [sum, added] = [0, 0];
  const most = weights.reduce((total, weight) => total + Math.max(0, weight), 0);
  found.forEach(({ article, hypotheses }, i) => {
    const pool = pools[i] as Map<string, Candidate>;
    hypotheses.forEach(({ tokens, logProbability, finished }, rank) => {
      const text = joinTokens(headlineTokens(tokens, tokenizer.vocabulary, article));
      const gain = gainOf(text, (articles[i] as Article).headline);
      if (rank === 0) sum += gain;
      const key = tokens.join(' ');
      if (pool.has(key)) return;
      const counts = countExtraction(tokens, article.ids);
      const extracted = counts.reduce(
        (total, count, feature) => total + count * (weights[feature] as number),
        0,
      );
      const steps = tokens.length + (finished ? 1 : 0);
      pool.set(key, { features: [logProbability - extracted + most * steps, ...counts], gain });
      added++;
    });
  });
  return { mean: sum / articles.length, added };
}
