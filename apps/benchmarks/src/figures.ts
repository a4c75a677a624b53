import type { Measurement, Sides } from './measure.js';
import { growthExponent, median, medianRatio, percentile } from './statistics.js';

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

/** A step of attention over memories of several lengths. */
export interface Growth {
  readonly memories: readonly (Comparison & { readonly places: number })[];
  /** The power of the places by which the median grows over the longer memories; 1: linearly. Absent if those are too few. */
  readonly exponent?: { readonly heed: number; readonly PyTorch?: number };
}

/** Shorter memories take as long as calling takes. */
export const LONG_MEMORY = 256;

export function compareByPlaces(
  measured: readonly (Sides<Measurement> & { readonly places: number })[],
): Growth {
  const memories = measured.map(({ places, ...sides }) => ({ places, ...compare(sides) }));
  const long = memories.filter(({ places }) => places >= LONG_MEMORY);
  if (long.length < 2) return { memories };
  const exponent = (side: keyof Sides<unknown>) =>
    growthExponent(long.map((memory) => [memory.places, memory[side]?.median as number]));
  return {
    memories,
    exponent: { heed: exponent('heed'), ...(long[0]?.PyTorch && { PyTorch: exponent('PyTorch') }) },
  };
}
