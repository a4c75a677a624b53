import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokenizePtb } from '../src/index.js';
import { golden } from './caption-golden.js';

describe('tokenizePtb', () => {
  it.each(golden.tokens)('cuts $caption as the Stanford tokenizer does', ({ caption, tokens }) => {
    expect(tokenizePtb(caption).join(' ')).toBe(tokens);
  });

  it('takes words for words that every JavaScript object has a property of', () => {
    expect(tokenizePtb('The constructor (__proto__)')).toEqual([
      'the',
      'constructor',
      '-lrb-',
      '__proto__',
      '-rrb-',
    ]);
  });

  it('changes nothing in what it has cut, if it is plain words', () => {
    const word = fc.constantFrom('A', 'dog', "man's", 'black-and-white', "isn't", 'Runs', '5', 'cannot');
    fc.assert(
      fc.property(fc.array(word), (words) => {
        const tokens = tokenizePtb(words.join(' '));
        expect(tokenizePtb(tokens.join(' '))).toEqual(tokens);
      }),
    );
  });
});
