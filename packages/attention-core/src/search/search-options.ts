import type { SizeTree } from '@heed/backend';
import type { BeamStep } from './beam-step.js';

/** What all searches have in common. Tokens are numbers in the step's vocabulary. */
export interface SearchOptions {
  /** The token that every sequence starts from; never generated. */
  readonly begin: number;
  /** The token that ends a sequence. */
  readonly end: number;
  /** Tokens that are never generated besides begin: padding, unknown. */
  readonly forbidden?: readonly number[];
  /** The fewest tokens before the end token. Default 0. */
  readonly minimumLength?: number;
  /** No n tokens in a row occur twice in a hypothesis (Paulus et al. 2017, section 2.5). Default: they may. */
  readonly noRepeatNgram?: number;
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
  /**
   * The only tokens that each sentence may generate, the end token among them if it is to end (as with the candidate
   * target words of Jean et al. 2015, section 3.2). Their probabilities are still shares of the whole vocabulary.
   */
  readonly allowed?: readonly (readonly number[])[];
  /** The first tokens of each sentence, whatever else holds; their log-probabilities count as all others. */
  readonly prefixes?: readonly (readonly number[])[];
}

export interface BeamSearchInputs<State, Constants> extends SearchInputs<State, Constants> {
  /**
   * Sequences of tokens of which each sentence must contain every one (see `LexicalConstraints`), whether `allowed`
   * or not. Only where none of a sentence's hypotheses does are there others in the result.
   */
  readonly constraints?: readonly (readonly (readonly number[])[])[];
  /** The number of source positions of each sentence: what the coverage penalty sums over. */
  readonly sourceLengths?: readonly number[];
  /** Is told of every step of every sentence; with diverse groups, of every group's. */
  readonly watch?: (step: BeamStep) => void;
}

/** @throws if a value is not a whole number, or is below `least` */
export function requireWhole(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new Error(`search: ${name} must be a whole number of at least ${least}, got ${value}`);
  }
}

/** @throws if a value is not a finite number of at least 0 */
export function requirePenalty(name: string, value: number): void {
  if (value >= 0 && Number.isFinite(value)) return;
  throw new Error(`search: ${name} must be a number of at least 0, got ${value}`);
}

/** @throws if there is not one entry a sentence */
export function requireOnePerSentence(name: string, entries: readonly unknown[], sentences: number): void {
  if (entries.length === sentences) return;
  throw new Error(`search: ${name} has ${entries.length} entries for ${sentences} sentences`);
}

/** The tokens that are never generated: those that are forbidden, and begin. @throws if an option is out of its range */
export function neverGenerated({
  begin,
  end,
  forbidden = [],
  minimumLength = 0,
  noRepeatNgram,
}: SearchOptions): number[] {
  for (const token of [begin, end, ...forbidden]) requireWhole('a token', token, 0);
  requireWhole('minimumLength', minimumLength, 0);
  if (noRepeatNgram !== undefined) requireWhole('noRepeatNgram', noRepeatNgram, 1);
  if (forbidden.includes(end)) throw new Error(`search: the end token ${end} is forbidden`);
  return [...new Set(begin === end ? forbidden : [begin, ...forbidden])];
}
