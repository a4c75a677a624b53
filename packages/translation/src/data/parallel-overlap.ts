import { sentenceKey } from '@heed/text';
import type { SentencePair } from './sentence-pair.js';

/**
 * The leak guard: training pairs without those of which a side, source or target, also occurs on that side
 * of a held-out pair. Compared are the words alone (see {@link sentenceKey}).
 */
export function withoutOverlap(
  train: readonly SentencePair[],
  heldOut: readonly SentencePair[],
): { pairs: SentencePair[]; dropped: number } {
  const sources = new Set(heldOut.map((pair) => sentenceKey(pair.source)));
  const targets = new Set(heldOut.map((pair) => sentenceKey(pair.target)));
  const pairs = train.filter(
    (pair) => !sources.has(sentenceKey(pair.source)) && !targets.has(sentenceKey(pair.target)),
  );
  return { pairs, dropped: train.length - pairs.length };
}
