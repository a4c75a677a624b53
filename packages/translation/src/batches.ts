import { randomSource } from '@heed/backend';
import type { BpeTokenizer, Tokenizer } from '@heed/text';
import { bucketedBatches, paddedTokens } from '@heed/training';
import type { SentencePair } from './data/sentence-pair.js';
import type { TranslationBatch } from './model.js';

/** A pair as token ids, neither side with begin or end. */
export interface EncodedPair {
  /** The source as text, to segment it anew. */
  readonly text: string;
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
    encoded.push({ text: pair.source, source: reverseSource ? source.reverse() : source, target });
  }
  return { pairs: encoded, leftOut: pairs.length - encoded.length };
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
  return bucketedBatches(pairs, {
    lengthOf,
    compare: (a, b) => a.target.length - b.target.length || a.source.length - b.source.length,
    fits: (count, longest) => count * longest <= batchTokens,
    poolLength: POOL_BATCHES * batchTokens,
    seed,
    epoch,
  });
}

/** The same pairs with their sources cut into other byte pairs, at random (Provilkov et al. 2020, section 3). */
export function segmentAnew(
  pairs: readonly EncodedPair[],
  tokenizer: BpeTokenizer,
  { dropout, seed, reverseSource }: { dropout: number; seed: number; reverseSource: boolean },
): EncodedPair[] {
  const random = randomSource(seed);
  return pairs.map((pair) => {
    const source = Int32Array.from(tokenizer.encode(pair.text, { dropout, random }).ids);
    return { ...pair, source: reverseSource ? source.reverse() : source };
  });
}

export function toTranslationBatch(
  pairs: readonly Pick<EncodedPair, 'source' | 'target'>[],
  { begin, end }: { begin: number; end: number },
): TranslationBatch {
  return {
    source: paddedTokens(
      pairs.map(({ source }) => source),
      { end },
    ),
    inputs: paddedTokens(
      pairs.map(({ target }) => target),
      { begin },
    ),
    targets: paddedTokens(
      pairs.map(({ target }) => target),
      { end },
    ),
  };
}
