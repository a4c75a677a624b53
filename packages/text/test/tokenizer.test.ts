import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Tokenizer,
  tokenizerFromJson,
  trainBpe,
  trainCharacterTokenizer,
  trainWordTokenizer,
} from '../src/index.js';
import { corpus, readGolden } from './golden.js';

interface Golden {
  encodings: { text: string; ids: number[]; tokens: string[]; decoded: string }[];
  long: { length: number; checksum: number };
}

const kinds: [string, () => Tokenizer][] = [
  ['bpe', () => trainBpe(corpus, { vocabularySize: 400 })],
  ['bpe-lowercase', () => trainBpe(corpus, { vocabularySize: 300, minimumFrequency: 3, lowercase: true })],
  ['word', () => trainWordTokenizer(corpus, { vocabularySize: 150 })],
  ['character', () => trainCharacterTokenizer(corpus, { vocabularySize: 60 })],
];

const longText = Array.from({ length: 40 }, () => corpus.join(' '))
  .join(' ')
  .slice(0, 60_000);

describe.each(kinds)('%s tokenizer', (kind, train) => {
  const file = readGolden<unknown>(`${kind}.tokenizer.json`);
  const golden = readGolden<Golden>(`${kind}.encodings.json`);
  const tokenizer = tokenizerFromJson(file, kind);

  it('is trained to the very file that Python writes', () => {
    expect(JSON.parse(JSON.stringify(train()))).toEqual(file);
  });

  it.each(golden.encodings)('encodes and decodes $text as Python does', ({ text, ids, tokens, decoded }) => {
    const encoding = tokenizer.encode(text);
    expect(encoding.tokens).toEqual(tokens);
    expect(encoding.ids).toEqual(ids);
    expect(tokenizer.decode(ids)).toBe(decoded);
  });

  it('encodes ten thousand words as Python does', () => {
    const { ids, words } = tokenizer.encode(longText);
    expect(ids.length).toBe(golden.long.length);
    expect(ids.reduce((sum, id) => (sum * 31 + id) % 1_000_003, 0)).toBe(golden.long.checksum);
    expect(words.at(-1)).toBeGreaterThan(10_000);
  });

  it('is the same after it was saved and loaded', () => {
    const again = tokenizerFromJson(JSON.parse(JSON.stringify(tokenizer)));
    expect(again.toJSON()).toEqual(tokenizer.toJSON());
    expect(again.encode(longText)).toEqual(tokenizer.encode(longText));
  });

  it('encodes any text to ids in range, with rising words', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), surrogates),
        (text) => {
          const { ids, tokens, words } = tokenizer.encode(text);
          expect(tokens).toEqual(ids.map((id) => tokenizer.vocabulary.tokenOf(id)));
          expect(words.length).toBe(ids.length);
          expect(ids.every((id) => id === 1 || id > 3)).toBe(true);
          const found = tokenizer.normalize(text).split(' ').filter(Boolean);
          expect([...new Set(words)]).toEqual(found.map((_, index) => index));
          expect(words).toEqual(words.toSorted((a, b) => a - b));
        },
      ),
    );
  });

  it('decodes to the normalized text where every token is known', () => {
    fc.assert(
      fc.property(knownText, (text) => {
        const { ids, tokens } = tokenizer.encode(text);
        fc.pre(!ids.includes(tokenizer.vocabulary.specials.unknown));
        expect(tokenizer.decode(ids)).toBe(tokenizer.normalize(text));
        expect(tokens.join('')).toBe(
          text.trim() === '' ? '' : `▁${tokenizer.normalize(text).replaceAll(' ', '▁')}`,
        );
      }),
      { numRuns: 500 },
    );
  });

  it('leaves special tokens out of the text and refuses unknown ids by their number', () => {
    const { ids } = tokenizer.encode('dog');
    expect(tokenizer.decode([2, ...ids, 1, 3, 0, 0])).toBe(tokenizer.decode(ids));
    expect(() => tokenizer.decode([tokenizer.vocabulary.size])).toThrow(
      new RegExp(`token id ${tokenizer.vocabulary.size} is not in the vocabulary`),
    );
    expect(() => tokenizer.decode([-1])).toThrow(RangeError);
    expect(() => tokenizer.decode([0.5])).toThrow(RangeError);
  });
});

const surrogates = fc
  .array(fc.integer({ min: 0xd7f0, max: 0xe010 }))
  .map((codes) => String.fromCharCode(...codes));

const knownText = fc
  .array(
    fc.oneof(
      fc.constantFrom(...corpus.flatMap((line) => line.split(' '))),
      fc.constantFrom('dog', 'the', ',', '.', "l'", ' ', '\u00a0', '\t', '’', 'e\u0301', 'a', 'e', 't'),
    ),
  )
  .chain((parts) => fc.constantFrom(' ', '').map((separator) => parts.join(separator)));

describe('encoding', () => {
  const tokenizer = trainBpe(corpus, { vocabularySize: 400 });

  it('takes lone surrogates for unknown characters', () => {
    expect(tokenizer.encode('a \ud800 b').tokens).toEqual(['▁a', '▁', '<unk>', '▁b']);
    expect(tokenizer.encode('\udc00\ud800').tokens).toEqual(['▁', '<unk>', '<unk>']);
  });

  it('counts words by white space', () => {
    const { tokens, words } = tokenizer.encode("L'homme,\u00a0 le 25.");
    expect(tokens.join(' ')).toBe("▁L ' h omme , ▁le ▁2 5 .");
    expect(words).toEqual([0, 0, 0, 0, 0, 1, 2, 2, 2]);
  });

  it('takes the spelling of a special token for text', () => {
    expect(tokenizer.encode('<pad></s>').ids.every((id) => id > 3 || id === 1)).toBe(true);
  });

  it('copes with a word of a hundred thousand letters', () => {
    const { ids, words } = tokenizer.encode('the'.repeat(33_333));
    expect(new Set(words)).toEqual(new Set([0]));
    expect(tokenizer.decode(ids)).toBe('the'.repeat(33_333));
  });
});
