import type { SizeTree } from '@heed/backend';

/** What greedy and beam search have in common. Tokens are numbers in the step's vocabulary. */
export interface SearchOptions {
  /** The token that every sequence starts from; never generated. */
  readonly begin: number;
  /** The token that ends a sequence. */
  readonly end: number;
  /** Tokens that are never generated besides begin: padding, unknown. */
  readonly forbidden?: readonly number[];
  /** The fewest tokens before the end token. Default 0. */
  readonly minimumLength?: number;
  /** The sizes of state and constants, the first of each being B (see `compile`): one graph serves all batches then. */
  readonly sizes?: { readonly state: SizeTree; readonly constants: SizeTree };
}

/** A batch of sentences to decode. The search leaves these tensors to their owner. */
export interface SearchInputs<State, Constants> {
  /** The step's first state, one row a sentence. */
  readonly state: State;
  /** What the step reads and does not change, one row a sentence. */
  readonly constants: Constants;
  /**
   * The most steps, for all sentences or for each: so the most tokens, and one less if the end token is to follow.
   * Hypotheses with as many tokens are cut off: `finished` is false.
   */
  readonly maximumLength: number | readonly number[];
}

/** @throws if a value is not a whole number, or is below `least` */
export function requireWhole(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new Error(`search: ${name} must be a whole number of at least ${least}, got ${value}`);
  }
}
