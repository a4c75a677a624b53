/** Index of the greatest weight, the first of equals; -1 of none. */
export function strongest(weights: readonly number[]): number {
  return weights.reduce((best, weight, i) => (weight > (weights[best] ?? -1) ? i : best), -1);
}
