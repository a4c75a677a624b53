import { describe, expect, it } from 'vitest';
import { specialTokens, Vocabulary } from '../src/index.js';

describe('Vocabulary', () => {
  const vocabulary = new Vocabulary([...specialTokens, 'chien', 'dog', 'constructor']);

  it('gives ids and tokens', () => {
    expect(vocabulary.size).toBe(7);
    expect(vocabulary.idOf('dog')).toBe(5);
    expect(vocabulary.tokenOf(5)).toBe('dog');
    expect(vocabulary.has('dog')).toBe(true);
    expect(vocabulary.has('toString')).toBe(false);
    expect(vocabulary.idOf('toString')).toBe(vocabulary.specials.unknown);
    expect(vocabulary.specials).toEqual({ padding: 0, unknown: 1, begin: 2, end: 3 });
    expect([0, 3, 4].map((id) => vocabulary.isSpecial(id))).toEqual([true, true, false]);
  });

  it.each([7, -1, 1.5, Number.NaN])('has no token %d and says so', (id) => {
    expect(() => vocabulary.tokenOf(id)).toThrow(RangeError);
    expect(() => vocabulary.tokenOf(id)).toThrow(`token id ${id} is not in the vocabulary: expected 0 to 6`);
  });

  it('starts with the special tokens and has no token twice', () => {
    expect(() => new Vocabulary(['<pad>', 'dog'])).toThrow(/token 1 is "dog": .*<pad> <unk> <s> <\/s>/);
    expect(() => new Vocabulary([...specialTokens, 'dog', 'dog'])).toThrow('"dog" has two ids, 4 and 5');
  });
});
