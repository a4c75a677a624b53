/** One output sequence that a search found. */
export interface Hypothesis {
  /** Without begin and end. */
  readonly tokens: number[];
  /** `logProbability` divided by the length penalty: what hypotheses are ranked by. */
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
}

/**
 * ((5 + |Y|) / 6)^alpha (Wu et al. 2016, section 7, equation 14), where |Y| counts every token whose
 * log-probability is in the sum: the end token is one of them. alpha = 0 gives 1.
 */
export function gnmtLengthPenalty(length: number, alpha: number): number {
  return ((5 + length) / 6) ** alpha;
}

/** Reads a prefix back from its last token; where it ended by itself, that is the end token. */
export function toHypothesis(prefix: Prefix | undefined, score: number, finished: boolean): Hypothesis {
  const tokens: number[] = [];
  const weights: Float32Array[] = [];
  for (let at = finished ? prefix?.previous : prefix; at; at = at.previous) {
    tokens.push(at.token);
    weights.push(at.weights.slice());
  }
  return {
    tokens: tokens.reverse(),
    score,
    logProbability: prefix?.logProbability ?? 0,
    weights: weights.reverse(),
    finished,
  };
}
