import { describe, expect, it } from 'vitest';
import { type BpeTokenizer, trainBpe } from '../src/index.js';
import { corpus } from './golden.js';

function merges(tokenizer: BpeTokenizer): string[] {
  const { model } = tokenizer.toJSON();
  return model.type === 'BPE' ? model.merges.map((merge) => merge.join(' ')) : [];
}

describe('trainBpe', () => {
  it('joins the most frequent pair first, of equal ones that with the lower ids', () => {
    const tokenizer = trainBpe(['cd cd ab ab ab ba ba'], { vocabularySize: 20 });
    // ▁b and ba have the same count: a is 4, b 5, c 6, d 7, ▁ 8.
    expect(tokenizer.vocabulary.tokens.slice(4, 9)).toEqual(['a', 'b', 'c', 'd', '▁']);
    expect(merges(tokenizer)).toEqual(['a b', '▁ ab', 'b a', 'c d', '▁ ba', '▁ cd']);
  });

  it('stops at the size, or when no pair is frequent enough', () => {
    expect(trainBpe(corpus, { vocabularySize: 123 }).vocabulary.size).toBe(123);
    expect(merges(trainBpe(['ab cd'], { vocabularySize: 100 }))).toEqual([]);
    expect(merges(trainBpe(['ab cd'], { vocabularySize: 100, minimumFrequency: 1 }))).toEqual([
      'a b',
      'c d',
      '▁ ab',
      '▁ cd',
    ]);
  });

  it('never joins across a space, a punctuation mark, a digit or an elision', () => {
    const text = "l'eau 1,25 (x) man's a-b ".repeat(50);
    const { tokens } = trainBpe([text], { vocabularySize: 1000 }).vocabulary;
    expect(tokens.slice(4).toSorted()).toEqual(
      [
        "'",
        "'s",
        '(',
        ')',
        ',',
        '-',
        '1',
        '2',
        '5',
        'a',
        'au',
        'b',
        'e',
        'eau',
        'l',
        "l'",
        'm',
        'ma',
        'man',
        'n',
      ]
        .concat(['s', 'u', 'x', '▁', '▁(', '▁1', '▁a', "▁l'", '▁man', '▁l', '▁m', '▁ma', 'an', 'ea'])
        .filter((token) => tokens.includes(token))
        .toSorted(),
    );
    for (const word of ["▁l'", 'eau', '▁man', "'s", '▁1', '▁(']) expect(tokens).toContain(word);
  });

  it('keeps the most frequent characters, of equal ones those with the lower code points', () => {
    const tokenizer = trainBpe(['aab bc d'], { vocabularySize: 50, alphabetSize: 4 });
    expect(tokenizer.vocabulary.tokens.slice(4, 8)).toEqual(['a', 'b', 'c', '▁']);
    expect(tokenizer.encode('d').tokens).toEqual(['▁', '<unk>']);
  });

  it('needs room for the characters', () => {
    expect(() => trainBpe(corpus, { vocabularySize: 20 })).toThrow(/vocabularySize is 20: .* alone are \d+/);
    expect(() => trainBpe(corpus, { vocabularySize: Number.NaN })).toThrow(RangeError);
  });

  it('makes a vocabulary of the special tokens of nothing', () => {
    const tokenizer = trainBpe([], { vocabularySize: 10 });
    expect(tokenizer.vocabulary.tokens).toEqual(['<pad>', '<unk>', '<s>', '</s>']);
    expect(tokenizer.encode('dog!').tokens).toEqual(['<unk>', '<unk>']);
  });
});
