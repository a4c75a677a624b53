import { tokenizePtb } from './ptb-tokenizer.js';
import { splitWords } from './whitespace.js';

export interface CaptionOptions {
  /**
   * `ptb` (default): lower-cased Penn Treebank tokens without punctuation, as pycocoevalcap makes them; `none` for
   * text that is already tokenised, its tokens separated by spaces.
   */
  tokenize?: 'ptb' | 'none';
}

export function captionTokens(caption: string, { tokenize = 'ptb' }: CaptionOptions): string[] {
  return tokenize === 'ptb' ? tokenizePtb(caption) : splitWords(caption);
}

export function captionSignature({ tokenize = 'ptb' }: CaptionOptions) {
  return tokenize === 'ptb' ? { case: 'lc', tok: 'ptb' } : { case: 'mixed', tok: 'none' };
}
