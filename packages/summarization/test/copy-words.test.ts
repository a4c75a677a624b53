import { trainBpe } from '@heed/text';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { embeddable, encodeHeadline, encodeText, headlineTokens, joinTokens } from '../src/copy-words.js';
import { words } from './small-summarizer.js';

const { size, specials } = words.vocabulary;
const extended = { longest: 100, extend: true };

describe('an article of words', () => {
  test('each word that the vocabulary lacks has an id of its own after it', () => {
    const article = encodeText('Zamo of Lipu rises; zamo', words, extended);
    expect(article.unknown).toEqual(['▁zamo', '▁lipu', ';']);
    const [of, rises] = ['▁of', '▁rises'].map((token) => words.vocabulary.idOf(token));
    expect([...article.ids]).toEqual([size, of, size + 1, rises, size + 2, size]);
    expect([...embeddable(article.ids, words.vocabulary)]).toEqual([
      specials.unknown,
      of,
      specials.unknown,
      rises,
      specials.unknown,
      specials.unknown,
    ]);
  });

  test('its headline has the ids of its words, and other words stay unknown', () => {
    const article = encodeText('zamo of lipu', words, extended);
    const ids = encodeHeadline('Lipu profit of Tuvo', words, article);
    const [profit, of] = ['▁profit', '▁of'].map((token) => words.vocabulary.idOf(token));
    expect([...ids]).toEqual([size + 1, profit, of, specials.unknown]);
    expect(joinTokens(headlineTokens([...ids], words.vocabulary, article))).toBe('lipu profit of<unk>');
  });

  test('what is beyond its length is not read, and without extending all that is unknown is one', () => {
    const cut = encodeText('zamo of lipu', words, { longest: 2, extend: true });
    expect([cut.ids.length, cut.tokens, cut.unknown]).toEqual([2, ['▁zamo', '▁of'], ['▁zamo']]);
    const plain = encodeText('zamo of lipu', words, { longest: 100, extend: false });
    expect([...plain.ids]).toEqual(words.encode('zamo of lipu').ids);
    expect(plain.tokens).toEqual(['▁zamo', '▁of', '▁lipu']);
  });

  test('whatever it says, its own ids give back its text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const article = encodeText(text, words, { longest: 1000, extend: true });
        const tokens = headlineTokens([...article.ids], words.vocabulary, article);
        expect(joinTokens(tokens)).toBe(words.normalize(text));
      }),
    );
  });
});

test('an article of byte pairs has no words to add', () => {
  const pairs = trainBpe(['profit of the company rises'], { vocabularySize: 60 });
  const article = encodeText('the profit of Zürich', pairs, extended);
  expect([...article.ids]).toEqual(pairs.encode('the profit of Zürich').ids);
  expect(article.unknown).toEqual([]);
});
