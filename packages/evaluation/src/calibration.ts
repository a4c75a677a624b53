import { checkPairs } from './classification.js';
import { joinFields } from './signature.js';

export interface CalibrationOptions {
  /** How many intervals of equal width; default 15. */
  bins?: number;
}

export interface CalibrationBin {
  /** Confidences above `low` up to `high` fall into it. */
  low: number;
  high: number;
  count: number;
  /** Means over it, 0 to 1; 0 if it is empty. */
  confidence: number;
  accuracy: number;
}

export interface CalibrationError {
  name: 'ECE';
  /** 0 to 100; 0 is perfect. */
  score: number;
  bins: CalibrationBin[];
  signature: string;
}

/**
 * Expected calibration error (Naeini et al. 2015, as Guo et al. 2017 define it in section 2): items
 * are binned by the probability of the predicted class into 15 intervals of equal width, and the difference of
 * accuracy and mean confidence is averaged over the bins by their number of items.
 *
 * @param probabilities [items][classes]; the predicted class is the first of the most probable
 * @param gold the number of the true class of each item
 * @throws RangeError if there is no item, not one true class for each, a probability that is not in 0 to 1, or
 *   `bins` not a whole number above 0
 */
export function expectedCalibrationError(
  probabilities: readonly (readonly number[])[],
  gold: readonly number[],
  options: CalibrationOptions = {},
): CalibrationError {
  const { bins: number = 15 } = options;
  checkPairs('Calibration', probabilities, gold);
  if (!Number.isInteger(number) || number < 1) {
    throw new RangeError(`bins is ${number}: expected a whole number above 0 (15 is customary).`);
  }
  const sums = Array.from({ length: number }, () => ({ count: 0, confidence: 0, right: 0 }));
  probabilities.forEach((row, i) => {
    const confidence = row.reduce((most, probability) => Math.max(most, probability), 0);
    if (!row.every((probability) => probability >= 0 && probability <= 1) || row.length === 0) {
      throw new RangeError(
        `Item ${i + 1} has probabilities ${row.join(', ')}: expected numbers from 0 to 1.`,
      );
    }
    // The product may be rounded up past a whole number.
    const above = Math.max(1, Math.ceil(confidence * number));
    const bin = sums[above > 1 && confidence <= (above - 1) / number ? above - 2 : above - 1]!;
    bin.count += 1;
    bin.confidence += confidence;
    bin.right += row.indexOf(confidence) === gold[i] ? 1 : 0;
  });
  const gaps = sums.map(({ confidence, right }) => Math.abs(right - confidence));
  return {
    name: 'ECE',
    score: (100 * gaps.reduce((sum, gap) => sum + gap, 0)) / gold.length,
    bins: sums.map(({ count, confidence, right }, i) => ({
      low: i / number,
      high: (i + 1) / number,
      count,
      confidence: count === 0 ? 0 : confidence / count,
      accuracy: count === 0 ? 0 : right / count,
    })),
    signature: joinFields({ n: gold.length, bins: number, width: 'equal' }),
  };
}
