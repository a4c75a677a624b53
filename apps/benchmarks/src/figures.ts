import type { Measurement, Sides } from './measure.js';
import { median, medianRatio, percentile } from './statistics.js';

export const figureNames = ['median', 'tenthPercentile', 'first', 'unseen', 'peakMemory'] as const;
export type FigureName = (typeof figureNames)[number];

/** Seconds, and bytes for `peakMemory`; or, of ratios, PyTorch's divided by heed's: above 1, heed is better. */
export type Figures = { readonly [name in FigureName]?: number };

export interface Comparison {
  readonly heed: Figures & { readonly runs: readonly number[] };
  readonly PyTorch?: Figures & { readonly runs: readonly number[] };
  /** That of `median` is the median of the ratios within a round. */
  readonly ratios?: Figures;
}

function summarize({ runs, ...others }: Measurement): Comparison['heed'] {
  return { median: median(runs), tenthPercentile: percentile(runs, 0.1), ...others, runs };
}

export function compare({ heed, PyTorch }: Sides<Measurement>): Comparison {
  const ours = summarize(heed);
  if (!PyTorch) return { heed: ours };
  const theirs = summarize(PyTorch);
  const ratios: { [name in FigureName]?: number } = {};
  for (const name of figureNames) {
    const [a, b] = [ours[name], theirs[name]];
    if (a !== undefined && b !== undefined) ratios[name] = b / a;
  }
  ratios.median = medianRatio(PyTorch.runs, heed.runs);
  return { heed: ours, PyTorch: theirs, ratios };
}
