import { buildWhole } from '../module.js';
import { unknownName } from '../unknown-name.js';
import { AdditiveScore } from './additive-score.js';
import { Attention, type AttentionMechanism } from './attention.js';
import { CoverageScore } from './coverage-score.js';
import { DotScore } from './dot-score.js';
import { GeneralScore } from './general-score.js';
import { HardNormalizer } from './hard-normalizer.js';
import { LocalMonotonicWindow, LocalPredictiveWindow } from './local-window.js';
import { LocationAwareScore, type LocationOptions } from './location-aware-score.js';
import { MonotonicNormalizer } from './monotonic-normalizer.js';
import { MultiHeadAttention } from './multi-head-attention.js';
import type { Normalizer } from './normalizer.js';
import { PreviousWindow } from './previous-window.js';
import type { Score } from './score.js';
import { SmoothingNormalizer } from './smoothing-normalizer.js';
import { SoftmaxNormalizer } from './softmax-normalizer.js';
import { SparsemaxNormalizer } from './sparsemax-normalizer.js';
import type { Window } from './window.js';

export const scoreKinds = [
  'additive',
  'normalizedAdditive',
  'concat',
  'dot',
  'scaledDot',
  'general',
  'location',
  'coverage',
  'multiHead',
] as const;
export type ScoreKind = (typeof scoreKinds)[number];

const windowKinds = ['previous', 'local-m', 'local-p'] as const satisfies WindowOptions['kind'][];

export type WindowOptions =
  | { readonly kind: 'previous'; readonly reach: number; readonly center: 'median' | 'expected' }
  | { readonly kind: 'local-m' | 'local-p'; readonly reach: number };

export const normalizerKinds = ['softmax', 'smoothing', 'sparsemax', 'hard', 'monotonic'] as const;
export type NormalizerKind = (typeof normalizerKinds)[number];

export interface AttentionOptions {
  readonly score: ScoreKind;
  readonly queryWidth: number;
  readonly valueWidth: number;
  /** Of the keys, where they are not the values. */
  readonly keyWidth?: number;
  /** Width of the inner layer of scores that have one, and of a local-p window's; of all heads together. */
  readonly units: number;
  /** Of the location-aware score, which needs it. */
  readonly location?: LocationOptions;
  /** Of multi-head attention, which needs it. */
  readonly heads?: number;
  readonly window?: WindowOptions;
  /** Default: softmax. */
  readonly normalizer?: NormalizerKind;
  /** Of the softmax. Default 1. */
  readonly temperature?: number;
}

/** A mechanism from names and numbers, as a configuration file has them. */
export function createAttention(options: AttentionOptions, random: () => number): AttentionMechanism {
  return buildWhole(() => build(options, random));
}

function build(options: AttentionOptions, random: () => number): AttentionMechanism {
  const given = { heads: 'multiHead', location: 'location' } as const;
  for (const [option, score] of Object.entries(given) as [keyof typeof given, ScoreKind][]) {
    if (options[option] !== undefined && options.score !== score)
      throw new Error(`${option} belongs to the score ${score}, not to ${options.score}`);
  }
  if (options.score === 'multiHead') {
    const { heads, window, normalizer = 'softmax', temperature } = options;
    if (heads === undefined) throw new Error('multi-head attention needs the number of its heads');
    if (window || normalizer !== 'softmax' || temperature !== undefined) {
      throw new Error('multi-head attention has a softmax without a temperature, and no window');
    }
    return new MultiHeadAttention({ ...options, heads }, random);
  }
  const window = options.window && createWindow(options.window, options, random);
  return new Attention(
    {
      score: createScore(options.score, options, random),
      ...(window && { window }),
      normalizer: createNormalizer(options, random),
    },
    random,
  );
}

function createScore(
  kind: Exclude<ScoreKind, 'multiHead'>,
  options: AttentionOptions,
  random: () => number,
): Score {
  const { queryWidth, location, keyWidth = options.valueWidth } = options;
  const compared = { ...options, valueWidth: keyWidth };
  switch (kind) {
    case 'additive':
    // Luong's concat, v · tanh(W [query; value]), is the same: W [query; value] = W₁ query + W₂ value.
    case 'concat':
      return new AdditiveScore(compared, random);
    case 'normalizedAdditive':
      return new AdditiveScore({ ...compared, normalized: true }, random);
    case 'dot':
      return new DotScore(compared, random);
    case 'scaledDot':
      return new DotScore({ ...compared, scaled: true }, random);
    case 'general':
      return new GeneralScore(queryWidth, keyWidth, random);
    case 'location':
      if (!location)
        throw new Error('location-aware attention needs the number and the width of its filters');
      return new LocationAwareScore(compared, location, random);
    case 'coverage':
      return new CoverageScore(compared, random);
    default:
      throw unknownName('score', kind, scoreKinds);
  }
}

function createWindow(
  window: WindowOptions,
  { queryWidth, units }: AttentionOptions,
  random: () => number,
): Window {
  if (!(window.reach >= 0)) throw new Error(`a window needs a reach of at least 0, got ${window.reach}`);
  switch (window.kind) {
    case 'previous':
      return new PreviousWindow(window, random);
    case 'local-m':
      return new LocalMonotonicWindow(window, random);
    case 'local-p':
      return new LocalPredictiveWindow({ reach: window.reach, queryWidth, units }, random);
    default:
      throw unknownName('window', (window as WindowOptions).kind, windowKinds);
  }
}

function createNormalizer(
  { normalizer = 'softmax', temperature }: AttentionOptions,
  random: () => number,
): Normalizer {
  if (temperature !== undefined && normalizer !== 'softmax') {
    throw new Error(`a temperature belongs to a softmax, not to the normalizer ${normalizer}`);
  }
  switch (normalizer) {
    case 'softmax':
      return new SoftmaxNormalizer(random, temperature);
    case 'smoothing':
      return new SmoothingNormalizer(random);
    case 'sparsemax':
      return new SparsemaxNormalizer(random);
    case 'hard':
      return new HardNormalizer(random);
    case 'monotonic':
      return new MonotonicNormalizer(random);
    default:
      throw unknownName('normalizer', normalizer, normalizerKinds);
  }
}
