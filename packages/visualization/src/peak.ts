/** The greatest of the values, [rows][columns]; 0 of none. */
export function peakOf(values: readonly (readonly number[])[]): number {
  return values.reduce((peak, row) => row.reduce((most, value) => Math.max(most, value), peak), 0);
}

/** Values, [rows][columns], so scaled that the greatest is 1, or less if it is not even `least`. */
export function toPeak(values: readonly (readonly number[])[], least = 0): number[][] {
  const peak = Math.max(least, peakOf(values));
  return values.map((row) => row.map((value) => value / peak));
}
