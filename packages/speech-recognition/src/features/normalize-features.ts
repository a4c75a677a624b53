import type { FeatureMatrix } from './feature-matrix.js';

/** So that what never changes, as in digital silence, is not divided by 0. */
const SMALLEST_DEVIATION = 1e-3;

/** Each feature with mean 0 and variance 1 over all frames of all matrices together, in place. */
export function normalizeFeatures(matrices: readonly FeatureMatrix[]): void {
  const [first] = matrices;
  if (!first) return;
  const { width } = first;
  const count = matrices.reduce((sum, { frames }) => sum + frames, 0);
  for (let column = 0; column < width; column++) {
    let sum = 0;
    for (const { values } of matrices) {
      for (let i = column; i < values.length; i += width) sum += values[i] as number;
    }
    const mean = sum / count;
    let squares = 0;
    for (const { values } of matrices) {
      for (let i = column; i < values.length; i += width) squares += ((values[i] as number) - mean) ** 2;
    }
    const deviation = Math.max(Math.sqrt(squares / count), SMALLEST_DEVIATION);
    for (const { values } of matrices) {
      for (let i = column; i < values.length; i += width) {
        values[i] = ((values[i] as number) - mean) / deviation;
      }
    }
  }
}
