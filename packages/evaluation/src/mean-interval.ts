import type { Interval } from './wilson.js';

/** Student's t, 97.5 %, of 1 to 10 degrees of freedom. */
const FEW = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281];
/** Normal quantile of a two-sided interval of 95 %. */
const Z = 1.959963984540054;

/**
 * The mean of a few measurements, such as those of one model over seeds, and its 95 % interval by Student's t
 * (Student 1908); a single one has none.
 *
 * @throws RangeError if there is no value
 */
export function meanInterval(values: readonly number[]): { mean: number } & Partial<Interval> {
  if (values.length === 0) throw new RangeError('The mean of nothing is undefined: give at least one value.');
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const freedom = values.length - 1;
  if (freedom === 0) return { mean };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / freedom;
  const half = quantile(freedom) * Math.sqrt(variance / values.length);
  return { mean, low: mean - half, high: mean + half };
}

/** Beyond the table by Fisher's expansion in the reciprocal of the degrees of freedom, to about four digits. */
function quantile(freedom: number): number {
  return (
    FEW[freedom - 1] ??
    Z +
      (Z ** 3 + Z) / (4 * freedom) +
      (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / (96 * freedom ** 2) +
      (3 * Z ** 7 + 19 * Z ** 5 + 17 * Z ** 3 - 15 * Z) / (384 * freedom ** 3)
  );
}
