import { bleu, bootstrapInterval } from '@heed/evaluation';
import type { SentencePair } from '@heed/translation';

/** The score of the translations whose sources are about as long. */
export interface LengthScore {
  readonly sentences: number;
  /** Words of a source: their mean, the fewest and the most. */
  readonly words: number;
  readonly fewest: number;
  readonly most: number;
  readonly bleu: number;
  /** 95 % of bootstrap samples lie between. */
  readonly low: number;
  readonly high: number;
  readonly signature: string;
}

const wordsOf = ({ source }: SentencePair): number => source.trim().split(/\s+/u).length;

/**
 * BLEU of translations by the length of their sources: in classes of neighbouring lengths, each of which begins at one of
 * `starts` and ends before the next. Classes without any sentence are left out.
 *
 * @param hypotheses one a pair
 * @param starts rising, in words; shorter sources belong to no class
 */
export function scoreByLength(
  pairs: readonly SentencePair[],
  hypotheses: readonly string[],
  starts: readonly number[],
): LengthScore[] {
  return starts.flatMap((start, i) => {
    const end = starts[i + 1] ?? Number.POSITIVE_INFINITY;
    const chosen = pairs.flatMap((pair, number) => {
      const words = wordsOf(pair);
      return words >= start && words < end
        ? [{ words, target: pair.target, hypothesis: hypotheses[number] as string }]
        : [];
    });
    if (chosen.length === 0) return [];
    const lengths = chosen.map(({ words }) => words);
    const { score, low, high, signature } = bootstrapInterval(
      chosen.map(({ hypothesis }) => hypothesis),
      [chosen.map(({ target }) => target)],
      { metric: bleu() },
    );
    return [
      {
        sentences: chosen.length,
        words: lengths.reduce((sum, length) => sum + length, 0) / chosen.length,
        fewest: Math.min(...lengths),
        most: Math.max(...lengths),
        bleu: score,
        low,
        high,
        signature,
      },
    ];
  });
}
