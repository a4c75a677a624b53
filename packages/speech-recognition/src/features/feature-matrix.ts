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

/** A matrix of the same width whose rows are those of all others, one after the other; put together when it is read. */
export class JoinedFeatures implements FeatureMatrix {
  readonly frames: number;
  readonly width: number;

  constructor(private readonly parts: readonly FeatureMatrix[]) {
    this.frames = parts.reduce((sum, { frames }) => sum + frames, 0);
    this.width = (parts[0] as FeatureMatrix).width;
  }

  get values(): Float32Array {
    const values = new Float32Array(this.frames * this.width);
    let filled = 0;
    for (const part of this.parts) {
      values.set(part.values, filled);
      filled += part.values.length;
    }
    return values;
  }
}
