import type { Tokenizer } from '@heed/text';
import { bucketedBatches, paddedTokens } from '@heed/training';
import * as tf from '@tensorflow/tfjs-core';
import { entailmentLabels, type LabelledPair } from './data/sentence-pair.js';
import type { EntailmentBatch, PairTokens } from './model.js';
import { gradesOf } from './relatedness.js';

/** A pair as token ids. */
export interface EncodedPair {
  readonly premise: Int32Array;
  readonly hypothesis: Int32Array;
  /** The place of its label in `entailmentLabels`. */
  readonly label: number;
  /** 1 to 5, where the data say so. */
  readonly relatedness: number | undefined;
}

/** How many batches of pairs of mean length are sorted by length together. */
const POOL_BATCHES = 50;
const MEAN_LENGTH = 14;

/** Encodes pairs; those with a side that has no tokens, or more than `maximumLength`, are left out. */
export function encodePairs(
  pairs: readonly LabelledPair[],
  tokenizer: Tokenizer,
  { maximumLength }: { maximumLength: number },
): { pairs: EncodedPair[]; leftOut: number } {
  const all = pairs.map(({ premise, hypothesis, label, relatedness }) => ({
    premise: Int32Array.from(tokenizer.encode(premise).ids),
    hypothesis: Int32Array.from(tokenizer.encode(hypothesis).ids),
    label: entailmentLabels.indexOf(label),
    relatedness,
  }));
  const fits = ({ length }: Int32Array) => length > 0 && length <= maximumLength;
  const fitting = all.filter(({ premise, hypothesis }) => fits(premise) && fits(hypothesis));
  return { pairs: fitting, leftOut: all.length - fitting.length };
}

const lengthOf = ({ premise, hypothesis }: EncodedPair) => Math.max(premise.length, hypothesis.length);

/** The batches of one epoch: all pairs once, those of like length together, in an order that depends on seed and epoch alone. */
export function entailmentBatches(
  pairs: readonly EncodedPair[],
  { batchSize, seed, epoch }: { batchSize: number; seed: number; epoch: number },
): EncodedPair[][] {
  return bucketedBatches(pairs, {
    lengthOf,
    compare: (a, b) => a.premise.length - b.premise.length || a.hypothesis.length - b.hypothesis.length,
    fits: (number) => number <= batchSize,
    poolLength: POOL_BATCHES * batchSize * MEAN_LENGTH,
    seed,
    epoch,
  });
}

/** @param end the token that every sentence ends with, see `endToken` */
export function toPairTokens(
  pairs: readonly Pick<EncodedPair, 'premise' | 'hypothesis'>[],
  end: number | undefined,
): PairTokens {
  const around = end === undefined ? {} : { end };
  return {
    premise: paddedTokens(
      pairs.map(({ premise }) => premise),
      around,
    ),
    hypothesis: paddedTokens(
      pairs.map(({ hypothesis }) => hypothesis),
      around,
    ),
  };
}

/** @param end as of `toPairTokens` @param graded whether the model learns how related sentences are */
export function toEntailmentBatch(
  pairs: readonly EncodedPair[],
  { end, graded }: { end: number | undefined; graded: boolean },
): EntailmentBatch {
  const labels = pairs.map(({ label }) => label);
  return {
    ...toPairTokens(pairs, end),
    labels: tf.tensor1d(labels, 'int32'),
    ...(graded && { grades: tf.tensor2d(pairs.map(({ relatedness }) => gradesOf(relatedness))) }),
  };
}
