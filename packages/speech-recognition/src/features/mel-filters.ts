/** The mel scale of HTK (Young et al. 2006, section 5.4). */
const toMel = (hertz: number) => 2595 * Math.log10(1 + hertz / 700);
const toHertz = (mel: number) => 700 * (10 ** (mel / 2595) - 1);

/** A triangle over the bins of a spectrum: the first of them, and the weights from there on. */
export interface MelFilter {
  readonly first: number;
  readonly weights: Float64Array;
}

/**
 * Triangular filters at equal distances on the mel scale, from 0 to half of the sample rate, each 1 at its peak (HTK's,
 * Young et al. 2006, section 5.4; librosa's with `htk=True, norm=None`).
 *
 * @param bins of the spectrum, from 0 to half of the sample rate, both among them
 */
export function melFilters(filters: number, bins: number, sampleRate: number): MelFilter[] {
  const top = toMel(sampleRate / 2);
  const edges = Array.from({ length: filters + 2 }, (_, i) => toHertz((top * i) / (filters + 1)));
  const hertzOf = (bin: number) => (bin * sampleRate) / (2 * (bins - 1));
  return Array.from({ length: filters }, (_, i) => {
    const [low, peak, high] = edges.slice(i, i + 3) as [number, number, number];
    const weights = Array.from({ length: bins }, (_, bin) => {
      const hertz = hertzOf(bin);
      return Math.max(0, Math.min((hertz - low) / (peak - low), (high - hertz) / (high - peak)));
    });
    const first = Math.max(
      0,
      weights.findIndex((weight) => weight > 0),
    );
    const last = weights.findLastIndex((weight) => weight > 0);
    return { first, weights: Float64Array.from(weights.slice(first, last + 1)) };
  });
}
