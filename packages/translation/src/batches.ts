import { randomSource } from '@heed/backend';
import type { Tokenizer } from '@heed/text';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { SentencePair } from './data/sentence-pair.js';
import { PADDING, type TranslationBatch } from './model.js';

/** A pair as token ids, neither side with begin or end. */
export interface EncodedPair {
  readonly source: Int32Array;
  readonly target: Int32Array;
}

/** How many batches' worth of pairs are sorted by length together: alike in length, and still well mixed. */
const POOL_BATCHES = 100;

/** Encodes pairs; those with a side that is empty or longer than `maximumLength` tokens are left out. */
export function encodePairs(
  pairs: readonly SentencePair[],
  tokenizer: Tokenizer,
  { maximumLength, reverseSource }: { maximumLength: number; reverseSource: boolean },
): { pairs: EncodedPair[]; leftOut: number } {
  const encoded: EncodedPair[] = [];
  for (const pair of pairs) {
    const [source, target] = [
      Int32Array.from(tokenizer.encode(pair.source).ids),
      Int32Array.from(tokenizer.encode(pair.target).ids),
    ];
    if (source.length === 0 || target.length === 0) continue;
    if (source.length > maximumLength || target.length > maximumLength) continue;
    encoded.push({ source: reverseSource ? source.reverse() : source, target });
  }
  return { pairs: encoded, leftOut: pairs.length - encoded.length };
}

function shuffle<T>(items: T[], random: () => number): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [items[i], items[j]] = [items[j] as T, items[i] as T];
  }
  return items;
}

const lengthOf = ({ source, target }: EncodedPair) => Math.max(source.length, target.length) + 1;

/**
 * The batches of one epoch: all pairs once, those of like length together, in an order that depends on seed and epoch
 * alone. A batch has at most `batchTokens` tokens on its longer side, padding included, and at least one pair.
 */
export function epochBatches(
  pairs: readonly EncodedPair[],
  { batchTokens, seed, epoch }: { batchTokens: number; seed: number; epoch: number },
): EncodedPair[][] {
  const random = randomSource(Math.imul(seed, 0x9e3779b1) ^ (epoch + 1));
  const order = shuffle([...pairs], random);
  const batches: EncodedPair[][] = [];
  let pool: EncodedPair[] = [];
  let tokens = 0;
  const cut = () => {
    pool.sort((a, b) => a.target.length - b.target.length || a.source.length - b.source.length);
    let batch: EncodedPair[] = [];
    let longest = 0;
    for (const pair of pool) {
      const length = Math.max(longest, lengthOf(pair));
      if (batch.length > 0 && length * (batch.length + 1) > batchTokens) {
        batches.push(batch);
        batch = [];
        longest = 0;
      }
      batch.push(pair);
      longest = Math.max(longest, lengthOf(pair));
    }
    if (batch.length > 0) batches.push(batch);
    pool = [];
    tokens = 0;
  };
  for (const pair of order) {
    pool.push(pair);
    tokens += lengthOf(pair);
    if (tokens >= POOL_BATCHES * batchTokens) cut();
  }
  cut();
  return shuffle(batches, random);
}

/** Rows of ids, each with `begin` and `end` around it if given, as columns of a padded matrix. @returns [T, B] int32 */
export function padded(
  rows: readonly Int32Array[],
  { begin, end }: { begin?: number; end?: number },
): Tensor2D {
  const extra = (begin === undefined ? 0 : 1) + (end === undefined ? 0 : 1);
  const steps = Math.max(...rows.map((row) => row.length)) + extra;
  const values = new Int32Array(steps * rows.length).fill(PADDING);
  rows.forEach((row, column) => {
    const full = [...(begin === undefined ? [] : [begin]), ...row, ...(end === undefined ? [] : [end])];
    full.forEach((id, step) => {
      values[step * rows.length + column] = id;
    });
  });
  return tf.tensor2d(values, [steps, rows.length], 'int32');
}

export function toTranslationBatch(
  pairs: readonly EncodedPair[],
  { begin, end }: { begin: number; end: number },
): TranslationBatch {
  return {
    source: padded(
      pairs.map(({ source }) => source),
      { end },
    ),
    inputs: padded(
      pairs.map(({ target }) => target),
      { begin },
    ),
    targets: padded(
      pairs.map(({ target }) => target),
      { end },
    ),
  };
}
