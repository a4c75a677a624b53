import type { FeatureMatrix } from './feature-matrix.js';

/** Frames on either side that a slope is fitted to. */
const REACH = 2;
const SCALE = 2 * (1 ** 2 + 2 ** 2);

/**
 * How features change with time: the slope of a line through two frames on either side (Young et al. 2006, section 5.9),
 * where the first and the last frame stand for those that are missing.
 */
export function deltas({ frames, width, values }: FeatureMatrix): FeatureMatrix {
  const at = (frame: number, column: number) =>
    values[Math.min(frames - 1, Math.max(0, frame)) * width + column] as number;
  const slopes = new Float32Array(values.length);
  for (let frame = 0; frame < frames; frame++) {
    for (let column = 0; column < width; column++) {
      let sum = 0;
      for (let n = 1; n <= REACH; n++) sum += n * (at(frame + n, column) - at(frame - n, column));
      slopes[frame * width + column] = sum / SCALE;
    }
  }
  return { frames, width, values: slopes };
}
