import { defaultNormalizer, type NormalizerJson } from './normalizer.js';
import { type PreTokenizerJson, preTokenizer, type splitExpressions, splitWords } from './pre-tokenizer.js';
import { countPieces, type NormalizationOptions, PipelineTokenizer } from './tokenizer.js';
import type { ModelJson } from './tokenizer-json.js';
import { specialTokens, Vocabulary } from './vocabulary.js';

/** Every piece is a token: a word, or, with the split for characters, a character. */
export class WordLevelTokenizer extends PipelineTokenizer {
  /** The pieces that `encode` looks up, one a token, be they known or not. */
  pieces(text: string): string[] {
    return splitWords(this.normalize(text)).flatMap(this.split);
  }

  protected override encodePiece(piece: string): number[] {
    return [this.vocabulary.idOf(piece)];
  }

  protected override model(): ModelJson {
    return {
      type: 'WordLevel',
      vocab: Object.fromEntries(this.vocabulary.tokens.map((token, id) => [token, id])),
      unk_token: '<unk>',
    };
  }
}

/**
 * The most frequent words and punctuation marks; the rest becomes '<unk>'. A token starts with ▁ where the text
 * has a space, so that `decode` puts back exactly the spaces that were there.
 *
 * @param options.vocabularySize number of tokens, special ones included
 * @throws RangeError when the vocabulary has no room for a word
 */
export function trainWordTokenizer(
  texts: Iterable<string>,
  options: NormalizationOptions & { vocabularySize: number },
): WordLevelTokenizer {
  return train('words', texts, options.vocabularySize, options);
}

/**
 * Every character is a token, a space is ▁; the most frequent ones, the rest becomes '<unk>'.
 *
 * @param options.vocabularySize number of tokens, special ones included. Default: all characters
 * @throws RangeError when the vocabulary has no room for a character
 */
export function trainCharacterTokenizer(
  texts: Iterable<string>,
  options: NormalizationOptions & { vocabularySize?: number } = {},
): WordLevelTokenizer {
  return train('characters', texts, options.vocabularySize ?? Number.POSITIVE_INFINITY, options);
}

function train(
  kind: keyof typeof splitExpressions,
  texts: Iterable<string>,
  vocabularySize: number,
  options: NormalizationOptions,
): WordLevelTokenizer {
  if (!(vocabularySize > specialTokens.length)) {
    throw new RangeError(
      `vocabularySize is ${vocabularySize}: expected more than the ${specialTokens.length} special tokens`,
    );
  }
  const normalizer: NormalizerJson = defaultNormalizer(options);
  const split: PreTokenizerJson = preTokenizer(kind);
  const frequent = [...countPieces(texts, normalizer, split)]
    .sort(([a, countA], [b, countB]) => countB - countA || compareCodePoints(a, b))
    .map(([piece]) => piece);
  const tokens = [...specialTokens, ...frequent].slice(0, vocabularySize);
  return new WordLevelTokenizer(new Vocabulary(tokens), normalizer, split);
}

/** The order of the strings' UTF-8 bytes, which Python's tokenizers goes by; `<` would compare UTF-16. */
function compareCodePoints(a: string, b: string): number {
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  return (a.codePointAt(i) ?? -1) - (b.codePointAt(i) ?? -1);
}
