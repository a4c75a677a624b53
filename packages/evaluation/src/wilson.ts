/** Normal quantile of a two-sided interval of 95 %. */
const Z = 1.959963984540054;

export interface Interval {
  low: number;
  high: number;
}

/**
 * Wilson's 95 % score interval of a share (Wilson 1927), 0 to 1, equal to statsmodels's
 * `proportion_confint(…, method='wilson')`. Unlike the normal approximation it is sound for few trials and for
 * shares near 0 and 1.
 *
 * @throws RangeError if `trials` is not a whole number above 0, or `successes` not one from 0 to it
 */
export function wilsonInterval(successes: number, trials: number): Interval {
  if (!Number.isInteger(trials) || trials < 1) {
    throw new RangeError(`trials is ${trials}: expected a whole number above 0.`);
  }
  if (!Number.isInteger(successes) || successes < 0 || successes > trials) {
    throw new RangeError(
      `successes is ${successes}: expected a whole number from 0 to ${trials}, the trials.`,
    );
  }
  const share = successes / trials;
  const scale = 1 + Z ** 2 / trials;
  const center = (share + Z ** 2 / (2 * trials)) / scale;
  const half = (Z * Math.sqrt((share * (1 - share)) / trials + Z ** 2 / (4 * trials ** 2))) / scale;
  return { low: Math.max(0, center - half), high: Math.min(1, center + half) };
}
