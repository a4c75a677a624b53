import { sentenceKey } from '@heed/text';
import type { SentencePair } from './sentence-pair.js';

/**
 * Cuts pairs into train, validation and test by their target sentence: all pairs whose targets have the same
 * words (see {@link sentenceKey}) land on one side. The groups are dealt in the order of a hash of these
 * words, so the cut is the same on every machine, does not depend on the order of the file, and each side
 * looks like the whole. Within a side the pairs keep the order of the file.
 *
 * @param sizes pairs to keep for validation and test; a side is at most that large, and exactly so as long
 *   as groups that fit remain
 */
export function splitByTarget(
  pairs: readonly SentencePair[],
  sizes: { validation: number; test: number },
): { train: SentencePair[]; validation: SentencePair[]; test: SentencePair[] } {
  const keys = pairs.map((pair) => sentenceKey(pair.target));
  const groupSizes = new Map<string, number>();
  for (const key of keys) groupSizes.set(key, (groupSizes.get(key) ?? 0) + 1);
  const groups = [...groupSizes.keys()]
    .map((key) => ({ key, hash: hashText(key) }))
    .sort((a, b) => a.hash - b.hash || (a.key < b.key ? -1 : 1));

  const sides = new Map<string, 'validation' | 'test'>();
  for (const side of ['validation', 'test'] as const) {
    let room = sizes[side];
    for (const { key } of groups) {
      if (room === 0) break;
      const size = groupSizes.get(key)!;
      if (size > room || sides.has(key)) continue;
      sides.set(key, side);
      room -= size;
    }
  }

  const split = { train: [] as SentencePair[], validation: [] as SentencePair[], test: [] as SentencePair[] };
  for (const [index, pair] of pairs.entries()) split[sides.get(keys[index]!) ?? 'train'].push(pair);
  return split;
}

/** 32-bit FNV-1a over UTF-16 units, then murmur3's finalizer so that near texts are far apart. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
