import type { SentencePair } from '@heed/translation';

/**
 * Pairs of which each is `size` others in a row. The others are taken from all over `pairs`, as far from each other as can
 * be, so that in pairs that are sorted by length all joined ones are about as long; none is taken twice.
 *
 * @param count how many pairs
 * @throws RangeError if there are fewer than `count * size` pairs to take
 */
export function joinPairs(pairs: readonly SentencePair[], count: number, size: number): SentencePair[] {
  if (count * size > pairs.length) {
    throw new RangeError(`there are ${pairs.length} pairs: not enough for ${count} of ${size} joined`);
  }
  const stride = pairs.length / (count * size);
  return Array.from({ length: count }, (_, i) => {
    const parts = Array.from(
      { length: size },
      (_, j) => pairs[Math.floor((i + j * count) * stride)] as SentencePair,
    );
    return {
      source: parts.map(({ source }) => source).join(' '),
      target: parts.map(({ target }) => target).join(' '),
    };
  });
}
