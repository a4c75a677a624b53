/**
 * What makes two sentences the same one for splits and leaks: the words alone, without case,
 * punctuation, symbols, spacing or compatibility forms. A sentence of punctuation alone is its own key.
 */
export function sentenceKey(sentence: string): string {
  const folded = sentence.normalize('NFKC').toLowerCase();
  const words = folded
    .replace(/[\p{P}\p{S}]+/gu, ' ')
    .trim()
    .replace(/\s+/gu, ' ');
  return words === '' ? folded.trim() : words;
}
