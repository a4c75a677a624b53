import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withoutWords } from '../src/index.js';

describe('withoutWords', () => {
  test('leaves what is around the words as it was', () => {
    const words = ['Un', 'chien', 'court', '.'];
    expect(withoutWords('Un  chien court.', words, [1])).toBe('Un court.');
    expect(withoutWords('Un chien court.', words, [0, 3])).toBe('chien court');
    expect(withoutWords('Un chien court.', words, [])).toBe('Un chien court.');
  });

  test('strikes the occurrence that is meant, whatever the case of the words', () => {
    expect(withoutWords('A dog and A cat', ['a', 'dog', 'and', 'a', 'cat'], [3])).toBe('A dog and cat');
    expect(withoutWords('aa a', ['a', 'a', 'a'], [1])).toBe('a a');
  });

  test('joins the words that are left where they are not written as in the text', () => {
    expect(withoutWords('l’eau', ["l'", 'eau', 'froide'], [1])).toBe("l' froide");
  });

  test('is the words that are left, if all are apart', () => {
    const words = fc.array(fc.stringMatching(/^[a-zA-Zé.]{1,4}$/u), { maxLength: 8 });
    fc.assert(
      fc.property(words, fc.array(fc.nat(8)), (all, struck) => {
        const left = all.filter((_, i) => !struck.includes(i)).join(' ');
        expect(withoutWords(all.join(' '), all, struck)).toBe(left);
      }),
    );
  });
});
