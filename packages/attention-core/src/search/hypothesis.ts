import type { ConstraintProgress } from './lexical-constraints.js';

/** One output sequence that a search found. */
export interface Hypothesis {
  /** Without begin and end. */
  readonly tokens: number[];
  /** What hypotheses are ranked by: `logProbability` divided by the length penalty, plus the coverage penalty. */
  readonly score: number;
  /** Sum of the log-probabilities (natural logarithm) of all tokens, the end token's included. */
  readonly logProbability: number;
  /**
   * One row [S] a token: the attention with which it was predicted. The end token has none, so there are as many
   * rows as `tokens`. S is that of the batch, its padding included.
   */
  readonly weights: Float32Array[];
  /** Whether it ended by itself; false if it was cut off at the maximum length. */
  readonly finished: boolean;
}

/** A hypothesis while it grows: its last token and what it extends, so that beams share their beginnings. */
export interface Prefix {
  readonly previous: Prefix | undefined;
  readonly token: number;
  readonly weights: Float32Array;
  /** Tokens up to this one, begin not counted. */
  readonly length: number;
  readonly logProbability: number;
  /** [S] the sum of the weights so far, where there is a coverage penalty. */
  readonly coverage?: Float32Array | undefined;
  /** How much of the lexical constraints it contains, where there are any. */
  readonly progress?: ConstraintProgress | undefined;
}

/**
 * ((5 + |Y|) / 6)^alpha (Wu et al. 2016, section 7, equation 14), where |Y| counts every token whose
 * log-probability is in the sum: the end token is one of them. alpha = 0 gives 1.
 */
export function gnmtLengthPenalty(length: number, alpha: number): number {
  return ((5 + length) / 6) ** alpha;
}

/** The tokens of a prefix, first to last. */
export function tokensOf(prefix: Prefix | undefined): number[] {
  const tokens: number[] = [];
  for (let at = prefix; at; at = at.previous) tokens.push(at.token);
  return tokens.reverse();
}

/** Reads a prefix back from its last token; where it ended by itself, that is the end token. */
export function toHypothesis(prefix: Prefix | undefined, score: number, finished: boolean): Hypothesis {
  const last = finished ? prefix?.previous : prefix;
  const weights: Float32Array[] = [];
  for (let at = last; at; at = at.previous) weights.push(at.weights.slice());
  return {
    tokens: tokensOf(last),
    score,
    logProbability: prefix?.logProbability ?? 0,
    weights: weights.reverse(),
    finished,
  };
}
