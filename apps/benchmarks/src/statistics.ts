/** The value below which the share `p` of the sorted values lies, interpolated linearly. `p` from 0 to 1. */
export function percentile(values: readonly number[], p: number): number {
  if (values.length === 0) throw new Error('percentile: there are no values');
  const sorted = [...values].sort((a, b) => a - b);
  const place = p * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]] as [number, number];
  return below + (above - below) * (place - Math.floor(place));
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** The median of the quotients of what was measured in the same round. */
export function medianRatio(numerators: readonly number[], denominators: readonly number[]): number {
  if (numerators.length !== denominators.length) {
    throw new Error(`ratio: ${numerators.length} values against ${denominators.length}`);
  }
  return median(numerators.map((value, i) => value / (denominators[i] as number)));
}

/** The power of x by which y grows: the slope of the straight line through their logarithms (least squares). */
export function growthExponent(points: readonly (readonly [x: number, y: number])[]): number {
  const logarithms = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(logarithms.map(([x]) => x)), mean(logarithms.map(([, y]) => y))];
  const spread = mean(logarithms.map(([x]) => (x - meanX) ** 2));
  if (!(spread > 0)) throw new Error('growth: it takes at least two different sizes');
  return mean(logarithms.map(([x, y]) => (x - meanX) * (y - meanY))) / spread;
}
