import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BpeTokenizer, trainBpe, Vocabulary } from '../src/index.js';
import { defaultNormalizer } from '../src/normalizer.js';
import { preTokenizer } from '../src/pre-tokenizer.js';
import { corpus } from './golden.js';

function bpe(tokens: string[], merges: [string, string][]): BpeTokenizer {
  const vocabulary = new Vocabulary(['<pad>', '<unk>', '<s>', '</s>', ...tokens]);
  return new BpeTokenizer(vocabulary, merges, defaultNormalizer(), preTokenizer('subwords'));
}

/** Small and seeded (mulberry32): the test's own. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('merges', () => {
  const letters = ['▁', 'a', 'b', 'c', 'ab', 'bc', 'abc', 'aa'];

  it('are applied by rank, not by place', () => {
    const merges: [string, string][] = [
      ['b', 'c'],
      ['a', 'b'],
    ];
    expect(bpe(letters, merges).encode('abc').tokens).toEqual(['▁', 'a', 'bc']);
    expect(bpe(letters, merges.toReversed()).encode('abc').tokens).toEqual(['▁', 'ab', 'c']);
  });

  it('of one rank are applied from the left', () => {
    expect(bpe(letters, [['a', 'a']]).encode('aaaaa').tokens).toEqual(['▁', 'aa', 'aa', 'a']);
  });

  it('equal the definition: the pair of lowest rank again and again', () => {
    const tokenizer = trainBpe(corpus, { vocabularySize: 400 });
    const json = tokenizer.toJSON();
    if (json.model.type !== 'BPE') throw new Error('expected BPE');
    const ranks = new Map(json.model.merges.map((merge, rank) => [merge.join(' '), rank]));
    const reference = (word: string) => {
      const tokens = [...word];
      for (;;) {
        const rankAt = (i: number) => ranks.get(`${tokens[i]} ${tokens[i + 1]}`) ?? Number.POSITIVE_INFINITY;
        const best = Math.min(...tokens.map((_, i) => rankAt(i)));
        if (best === Number.POSITIVE_INFINITY) return tokens;
        const at = tokens.findIndex((_, i) => rankAt(i) === best);
        tokens.splice(at, 2, tokens[at]! + tokens[at + 1]!);
      }
    };
    const word = fc.string({ unit: fc.constantFrom(...'aehinorst'), minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(word, (text) => {
        expect(tokenizer.encode(text).tokens).toEqual(reference(`▁${text}`));
      }),
    );
  });

  it('must be of tokens in the vocabulary, each once', () => {
    expect(() => bpe(['a', 'b'], [['a', 'b']])).toThrow('merge 0, ["a","b"]: "ab" is not in the vocabulary');
    expect(() => bpe(['a', 'b', 'bz'], [['b', 'z']])).toThrow('"z" is not in the vocabulary');
    const twice: [string, string][] = [
      ['a', 'b'],
      ['a', 'b'],
    ];
    expect(() => bpe(['a', 'b', 'ab'], twice)).toThrow('merge 1, ["a","b"]: it is in the list twice');
  });

  it('make one unknown token of unknown characters in a row, within a piece', () => {
    expect(bpe(letters, []).encode('xyaxx. xb').tokens).toEqual([
      '▁',
      '<unk>',
      'a',
      '<unk>',
      '<unk>',
      '▁',
      '<unk>',
      'b',
    ]);
  });
});

describe('BPE-dropout', () => {
  const tokenizer = trainBpe(corpus, { vocabularySize: 400 });
  const text = 'The children are walking in the rain.';

  it('is the plain encoding at 0 and characters at 1', () => {
    const random = seeded(1);
    expect(tokenizer.encode(text, { dropout: 0, random })).toEqual(tokenizer.encode(text));
    expect(tokenizer.encode(text, { dropout: 1, random }).tokens.join(' ')).toBe(
      [...`▁${text.replaceAll(' ', '▁')}`].join(' '),
    );
  });

  it('drops each merge with the given probability', () => {
    const one = bpe(['▁', 'a', 'b', 'ab'], [['a', 'b']]);
    const random = seeded(2);
    let merged = 0;
    for (let i = 0; i < 10_000; i++) {
      if (one.encode('ab', { dropout: 0.3, random }).tokens.length === 2) merged++;
    }
    // 7,000 expected, standard deviation 46.
    expect(merged).toBeGreaterThan(6_800);
    expect(merged).toBeLessThan(7_200);
  });

  it('tries a dropped merge again after another merge', () => {
    const draws = [0, 1, 1];
    const two = bpe(
      ['▁', 'a', 'b', 'c', 'ab', '▁c'],
      [
        ['a', 'b'],
        ['▁', 'c'],
      ],
    );
    expect(two.encode('cab', { dropout: 0.5, random: () => draws.shift()! }).tokens).toEqual(['▁c', 'ab']);
    expect(draws).toEqual([]);
  });

  it('changes neither the text nor the words, and repeats with the same random numbers', () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0, max: 1, noNaN: true }), (seed, dropout) => {
        const encoding = tokenizer.encode(text, { dropout, random: seeded(seed) });
        expect(tokenizer.decode(encoding.ids)).toBe(text);
        expect(new Set(encoding.words).size).toBe(7);
        expect(tokenizer.encode(text, { dropout, random: seeded(seed) })).toEqual(encoding);
      }),
    );
    expect(tokenizer.encode(text)).toEqual(tokenizer.encode(text, { dropout: 0, random: seeded(1) }));
  });

  it.each([-0.1, 1.1, Number.NaN])('refuses a dropout of %d', (dropout) => {
    expect(() => tokenizer.encode(text, { dropout, random: Math.random })).toThrow(/dropout is .*0 to 1/);
  });
});
