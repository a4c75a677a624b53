import { checkPairs } from './classification.js';
import { joinFields } from './signature.js';

/** From this many discordant pairs on, the chi-square approximation serves. */
const ENOUGH_PAIRS = 25;

export interface McNemar {
  name: 'McNemar';
  /** How many items only the baseline, or only the system, has right: the discordant pairs. */
  baselineOnly: number;
  systemOnly: number;
  bothRight: number;
  bothWrong: number;
  /** Exact binomial test for fewer than 25 discordant pairs, else chi-square with continuity correction. */
  test: 'exact' | 'chi-square';
  /** The smaller discordant count, or chi-square with one degree of freedom. */
  statistic: number;
  /** Chance of a difference this large, either way, if the two were equally good. */
  pValue: number;
  signature: string;
}

/**
 * Is one classifier better than another, or was it luck? McNemar's test (McNemar 1947; continuity correction by
 * Edwards 1948) on the items that only one of them has right, equal to statsmodels's `mcnemar`.
 *
 * @param baseline the baseline's predicted labels
 * @param system the other's, for the same items
 * @param gold the true labels
 * @throws RangeError if there is no item, or the three differ in number
 */
export function mcNemar(
  baseline: readonly string[],
  system: readonly string[],
  gold: readonly string[],
): McNemar {
  checkPairs("McNemar's test", baseline, gold);
  checkPairs("McNemar's test", system, gold);
  const countWhere = (baselineRight: boolean, systemRight: boolean) =>
    gold.filter(
      (label, i) => (baseline[i] === label) === baselineRight && (system[i] === label) === systemRight,
    ).length;
  const baselineOnly = countWhere(true, false);
  const systemOnly = countWhere(false, true);
  const outcome =
    baselineOnly + systemOnly < ENOUGH_PAIRS
      ? exactTest(baselineOnly, systemOnly)
      : chiSquareTest(baselineOnly, systemOnly);
  return {
    name: 'McNemar',
    baselineOnly,
    systemOnly,
    bothRight: countWhere(true, true),
    bothWrong: countWhere(false, false),
    ...outcome,
    signature: joinFields({ n: gold.length, test: outcome.test, sides: 2 }),
  };
}

function exactTest(a: number, b: number) {
  const statistic = Math.min(a, b);
  let binomial = 1;
  let tail = 0;
  for (let k = 0; k <= statistic; k++) {
    tail += binomial;
    binomial *= (a + b - k) / (k + 1);
  }
  return { test: 'exact' as const, statistic, pValue: Math.min(1, (2 * tail) / 2 ** (a + b)) };
}

function chiSquareTest(a: number, b: number) {
  const statistic = (Math.abs(a - b) - 1) ** 2 / (a + b);
  return { test: 'chi-square' as const, statistic, pValue: complementaryError(Math.sqrt(statistic / 2)) };
}

/** erfc(x) of x >= 0 to about 14 digits: Taylor's series, or Laplace's continued fraction where that cancels. */
function complementaryError(x: number): number {
  if (x < 2) {
    let term = x;
    let series = x;
    for (let n = 1; Math.abs(term) > 1e-17 * series; n++) {
      term *= (-(x ** 2) * (2 * n - 1)) / (n * (2 * n + 1));
      series += term;
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * series;
  }
  let fraction = x;
  for (let n = 120; n > 0; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-(x ** 2)) / (fraction * Math.sqrt(Math.PI));
}
