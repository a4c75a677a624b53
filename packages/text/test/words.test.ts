import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupWords, trainBpe, trainCharacterTokenizer, trainWordTokenizer } from '../src/index.js';
import { corpus } from './golden.js';

describe('groupWords', () => {
  const tokenizer = trainBpe(corpus, { vocabularySize: 400 });
  const texts = (tokens: string[]) => groupWords(tokens).map((group) => group.text);

  it.each([
    ["Aujourd'hui, l'homme n'a pas dit « don't ».", "Aujourd' hui , l' homme n' a pas dit « don 't » ."],
    ["The dog's 25 years old (2012)!", "The dog 's 25 years old ( 2012 ) !"],
    ['', ''],
  ])('shows %j as %j, of whichever tokens', (text, expected) => {
    for (const other of [
      tokenizer,
      trainCharacterTokenizer(corpus),
      trainWordTokenizer([text], { vocabularySize: 50 }),
    ]) {
      expect(texts(other.encode(text).tokens).join(' ')).toBe(expected);
    }
  });

  it('gives the tokens of each word', () => {
    expect(groupWords(['▁ch', 'ien', "▁l'", 'eau', '▁', '(', '</s>'])).toEqual([
      { text: 'chien', tokens: [0, 1] },
      { text: "l'", tokens: [2] },
      { text: 'eau', tokens: [3] },
      { text: '(', tokens: [4, 5] },
      { text: '</s>', tokens: [6] },
    ]);
  });

  it('shows special tokens by themselves, an unknown one with its space sign', () => {
    expect(groupWords(['<s>', '▁dog', '▁', '<unk>', '▁a', '</s>', '<pad>', '<pad>'])).toEqual([
      { text: '<s>', tokens: [0] },
      { text: 'dog', tokens: [1] },
      { text: '<unk>', tokens: [2, 3] },
      { text: 'a', tokens: [4] },
      { text: '</s>', tokens: [5] },
      { text: '<pad>', tokens: [6] },
      { text: '<pad>', tokens: [7] },
    ]);
  });

  it('shows a lone space sign, which a model may generate', () => {
    expect(texts(['▁', '▁dog', '▁'])).toEqual(['▁', 'dog', '▁']);
  });

  it('puts any generated token in exactly one group, in order', () => {
    const { vocabulary } = tokenizer;
    fc.assert(
      fc.property(fc.array(fc.nat({ max: vocabulary.size - 1 })), (ids) => {
        const groups = groupWords(ids.map((id) => vocabulary.tokenOf(id)));
        expect(groups.flatMap((group) => group.tokens)).toEqual(ids.map((_, index) => index));
        expect(groups.every((group) => group.text.length > 0)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
