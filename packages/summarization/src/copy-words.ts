import { readableTokens, spaceSign, type Tokenizer, type Vocabulary, WordLevelTokenizer } from '@heed/text';

/** An article as token ids, and the words that its ids go on with after the vocabulary's. */
export interface EncodedText {
  readonly ids: Int32Array;
  /** As they are shown: the words themselves where a tokenizer of words does not know them. */
  readonly tokens: readonly string[];
  /** Words that the vocabulary of V tokens lacks, by their ids V, V + 1, … (See et al. 2017, section 2.2). */
  readonly unknown: readonly string[];
}

/**
 * @param longest what is beyond so many tokens is left away
 * @param extend whether words that a vocabulary of words lacks get ids of their own, or are the unknown one
 */
export function encodeText(
  text: string,
  tokenizer: Tokenizer,
  { longest, extend }: { longest: number; extend: boolean },
): EncodedText {
  const ids = Int32Array.from(tokenizer.encode(text).ids.slice(0, longest));
  const tokens = readableTokens(text, tokenizer).slice(0, longest);
  if (!extend || !(tokenizer instanceof WordLevelTokenizer)) return { ids, tokens, unknown: [] };
  const { size, specials } = tokenizer.vocabulary;
  const numbers = new Map<string, number>();
  for (const [place, token] of tokens.entries()) {
    if (ids[place] !== specials.unknown) continue;
    const number = numbers.get(token) ?? numbers.size;
    numbers.set(token, number);
    ids[place] = size + number;
  }
  return { ids, tokens, unknown: [...numbers.keys()] };
}

/** A headline's ids, in which words that only its article has are the article's. */
export function encodeHeadline(text: string, tokenizer: Tokenizer, { unknown }: EncodedText): Int32Array {
  const { ids } = tokenizer.encode(text);
  const tokens = readableTokens(text, tokenizer);
  const { vocabulary } = tokenizer;
  return Int32Array.from(ids, (id, place) => {
    const number = id === vocabulary.specials.unknown ? unknown.indexOf(tokens[place] as string) : -1;
    return number < 0 ? id : vocabulary.size + number;
  });
}

/** Ids with unknown in the place of those beyond the vocabulary: what a network can embed. */
export const embeddable = (ids: Int32Array, { size, specials }: Vocabulary): Int32Array =>
  ids.map((id) => (id < size ? id : specials.unknown));

/** The tokens of a headline that was found, copied words among them. */
export const headlineTokens = (
  ids: readonly number[],
  vocabulary: Vocabulary,
  { unknown }: EncodedText,
): string[] =>
  ids.flatMap((id) =>
    id < vocabulary.size ? vocabulary.tokenOf(id) : (unknown[id - vocabulary.size] ?? []),
  );

/** Tokens as text, as a tokenizer's `decode` joins them. */
export const joinTokens = (tokens: readonly string[]): string =>
  tokens.join('').replaceAll(spaceSign, ' ').trim();
