import { checkPairs } from './classification.js';
import { joinFields } from './signature.js';

export interface Correlation {
  name: 'Pearson';
  /** Pearson's r times 100, -100 to 100. */
  score: number;
  signature: string;
}

/**
 * Pearson's correlation of numbers that were predicted with the true ones, as SICK's relatedness is scored (Marelli et al.
 * 2014, SemEval task 1).
 *
 * @param gold one for each prediction
 * @throws RangeError if there is no prediction or not one true number for each, or if all of either are equal
 */
export function pearsonCorrelation(predictions: readonly number[], gold: readonly number[]): Correlation {
  checkPairs('Correlation', predictions, gold);
  const [ours, theirs] = [deviations(predictions), deviations(gold)];
  const product = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
  const spread = Math.sqrt(product(ours, ours) * product(theirs, theirs));
  if (!(spread > 0))
    throw new RangeError('Correlation with numbers that are all equal is undefined: give some that differ.');
  return {
    name: 'Pearson',
    score: (100 * product(ours, theirs)) / spread,
    signature: joinFields({ n: gold.length }),
  };
}

function deviations(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}
