/**
 * A text without some of its words, to see what depends on them.
 *
 * @param words of the text, in order, as `groupWords` shows them
 * @param struck the numbers of those to leave out
 * @returns the text around them as it was; where a word does not stand in the text as it is shown (a tokenizer may
 *   normalise it), the words that are left, with spaces between
 */
export function withoutWords(text: string, words: readonly string[], struck: Iterable<number>): string {
  const leftOut = new Set(struck);
  const lower = text.toLowerCase();
  const places = lower.length === text.length ? placesOf(lower, words) : undefined;
  if (!places) return words.filter((_, i) => !leftOut.has(i)).join(' ');
  let kept = '';
  let copied = 0;
  for (const [i, { start, end }] of places.entries()) {
    if (!leftOut.has(i)) continue;
    kept += text.slice(copied, start);
    copied = end;
  }
  return (kept + text.slice(copied)).replace(/\s+/gu, ' ').trim();
}

/** Where the words stand one after the other, with nothing but space between; undefined where they do not. */
function placesOf(lower: string, words: readonly string[]): { start: number; end: number }[] | undefined {
  const places: { start: number; end: number }[] = [];
  let next = 0;
  for (const word of words) {
    while (/\s/u.test(lower.charAt(next))) next++;
    const shape = word.toLowerCase();
    if (!lower.startsWith(shape, next)) return undefined;
    places.push({ start: next, end: next + shape.length });
    next += shape.length;
  }
  return places;
}
