import { AdditiveScore } from './additive-score.js';
import { Attention } from './attention.js';
import { DotScore } from './dot-score.js';
import { LocationAwareScore, type LocationOptions } from './location-aware-score.js';

export type ScoreKind = 'additive' | 'dot' | 'location';

export interface AttentionOptions {
  readonly score: ScoreKind;
  readonly queryWidth: number;
  readonly valueWidth: number;
  /** Width of the inner layer of the additive and the location-aware score. */
  readonly units: number;
  /** Of the location-aware score, which needs it. */
  readonly location?: LocationOptions;
}

export function createAttention(
  { score, queryWidth, valueWidth, units, location }: AttentionOptions,
  random: () => number,
): Attention {
  const scores = {
    additive: () => new AdditiveScore(queryWidth, valueWidth, units, random),
    dot: () => new DotScore(queryWidth, valueWidth, random),
    location: () => {
      if (!location)
        throw new Error('location-aware attention needs the number and the width of its filters');
      return new LocationAwareScore(queryWidth, valueWidth, units, location, random);
    },
  };
  return new Attention(scores[score](), random);
}
