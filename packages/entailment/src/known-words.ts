import { spaceSign, type Tokenizer, tokenizerFromJson, Vocabulary } from '@heed/text';
import type { EntailmentConfig } from './config.js';

/** Vectors of words, as a file of them has them. */
export interface WordVectors {
  readonly width: number;
  /** In the order of the file. */
  readonly vectors: ReadonlyMap<string, Float32Array>;
}

/** What a training begins with, where it is given vectors of words. */
export interface KnownWords {
  readonly config: EntailmentConfig;
  readonly tokenizer: Tokenizer;
  /** Of the vocabulary's last words, in the order of their ids, [known, width] row by row. */
  readonly values: Float32Array;
}

/** A word as a file of vectors has it. */
export const plainWord = (token: string): string => token.replace(spaceSign, '');

/** What a tokenizer may give of a text that has other words than those it was trained on. */
const isWord = (word: string) => /^[\p{L}\p{M}]+$/u.test(word);

/**
 * Sets the words whose vectors are known apart from those that have to learn theirs: they become the vocabulary's last,
 * and as many of the vectors' first words as there is room for join them, so that words which no pair of the training
 * has can be understood.
 *
 * @param tokenizer of words, trained on the pairs
 * @throws if it is not one of words, or not one of its words has a vector
 */
export function withKnownWords(
  config: EntailmentConfig,
  tokenizer: Tokenizer,
  { width, vectors }: WordVectors,
): KnownWords {
  if (config.tokenizer.kind !== 'word')
    throw new Error(
      `word vectors need a tokenizer of words: give tokenizer.kind "word", not "${config.tokenizer.kind}"`,
    );
  const vectorOf = (token: string) => vectors.get(plainWord(token));
  const { tokens } = tokenizer.vocabulary;
  const others = tokens.filter((token, id) => tokenizer.vocabulary.isSpecial(id) || !vectorOf(token));
  const known = tokens.filter((token, id) => !tokenizer.vocabulary.isSpecial(id) && vectorOf(token));
  if (known.length === 0)
    throw new Error(
      'word vectors: not one word of the training pairs has a vector. Is the file one of words?',
    );
  const room = config.tokenizer.vocabularySize - tokens.length;
  const further = [...vectors.keys()]
    .filter((word) => isWord(word) && !tokenizer.vocabulary.has(`${spaceSign}${word}`))
    .slice(0, Math.max(0, room))
    .map((word) => `${spaceSign}${word}`);
  const last = [...known, ...further];
  const values = new Float32Array(last.length * width);
  for (const [row, token] of last.entries()) values.set(vectorOf(token) as Float32Array, row * width);
  const embedding = { ...config.network.embedding, width, known: last.length };
  return {
    config: { ...config, network: { ...config.network, embedding } },
    tokenizer: withVocabulary(tokenizer, [...others, ...last]),
    values,
  };
}

/** The same tokenizer of words with other words. */
function withVocabulary(tokenizer: Tokenizer, tokens: readonly string[]): Tokenizer {
  const json = tokenizer.toJSON();
  const vocab = Object.fromEntries(new Vocabulary(tokens).tokens.map((token, id) => [token, id]));
  return tokenizerFromJson({ ...json, model: { ...json.model, vocab } }, 'the vocabulary');
}
