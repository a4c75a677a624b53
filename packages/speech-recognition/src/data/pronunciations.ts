/** A word that a pronouncing dictionary lacks. */
export class UnknownWordError extends Error {
  override readonly name = 'UnknownWordError';

  constructor(
    readonly word: string,
    dictionary: string,
  ) {
    super(`${dictionary}: "${word}" is not in it. Add a line with the word and its phonemes.`);
  }
}

/** How words are pronounced. */
export class Pronunciations {
  /**
   * @param words the phonemes of each word, in upper case
   * @param name what errors call the dictionary
   */
  constructor(
    private readonly words: ReadonlyMap<string, string>,
    private readonly name: string,
  ) {}

  /**
   * The phonemes of a text, with a space between; of words that have several pronunciations, the first.
   *
   * @param text as `spokenText` gives it
   * @throws UnknownWordError naming the word
   */
  phonemesOf(text: string): string {
    const phonemes = text.split(' ').flatMap((word) => {
      if (word === '') return [];
      const found = this.words.get(word);
      if (found === undefined) throw new UnknownWordError(word, this.name);
      return [found];
    });
    return phonemes.join(' ');
  }
}

/**
 * Reads a pronouncing dictionary in the form of CMU's and of Sphinx: a word and its phonemes a line. Stress (`AH0`) and
 * comments (`;;;`, `#`) are left out, further pronunciations (`A(2)`) as well.
 *
 * @param file its name, for messages
 * @throws if a line has no phonemes, or there is no word (file and line are named)
 */
export function parsePronunciations(file: string, lines: readonly string[]): Pronunciations {
  const words = new Map<string, string>();
  for (const [index, line] of lines.entries()) {
    const content = line.startsWith(';;;') ? '' : line.replace(/\s#.*$/u, '').trim();
    if (content === '') continue;
    const [word, ...phonemes] = content.split(/\s+/u) as [string, ...string[]];
    if (phonemes.length === 0) throw new Error(`${file}, line ${index + 1}: "${word}" has no phonemes.`);
    const plain = word.toUpperCase().replace(/\(\d+\)$/u, '');
    if (!words.has(plain)) words.set(plain, phonemes.map((phoneme) => phoneme.replace(/\d$/u, '')).join(' '));
  }
  if (words.size === 0) throw new Error(`${file}: no words in it.`);
  return new Pronunciations(words, file);
}
