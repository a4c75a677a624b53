import { trainBpe } from './bpe-training.js';
import type { NormalizationOptions, Tokenizer } from './tokenizer.js';
import { trainCharacterTokenizer, trainWordTokenizer } from './word-level.js';

export interface TokenizerOptions extends NormalizationOptions {
  readonly kind: 'bpe' | 'word' | 'character';
  /** Number of tokens, special ones included. */
  readonly vocabularySize: number;
}

/** Rarer characters become unknown: they are typing errors and other scripts, and would crowd the vocabulary. */
const BPE_ALPHABET = 150;

/** Learns a tokenizer of a kind that is chosen by name, as a configuration does. */
export function trainTokenizer(texts: Iterable<string>, options: TokenizerOptions): Tokenizer {
  const { kind, vocabularySize } = options;
  switch (kind) {
    case 'bpe':
      return trainBpe(texts, {
        ...options,
        alphabetSize: Math.min(BPE_ALPHABET, Math.floor(vocabularySize / 2)),
      });
    case 'word':
      return trainWordTokenizer(texts, options);
    case 'character':
      return trainCharacterTokenizer(texts, options);
  }
}
