import type { Tokenizer } from './tokenizer.js';
import { WordLevelTokenizer } from './word-level.js';

/** The tokens of a text as people are to read them: what a tokenizer of words does not know is the word itself, not `<unk>`. */
export function readableTokens(text: string, tokenizer: Tokenizer): string[] {
  return tokenizer instanceof WordLevelTokenizer ? tokenizer.pieces(text) : tokenizer.encode(text).tokens;
}
