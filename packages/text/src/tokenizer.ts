import { compileNormalizer, type NormalizerJson } from './normalizer.js';
import { compileSplit, metaspace, type PreTokenizerJson, spaceSign, splitWords } from './pre-tokenizer.js';
import type { ModelJson, TokenizerJson } from './tokenizer-json.js';
import { specialTokens, type Vocabulary } from './vocabulary.js';
import { WordCache } from './word-cache.js';

/** A text as tokens; the three lists have the same length. */
export interface Encoding {
  ids: number[];
  tokens: string[];
  /** For each token, the index of the white-space-separated word that it belongs to. */
  words: number[];
}

export interface Tokenizer {
  readonly vocabulary: Vocabulary;
  /** The text as the tokenizer sees it: what `decode` gives back when every character is known. */
  normalize(text: string): string;
  /** Adds no '<s>' and no '</s>'; their spelling in the text is ordinary text. */
  encode(text: string): Encoding;
  /**
   * Joins the tokens to text; special tokens, '<unk>' too, are left out.
   * @throws RangeError when an id is not in the vocabulary
   */
  decode(ids: Iterable<number>): string;
  /** The content of a `tokenizer.json` that Python's tokenizers reads. */
  toJSON(): TokenizerJson;
}

/** What all tokenizers share: normalize, split into words and pieces, look pieces up, join. */
export abstract class PipelineTokenizer implements Tokenizer {
  readonly normalize: (text: string) => string;
  /** Splits a word into the pieces that are encoded one by one. */
  protected readonly split: (word: string) => string[];
  private readonly words = new WordCache((word) =>
    this.split(word).flatMap((piece) => this.encodePiece(piece)),
  );

  constructor(
    readonly vocabulary: Vocabulary,
    private readonly normalizer: NormalizerJson | null,
    private readonly preTokenizer: PreTokenizerJson,
  ) {
    this.normalize = compileNormalizer(normalizer);
    this.split = compileSplit(preTokenizer);
  }

  protected abstract encodePiece(piece: string): number[];
  protected abstract model(): ModelJson;

  encode(text: string): Encoding {
    return this.encodeWords(text, (word) => this.words.get(word));
  }

  decode(ids: Iterable<number>): string {
    let text = '';
    let isFirst = true;
    for (const id of ids) {
      const token = this.vocabulary.tokenOf(id);
      if (this.vocabulary.isSpecial(id)) continue;
      text += token.replaceAll(spaceSign, isFirst ? '' : ' ');
      isFirst = false;
    }
    return text;
  }

  toJSON(): TokenizerJson {
    return {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: specialTokens.map((content, id) => ({
        id,
        content,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
      })),
      normalizer: this.normalizer,
      pre_tokenizer: this.preTokenizer,
      post_processor: null,
      decoder: metaspace,
      model: this.model(),
    };
  }

  protected encodeWords(text: string, encodeWord: (word: string) => readonly number[]): Encoding {
    const encoding: Encoding = { ids: [], tokens: [], words: [] };
    for (const [index, word] of splitWords(this.normalize(text)).entries()) {
      for (const id of encodeWord(word)) {
        encoding.ids.push(id);
        encoding.tokens.push(this.vocabulary.tokenOf(id));
        encoding.words.push(index);
      }
    }
    return encoding;
  }
}

/** Options that all training functions share. */
export interface NormalizationOptions {
  /** Train and encode in lower case. Default false. */
  lowercase?: boolean;
}

/** Counts the pieces of all texts, as the tokenizer that is trained on them will see them. */
export function countPieces(
  texts: Iterable<string>,
  normalizer: NormalizerJson,
  preTokenizer: PreTokenizerJson,
): Map<string, number> {
  const normalize = compileNormalizer(normalizer);
  const split = compileSplit(preTokenizer);
  const words = new Map<string, number>();
  for (const text of texts) {
    for (const word of splitWords(normalize(text))) words.set(word, (words.get(word) ?? 0) + 1);
  }
  const pieces = new Map<string, number>();
  for (const [word, count] of words) {
    for (const piece of split(word)) pieces.set(piece, (pieces.get(piece) ?? 0) + count);
  }
  return pieces;
}
