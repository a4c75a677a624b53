import type { Hypothesis } from './hypothesis.js';

/** What a sentence asks of the device for one of its rows. */
export interface RowRequest {
  /** The row's last token. */
  readonly token: number;
  /** The row of this sentence, counted from its first, whose state it continues. */
  readonly parent: number;
  /** Tokens that must not come next. */
  readonly blocked: readonly number[];
  /** Tokens whose log-probabilities are needed, whether they are among the best or not. */
  readonly wanted: readonly number[];
  /** At least 0 and less than 1: what a token is drawn with, where one is. */
  readonly uniform?: number;
}

/** The rows of one device call, downloaded. */
export interface StepValues {
  /** [N, k] log-probabilities, best first */
  readonly values: ArrayLike<number>;
  /** [N, k] tokens; one a row where it was drawn */
  readonly candidates: ArrayLike<number>;
  /** [N, W] log-probabilities of the wanted tokens, in the order in which each row asked for them */
  readonly wanted: ArrayLike<number>;
  /** [N, S] */
  readonly weights: Float32Array;
  /** k */
  readonly width: number;
  /** W */
  readonly wantedWidth: number;
  /** S */
  readonly sourceLength: number;
}

/** The bookkeeping of one sentence between two device calls. */
export interface SentenceSearch {
  readonly done: boolean;
  /** What the next step needs for row `row` of this sentence; asked for once a step, row after row. */
  request(row: number): RowRequest;
  /** Takes in one step, whose rows for this sentence start at `firstRow`. */
  advance(values: StepValues, firstRow: number): void;
  results(): Hypothesis[];
}

/** Refuses what no search can go on with among a row's best log-probabilities. */
export function requireScore(value: number, step: number, sentence: number): void {
  // One NaN among a row's logits makes NaN of all that is normalised.
  if (Number.isNaN(value)) {
    throw new Error(
      `search: the step gave NaN among its logits or scores at step ${step} for sentence ${sentence} (both counted: steps from 1, sentences from 0); check its weights and inputs for values that are not finite`,
    );
  }
  // Where logits are very large, rounding alone gives log-probabilities a little above 0.
  if (value > 0.1) {
    throw new Error(
      `search: the step gave the score ${value} at step ${step} for sentence ${sentence}; scores must be at most 0, as log-probabilities are`,
    );
  }
}
