import type { FeatureMatrix } from './feature-matrix.js';

/**
 * Mel-frequency cepstral coefficients (Davis and Mermelstein 1980): the first of the orthonormal cosine transform (type
 * 2) of each frame's log-mel energies.
 */
export function melCepstrum({ frames, width, values }: FeatureMatrix, coefficients: number): FeatureMatrix {
  const basis = Array.from({ length: coefficients }, (_, k) =>
    Float64Array.from(
      { length: width },
      (_, i) => Math.sqrt((k === 0 ? 1 : 2) / width) * Math.cos((Math.PI * k * (2 * i + 1)) / (2 * width)),
    ),
  );
  const cepstrum = new Float32Array(frames * coefficients);
  for (let frame = 0; frame < frames; frame++) {
    for (const [k, cosines] of basis.entries()) {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += (cosines[i] as number) * (values[frame * width + i] as number);
      cepstrum[frame * coefficients + k] = sum;
    }
  }
  return { frames, width: coefficients, values: cepstrum };
}
