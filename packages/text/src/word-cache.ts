/** Words longer than this, or more than this many words, are not kept. */
const longestWord = 64;
const mostWords = 100_000;

/** What was computed for a word, so that a frequent word is computed once. */
export class WordCache<T> {
  private readonly values = new Map<string, T>();

  constructor(private readonly compute: (word: string) => T) {}

  get(word: string): T {
    const known = this.values.get(word);
    if (known !== undefined) return known;
    const value = this.compute(word);
    if (word.length <= longestWord) {
      if (this.values.size >= mostWords) this.values.clear();
      this.values.set(word, value);
    }
    return value;
  }
}
