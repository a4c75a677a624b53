import { AdditiveScore } from './additive-score.js';
import { Attention } from './attention.js';
import { DotScore } from './dot-score.js';

export type ScoreKind = 'additive' | 'dot';

export interface AttentionOptions {
  readonly score: ScoreKind;
  readonly queryWidth: number;
  readonly valueWidth: number;
  /** Width of the inner layer of the additive score. */
  readonly units: number;
}

export function createAttention(
  { score, queryWidth, valueWidth, units }: AttentionOptions,
  random: () => number,
): Attention {
  const scores = {
    additive: () => new AdditiveScore(queryWidth, valueWidth, units, random),
    dot: () => new DotScore(queryWidth, valueWidth, random),
  };
  return new Attention(scores[score](), random);
}
