import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trainCharacterTokenizer, trainWordTokenizer } from '../src/index.js';

describe('trainWordTokenizer', () => {
  it('keeps the most frequent words, of equal ones those first in code-point order', () => {
    const tokenizer = trainWordTokenizer(['b a. \u{1f600} \uffe5 c, c'], { vocabularySize: 10 });
    expect(tokenizer.vocabulary.tokens.slice(4)).toEqual(['▁c', ',', '.', '▁a', '▁b', '▁\uffe5']);
  });

  it('keeps numbers whole and splits at punctuation, elisions and clitics', () => {
    const text = "L'an 2012, don't!";
    expect(trainWordTokenizer([text], { vocabularySize: 50 }).encode(text).tokens).toEqual([
      "▁L'",
      'an',
      '▁2012',
      ',',
      '▁don',
      "'t",
      '!',
    ]);
  });

  it('gives one unknown token a word', () => {
    const tokenizer = trainWordTokenizer(['a dog'], { vocabularySize: 50 });
    expect(tokenizer.encode('a zebra, a dog').tokens).toEqual(['▁a', '<unk>', '<unk>', '▁a', '▁dog']);
  });

  it('tells the pieces themselves, one a token, be they known or not', () => {
    const tokenizer = trainWordTokenizer(['a dog'], { vocabularySize: 50, lowercase: true });
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const ids = tokenizer.pieces(text).map((piece) => tokenizer.vocabulary.idOf(piece));
        expect(ids).toEqual(tokenizer.encode(text).ids);
      }),
    );
    expect(tokenizer.pieces('A Zebra, a dog')).toEqual(['▁a', '▁zebra', ',', '▁a', '▁dog']);
  });

  it.each([0, 4, Number.NaN])('refuses a vocabulary of %d', (vocabularySize) => {
    expect(() => trainWordTokenizer(['a'], { vocabularySize })).toThrow(/vocabularySize is .*special tokens/);
  });
});

describe('trainCharacterTokenizer', () => {
  it('has every character as a token, spaces as ▁, and unknown ones one by one', () => {
    const tokenizer = trainCharacterTokenizer(['a été \u{1f600}']);
    expect(tokenizer.encode('ta xx\u{1f600}').tokens).toEqual([
      '▁',
      't',
      'a',
      '▁',
      '<unk>',
      '<unk>',
      '\u{1f600}',
    ]);
    expect(tokenizer.vocabulary.size).toBe(4 + 5);
  });
});
