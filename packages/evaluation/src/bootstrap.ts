import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { bleu } from './bleu.js';
import { countCorpus, type Metric, type ReferenceSets, sumCounts } from './metric.js';
import { formatSignature } from './signature.js';

export interface BootstrapOptions {
  /** What is measured: `bleu(…)` (default), `chrf(…)`, `rouge(…)`, `cider(…)`, `errorRate(…)`, … */
  metric?: Metric;
  /** How many times the test set is drawn anew; default 1000. */
  samples?: number;
  /** The same seed gives the same answer on every machine; default 12345. */
  seed?: number;
}

export interface BootstrapInterval {
  /** On the test set itself. */
  score: number;
  /** Mean over the resamples. */
  mean: number;
  /** Bounds of the central 95 % of the resamples. */
  low: number;
  high: number;
  signature: string;
}

export interface PairedBootstrap {
  baseline: BootstrapInterval;
  system: BootstrapInterval;
  /** Score of the system less that of the baseline, on the test set itself. */
  difference: number;
  /** Share of the resamples in which the system is better than the baseline (Koehn 2004, section 4). */
  systemBetter: number;
  /** Share of the resamples in which the baseline is better; what is missing to 1 are ties. */
  baselineBetter: number;
  /**
   * Chance of a difference this large, either way, if the systems were equally good, as sacrebleu's
   * `--paired-bs` computes it. Below 0.05 is customarily called significant.
   */
  pValue: number;
  signature: string;
}

/**
 * A 95 % confidence interval of one system's score, by bootstrap resampling of the test set (Koehn 2004,
 * section 3): sentences are drawn with replacement, as many as there are.
 *
 * @throws RangeError as `corpusBleu` does, or if `samples` is not a positive or `seed` not a 32-bit integer
 */
export function bootstrapInterval(
  hypotheses: readonly string[],
  references: ReferenceSets,
  options: BootstrapOptions = {},
): BootstrapInterval {
  const { metric = bleu(), samples = 1000, seed = 12345 } = options;
  const counts = countCorpus(metric, hypotheses, references);
  const [scores] = resample([counts], metric, samples, seed);
  const signature = formatSignature(references, metric.signature, { samples, seed });
  return summarize(metric.score(sumCounts(counts)), scores!, signature);
}

/**
 * Is one system better than another, or was it luck? Paired bootstrap resampling (Koehn 2004, section 4):
 * both are scored on the same resamples of the test set.
 *
 * @param baseline the baseline's hypotheses
 * @param system the other system's, for the same sentences
 * @throws RangeError if the two differ in length, and as `bootstrapInterval` does
 */
export function pairedBootstrap(
  baseline: readonly string[],
  system: readonly string[],
  references: ReferenceSets,
  options: BootstrapOptions = {},
): PairedBootstrap {
  const { metric = bleu(), samples = 1000, seed = 12345 } = options;
  if (baseline.length !== system.length) {
    throw new RangeError(
      `The baseline has ${baseline.length} hypotheses and the system ${system.length}: ` +
        'both must be given the same sentences.',
    );
  }
  const counts = [baseline, system].map((hypotheses) => countCorpus(metric, hypotheses, references));
  const [baselineScore, systemScore] = counts.map((rows) => metric.score(sumCounts(rows)));
  const [baselineScores, systemScores] = resample(counts, metric, samples, seed);
  const signature = formatSignature(references, metric.signature, { samples, seed });

  const difference = systemScore! - baselineScore!;
  const differences = systemScores!.map((score, i) => score - baselineScores![i]!);
  const direction = metric.lowerIsBetter ? -1 : 1;
  const shareWithSign = (sign: number) =>
    differences.filter((value) => Math.sign(value) === sign * direction).length / samples;
  const absolute = differences.map(Math.abs);
  const center = mean(absolute);
  // By >, as sacrebleu has it, a system would differ from itself.
  const larger =
    difference === 0 ? samples : absolute.filter((value) => value - center > Math.abs(difference)).length;
  return {
    baseline: summarize(baselineScore!, baselineScores!, signature),
    system: summarize(systemScore!, systemScores!, signature),
    difference,
    systemBetter: shareWithSign(1),
    baselineBetter: shareWithSign(-1),
    pValue: (larger + 1) / (samples + 1),
    signature,
  };
}

/** Scores [systems][samples] of systems, whose counts are [systems][sentences][counts], on the same resamples. */
function resample(systems: readonly number[][][], metric: Metric, samples: number, seed: number): number[][] {
  if (!Number.isInteger(samples) || samples < 1) {
    throw new RangeError(`samples is ${samples}: expected a whole number, 1 or more (1000 is customary).`);
  }
  if (!Number.isInteger(seed) || seed !== (seed | 0)) {
    throw new RangeError(`seed is ${seed}: expected a whole number of 32 bits.`);
  }
  const random = xoroshiro128plus(seed);
  const sentences = systems[0]!.length;
  const scores = systems.map(() => new Array<number>(samples));
  for (let sample = 0; sample < samples; sample++) {
    const drawn = Array.from({ length: sentences }, () => uniformInt(random, 0, sentences - 1));
    systems.forEach((counts, i) => {
      scores[i]![sample] = metric.score(sumCounts(drawn.map((sentence) => counts[sentence]!)));
    });
  }
  return scores;
}

function summarize(score: number, scores: readonly number[], signature: string): BootstrapInterval {
  const sorted = [...scores].sort((a, b) => a - b);
  const tail = Math.floor(sorted.length / 40);
  return {
    score,
    mean: mean(sorted),
    low: sorted[tail]!,
    high: sorted[sorted.length - 1 - tail]!,
    signature,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
