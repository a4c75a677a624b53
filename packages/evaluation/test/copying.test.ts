import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longestCopiedRun, measureCopying } from '../src/index.js';

describe('measureCopying', () => {
  it('counts n-grams that stand in the source, and runs', () => {
    const copying = measureCopying(
      ['Bank cuts rates again', 'rates fall'],
      ['The central bank cuts rates. Again.', 'Falling rates'],
    );
    // 4 of 4 and 1 of 2 words, 3 of 3 and 0 of 1 pairs, then the first headline alone.
    expect(copying.overlap).toEqual([500 / 6, 75, 100, 100]);
    expect(copying).toMatchObject({ meanRun: 2.5, longestRun: 4, whole: 50 });
    expect(copying.signature).toMatch(/^case:lc\|tok:rouge\|stem:no\|version:heed-/u);
  });

  it('finds what is cut out of its source to be copied whole', () => {
    const word = fc.constantFrom('a', 'b', 'c', 'd');
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), fc.nat(), fc.nat(), (words, x, y) => {
        const [start, end] = [x % words.length, y % words.length].sort((a, b) => a - b);
        const piece = words.slice(start, end! + 1);
        const { overlap, whole, longestRun } = measureCopying([piece.join(' ')], [words.join(' ')]);
        expect(overlap[0]).toBe(100);
        expect(whole).toBe(100);
        expect(longestRun).toBe(piece.length);
      }),
    );
  });

  it('is 0 of empty texts', () => {
    expect(measureCopying([''], [''])).toMatchObject({ overlap: [0, 0, 0, 0], meanRun: 0, whole: 0 });
  });

  it('refuses an empty corpus and a missing source', () => {
    expect(() => measureCopying([], [])).toThrow('Copying of an empty corpus');
    expect(() => measureCopying(['a'], [])).toThrow('There are 0 sources but 1 hypotheses');
  });
});

describe('longestCopiedRun', () => {
  it('says where the run stands on both sides', () => {
    expect(longestCopiedRun('Stocks fall as bank cuts rates', 'A bank cuts rates; stocks fall')).toEqual({
      tokens: ['bank', 'cuts', 'rates'],
      start: 3,
      sourceStart: 1,
    });
  });
});
