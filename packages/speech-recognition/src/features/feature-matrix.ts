/** Features of a recording: as many values for each of its frames. */
export interface FeatureMatrix {
  readonly frames: number;
  readonly width: number;
  /** [frames, width], row by row. */
  readonly values: Float32Array;
}

/** A matrix of the same height whose columns are those of all others, side by side. */
export function besides(parts: readonly FeatureMatrix[]): FeatureMatrix {
  const frames = (parts[0] as FeatureMatrix).frames;
  const width = parts.reduce((sum, part) => sum + part.width, 0);
  const values = new Float32Array(frames * width);
  let column = 0;
  for (const part of parts) {
    for (let frame = 0; frame < frames; frame++) {
      const row = part.values.subarray(frame * part.width, (frame + 1) * part.width);
      values.set(row, frame * width + column);
    }
    column += part.width;
  }
  return { frames, width, values };
}
