import { withoutWords } from '@heed/text';
import type { AttentionTrace } from '@heed/visualization';

/** What traces have behind the words of a sentence: its end. */
const END_SIGNS = ['</s>', '∅'];

/** A text without words of its trace; undefined if those are none of its words. */
export function strikeWords(
  text: string,
  { input }: AttentionTrace,
  places: readonly number[],
): string | undefined {
  if (input.kind !== 'tokens') return undefined;
  const words = END_SIGNS.includes(input.tokens.at(-1) ?? '') ? input.tokens.slice(0, -1) : input.tokens;
  const struck = places.filter((place) => place < words.length);
  return struck.length === 0 ? undefined : withoutWords(text, words, struck);
}
