import {
  type CalibrationError,
  type ClassificationScore,
  type Correlation,
  expectedCalibrationError,
  pearsonCorrelation,
  scoreClassification,
} from '@heed/evaluation';
import { expectAnswerable } from '@heed/training';
import { entailmentLabels, type LabelledPair } from './data/sentence-pair.js';
import type { Classification, EntailmentClassifier } from './entailment-classifier.js';

export interface EntailmentEvaluation {
  readonly pairs: number;
  /** With its interval, macro F1 and the confusion matrix. */
  readonly accuracy: ClassificationScore;
  readonly calibration: CalibrationError;
  /** Of how related the pairs are with what the model says, where it and all of them say so. */
  readonly correlation?: Correlation;
  readonly classifications: readonly Classification[];
}

const CHUNK = 512;

/**
 * Classifies pairs and scores the result against their labels.
 *
 * @param onProgress is called with the number of pairs done
 * @throws as `classifyAll` does, before any pair is classified
 */
export async function evaluateEntailmentClassifier(
  classifier: EntailmentClassifier,
  pairs: readonly LabelledPair[],
  onProgress: (done: number) => void = () => {},
): Promise<EntailmentEvaluation> {
  if (pairs.length === 0) throw new Error('evaluation: there are no pairs');
  expectAnswerable('pair', pairs, (pair) => classifier.refusalOf(pair));
  const classifications: Classification[] = [];
  for (let first = 0; first < pairs.length; first += CHUNK) {
    classifications.push(...(await classifier.classifyAll(pairs.slice(first, first + CHUNK))));
    onProgress(classifications.length);
  }
  const said = classifications.flatMap(({ relatedness }) => relatedness ?? []);
  const gold = pairs.flatMap(({ relatedness }) => relatedness ?? []);
  const isScored = said.length === pairs.length && gold.length === pairs.length && new Set(gold).size > 1;
  return {
    pairs: pairs.length,
    accuracy: scoreClassification(
      classifications.map(({ label }) => label),
      pairs.map(({ label }) => label),
      { labels: entailmentLabels },
    ),
    calibration: expectedCalibrationError(
      classifications.map(({ probabilities }) => entailmentLabels.map((label) => probabilities[label])),
      pairs.map(({ label }) => entailmentLabels.indexOf(label)),
    ),
    ...(isScored && { correlation: pearsonCorrelation(said, gold) }),
    classifications,
  };
}
