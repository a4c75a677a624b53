/**
 * Puts for each unknown word the source word that it attended to most, or that word's translation, if the dictionary
 * has one (Luong et al. 2015, "Addressing the rare word problem"; with attention in place of alignments
 * Jean et al. 2015, section 3.3).
 *
 * @param words a hypothesis as words
 * @param weights its attention weights, a row [S] a word; those after the source words are padding
 * @param unknown the word that stands for unknown ones
 * @throws if there is not one row a word, or no source word
 */
export function replaceUnknown(
  words: readonly string[],
  weights: readonly ArrayLike<number>[],
  sourceWords: readonly string[],
  { unknown, dictionary }: { readonly unknown: string; readonly dictionary?: ReadonlyMap<string, string> },
): string[] {
  if (weights.length !== words.length) {
    throw new Error(
      `replaceUnknown: there must be one row of weights a word, got ${weights.length} for ${words.length}`,
    );
  }
  if (sourceWords.length === 0) throw new Error('replaceUnknown: there is no source word');
  return words.map((word, n) => {
    if (word !== unknown) return word;
    const row = weights[n]!;
    const source = sourceWords.reduce((best, _, at) => (row[at]! > row[best]! ? at : best), 0);
    const sourceWord = sourceWords[source]!;
    return dictionary?.get(sourceWord) ?? sourceWord;
  });
}
